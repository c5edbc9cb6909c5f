/**
 * Quotes what a host said instead of running a script, for the message to the person. A message goes into the journal, and
 * some hosts send back what they are sent: whatever may be a secret, or part of one, or spaced in another way, is left out
 * altogether. Masking comes too late, for it knows a secret only as it was given. Pure.
 */

const MOST = 300
/** So many characters in a row that are a secret's as well are taken for a part of it. */
const TELLING = 6
/** What the start program is given begins so (start-program.ts). */
const OF_OURS = /\bhp_[a-z]+\d*=/

/**
 * @param nonce of the attempt: who repeats it repeats our input
 * @returns ` It said: “…”`, or that it is left out; empty when nothing was said
 */
export function quoted(noise: string, nonce: string, secrets: readonly string[]): string {
  const line = collapsed(noise)
  if (line === '') return ''
  const excerpt = line.slice(0, MOST)
  if (noise.includes(nonce) || OF_OURS.test(noise) || secrets.some((secret) => isToldBy(excerpt, secret))) {
    return ' What it said is left out here, for it repeats what it was sent or a part of a secret.'
  }
  return ` It said: “${excerpt}${line.length > MOST ? '…' : ''}”`
}

function isToldBy(excerpt: string, secret: string): boolean {
  const whole = collapsed(secret)
  if (whole === '') return false
  // Our quoting takes a value apart at these.
  const words = whole.split(/[\s'"\\$]+/).filter((word) => word.length >= Math.min(4, whole.length))
  if ([whole, ...words].some((part) => excerpt.includes(part))) return true
  for (let at = 0; at + TELLING <= excerpt.length; at++) {
    if (whole.includes(excerpt.slice(at, at + TELLING))) return true
  }
  // The beginning of one, where the excerpt ends.
  for (let length = 3; length < TELLING; length++) if (excerpt.endsWith(whole.slice(0, length))) return true
  return false
}

function collapsed(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
