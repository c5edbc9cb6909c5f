/** The forms in which a secret turns up in output: as it is, and as programs write it inside other things. */

/** Shorter pieces of a secret are found everywhere and mask nothing worth masking. */
const SHORTEST_PIECE = 8

/** @returns byte patterns, longest first, without repeats; none for an empty secret */
export function formsOf(secret: string): readonly Buffer[] {
  const texts = new Set<string>([secret, secret.trim()])
  for (const line of secret.split(/\r?\n/)) if (line.trim().length >= SHORTEST_PIECE) texts.add(line.trim())
  const forms = new Set<string>()
  for (const text of texts) for (const form of written(text)) forms.add(form)
  forms.delete('')
  return [...forms].map((form) => Buffer.from(form)).toSorted((a, b) => b.length - a.length)
}

function written(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1)
  return [
    text,
    json,
    json.replaceAll('/', '\\/'),
    // As Python and others write JSON that is to be ASCII.
    json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...uriForms(text.toWellFormed()),
    // Within single quotes, within double quotes, and as printf %q and bash's set -x write it.
    text.replaceAll("'", `'\\''`),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[\\"$`]/g, '\\$&'),
    text.replace(/[^A-Za-z0-9_@%+=:,./-]/g, '\\$&'),
    Buffer.from(text).toString('hex'),
    ...base64Forms(text),
  ]
}

/** As JavaScript writes it and as stricter programs do, as part of a path, in capitals or not, with a space as %20 or as a plus. */
function uriForms(text: string): string[] {
  const usual = encodeURIComponent(text)
  const byte = (mark: string) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`
  const unreserved = usual.replace(/[!'()*]/g, byte)
  const strict = unreserved.replaceAll('~', byte)
  return [usual, unreserved, strict]
    .flatMap((form) => [form, form.replaceAll('%2F', '/')])
    .flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())])
    .flatMap((form) => [form, form.replaceAll('%20', '+')])
}

/**
 * Base64 of the secret alone, and what it looks like inside the base64 of something longer (`user:secret`): the digits
 * that depend on nothing but the secret, for each of the three ways it can lie across groups of three bytes.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text)
  const forms: string[] = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, '')]
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const first = before === 0 ? 0 : before + 1
    const last = Math.floor(((before + bytes.length) * 8) / 6)
    const inner = encoded.slice(first, last)
    if (inner.length >= SHORTEST_PIECE) forms.push(inner)
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}
