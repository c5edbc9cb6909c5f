/** Long names are cut in the middle: the end tells hosts apart. */

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * @param length the most characters to keep, the `…` included; at least 3
 * @returns the text itself where it fits; never half of a character
 */
export function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text
  const characters = [...segments.segment(text.slice(0, 10_000))].map((one) => one.segment)
  if (characters.length <= length && text.length <= 10_000) return text
  const tail = Math.ceil((length - 1) / 2)
  const head = length - 1 - tail
  const end = text.length > 10_000 ? [...segments.segment(text.slice(-tail * 8))].map((one) => one.segment) : characters
  return `${characters.slice(0, head).join('')}…${end.slice(-tail).join('')}`
}
