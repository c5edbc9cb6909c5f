/** Canonical JSON (RFC 8785, integers only): writing it, and saying of bytes whether they are it. FORMAT.md section 1. */
import canonicalize from 'canonicalize'
import { textOf, utf8Of } from './bytes.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** Nesting beyond this is refused; the outermost container is depth 1. */
export const MAX_DEPTH = 64

export type ValueFault = { readonly path: string; readonly message: string }

/** What of a value cannot be written; null when all of it can. */
export function faultOf(value: unknown, path = '$', depth = 1): ValueFault | null {
  switch (typeof value) {
    case 'boolean':
      return null
    case 'string':
      return value.isWellFormed() ? null : { path, message: 'a lone surrogate is not text' }
    case 'number':
      if (Object.is(value, -0)) return { path, message: 'minus zero is refused' }
      return Number.isSafeInteger(value) ? null : { path, message: `${value} is not an integer within 2^53 - 1` }
    case 'object':
      return value === null ? null : faultOfContainer(value, path, depth)
    default:
      return { path, message: `${typeof value} has no JSON form` }
  }
}

function faultOfContainer(value: object, path: string, depth: number): ValueFault | null {
  if (depth > MAX_DEPTH) return { path, message: `deeper than ${MAX_DEPTH}` }
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const fault = faultOf(value[at], `${path}[${at}]`, depth + 1)
      if (fault) return fault
    }
    return null
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return { path, message: 'not a plain object' }
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return { path, message: 'a lone surrogate is not a key' }
    if (key === 'toJSON' && typeof member === 'function') return { path, message: 'toJSON is refused' }
    const fault = faultOf(member, `${path}.${key}`, depth + 1)
    if (fault) return fault
  }
  return null
}

/**
 * The JCS text of a value.
 * @throws TypeError naming the place, where `faultOf` finds a fault
 */
export function canonicalText(value: unknown): string {
  const fault = faultOf(value)
  if (fault) throw new TypeError(`cannot be written as canonical JSON: ${fault.path}: ${fault.message}`)
  return canonicalize(value) ?? ''
}

/** The JCS text as UTF-8. @throws TypeError as canonicalText */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8Of(canonicalText(value))
}

/** @returns undefined unless the bytes are exactly the canonical form of a value */
export function parseCanonical(bytes: Uint8Array): Json | undefined {
  if (!isCanonical(bytes)) return undefined
  const text = textOf(bytes)
  return text === null ? undefined : (JSON.parse(text) as Json)
}

/** Called for each member of the outermost object: offsets of the key (without quotes) and of the value. */
export type OnMember = (keyFrom: number, keyTo: number, valueFrom: number, valueTo: number) => void

/**
 * Reads bytes once, without building a value.
 * Equal to "parses, and its canonical form is these bytes" (a property test says so), at many times the speed.
 */
export function isCanonical(bytes: Uint8Array, onMember?: OnMember): boolean {
  return scanValue(bytes, 0, 1, onMember) === bytes.length && bytes.length > 0
}

// Each scan returns the offset after what it read, or -1.

function scanValue(b: Uint8Array, from: number, depth: number, onMember?: OnMember): number {
  switch (b[from]) {
    case 0x22:
      return scanString(b, from)
    case 0x7b:
      return depth > MAX_DEPTH ? -1 : scanObject(b, from, depth, onMember)
    case 0x5b:
      return depth > MAX_DEPTH ? -1 : scanArray(b, from, depth)
    case 0x74:
      return scanWord(b, from, TRUE)
    case 0x66:
      return scanWord(b, from, FALSE)
    case 0x6e:
      return scanWord(b, from, NULL)
    default:
      return scanInteger(b, from)
  }
}

const TRUE = utf8Of('true')
const FALSE = utf8Of('false')
const NULL = utf8Of('null')

function scanWord(b: Uint8Array, from: number, word: Uint8Array): number {
  for (let at = 0; at < word.length; at++) if (b[from + at] !== word[at]) return -1
  return from + word.length
}

function scanInteger(b: Uint8Array, from: number): number {
  let at = from
  if (b[at] === 0x2d) at++
  const first = b[at] ?? 0
  if (first === 0x30) return at > from ? -1 : at + 1
  if (first < 0x31 || first > 0x39) return -1
  let value = 0
  const start = at
  for (let digit = first; digit >= 0x30 && digit <= 0x39; digit = b[++at] ?? 0) {
    if (at - start === 16) return -1
    value = value * 10 + (digit - 0x30)
  }
  return value <= Number.MAX_SAFE_INTEGER ? at : -1
}

