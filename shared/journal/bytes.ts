/** Bytes as text and back: hex, base64, UTF-8. Reading is strict: what does not read back the same is null. */
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

// Part of every runtime this code meets; shared/ sees no types of any of them.
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }

/** SHA-256 of bytes, 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

export { bytesToHex as hexOf, concatBytes as concat, utf8ToBytes as utf8Of }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @returns null where the bytes are not UTF-8 */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

/** @returns null unless lower-case hex of whole bytes */
export function bytesOfHex(hex: string): Uint8Array | null {
  return /^([0-9a-f]{2})*$/.test(hex) ? hexToBytes(hex) : null
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map(DIGITS.split('').map((digit, value) => [digit, value] as const))

/** RFC 4648 §4, padded, one line. */
export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += DIGITS.charAt(bits >> 18) + DIGITS.charAt((bits >> 12) & 63)
    text += left > 1 ? DIGITS.charAt((bits >> 6) & 63) : '='
    text += left > 2 ? DIGITS.charAt(bits & 63) : '='
  }
  return text
}

/** @returns null unless canonical RFC 4648 §4: padded, no space, no bits left over */
export function bytesOfBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null
  const digits = text.replace(/=+$/, '')
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  let bits = 0
  let held = 0
  let at = 0
  for (const digit of digits) {
    bits = ((bits << 6) | (VALUES.get(digit) ?? 0)) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes[at++] = (bits >> held) & 0xff
    }
  }
  return base64Of(bytes) === text ? bytes : null
}