function scanArray(b: Uint8Array, from: number, depth: number): number {
  let at = from + 1
  if (b[at] === 0x5d) return at + 1
  for (;;) {
    at = scanValue(b, at, depth + 1)
    if (at < 0) return -1
    const next = b[at++]
    if (next === 0x5d) return at
    if (next !== 0x2c) return -1
  }
}

function scanObject(b: Uint8Array, from: number, depth: number, onMember?: OnMember): number {
  let at = from + 1
  if (b[at] === 0x7d) return at + 1
  let lastFrom = -1
  let lastTo = -1
  for (;;) {
    if (b[at] !== 0x22) return -1
    const keyFrom = at + 1
    at = scanString(b, at)
    if (at < 0) return -1
    const keyTo = at - 1
    if (lastFrom >= 0 && !isKeyBefore(b, lastFrom, lastTo, keyFrom, keyTo)) return -1
    lastFrom = keyFrom
    lastTo = keyTo
    if (b[at++] !== 0x3a) return -1
    const valueFrom = at
    at = scanValue(b, at, depth + 1)
    if (at < 0) return -1
    onMember?.(keyFrom, keyTo, valueFrom, at)
    const next = b[at++]
    if (next === 0x7d) return at
    if (next !== 0x2c) return -1
  }
}

/** Strictly before, by UTF-16 code units. Bytes order alike unless a key has an escape or reaches U+E000. */
function isKeyBefore(b: Uint8Array, aFrom: number, aTo: number, cFrom: number, cTo: number): boolean {
  if (!hasOddBytes(b, aFrom, aTo) && !hasOddBytes(b, cFrom, cTo)) {
    const shorter = Math.min(aTo - aFrom, cTo - cFrom)
    for (let at = 0; at < shorter; at++) {
      const difference = (b[aFrom + at] ?? 0) - (b[cFrom + at] ?? 0)
      if (difference !== 0) return difference < 0
    }
    return aTo - aFrom < cTo - cFrom
  }
  return keyText(b, aFrom, aTo) < keyText(b, cFrom, cTo)
}

function hasOddBytes(b: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (b[at] === 0x5c || (b[at] ?? 0) >= 0xee) return true
  return false
}

function keyText(b: Uint8Array, from: number, to: number): string {
  return JSON.parse(textOf(b.subarray(from - 1, to + 1)) ?? '""') as string
}

function scanString(b: Uint8Array, from: number): number {
  let at = from + 1
  for (;;) {
    const byte = b[at]
    if (byte === undefined || byte < 0x20) return -1
    if (byte === 0x22) return at + 1
    if (byte === 0x5c) at = scanEscape(b, at)
    else if (byte < 0x80) at++
    else at = scanSequence(b, at, byte)
    if (at < 0) return -1
  }
}

// " \ b f n r t
const SHORT_ESCAPES = new Set([0x22, 0x5c, 0x62, 0x66, 0x6e, 0x72, 0x74])

function scanEscape(b: Uint8Array, from: number): number {
  const kind = b[from + 1] ?? 0
  if (SHORT_ESCAPES.has(kind)) return from + 2
  if (kind !== 0x75 || b[from + 2] !== 0x30 || b[from + 3] !== 0x30) return -1
  const high = b[from + 4]
  const low = b[from + 5] ?? 0
  if (high === 0x31) return isLowerHex(low) ? from + 6 : -1
  // 08, 09, 0a, 0c, 0d have short escapes.
  if (high !== 0x30 || !isLowerHex(low)) return -1
  return low === 0x38 || low === 0x39 || low === 0x61 || low === 0x63 || low === 0x64 ? -1 : from + 6
}

function isLowerHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66)
}

/** One UTF-8 sequence of two to four bytes: shortest form, no surrogate, at most U+10FFFF. */
function scanSequence(b: Uint8Array, from: number, lead: number): number {
  const second = b[from + 1] ?? 0
  if (lead >= 0xc2 && lead <= 0xdf) return isTail(second) ? from + 2 : -1
  if (lead >= 0xe0 && lead <= 0xef) {
    if (lead === 0xe0 && second < 0xa0) return -1
    if (lead === 0xed && second > 0x9f) return -1
    return isTail(second) && isTail(b[from + 2] ?? 0) ? from + 3 : -1
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (lead === 0xf0 && second < 0x90) return -1
    if (lead === 0xf4 && second > 0x8f) return -1
    return isTail(second) && isTail(b[from + 2] ?? 0) && isTail(b[from + 3] ?? 0) ? from + 4 : -1
  }
  return -1
}

function isTail(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf
}
