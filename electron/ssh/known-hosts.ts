/**
 * Reads known_hosts as sshd(8) describes it: plain and hashed names, `[host]:port`, wildcards, negation, `@revoked`,
 * `@cert-authority`. Pure: text in, verdict out.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HostKey } from '../engine/ports.ts'
import { hostKeyOf, typeOf } from './host-key.ts'

export type KnownHostsLine = {
  /** `file:line`, for people. */
  readonly source: string
  readonly marker: 'none' | 'revoked' | 'cert-authority'
  readonly names: string
  readonly key: HostKey
}

export type HostKeyVerdict =
  | { readonly verdict: 'known' }
  | { readonly verdict: 'unknown'; readonly offered: HostKey; readonly hasAuthority: boolean }
  | { readonly verdict: 'changed'; readonly offered: HostKey; readonly known: readonly HostKey[] }
  | { readonly verdict: 'revoked'; readonly offered: HostKey; readonly known: readonly HostKey[] }

/** What is known about one host. */
export type KnownHost = {
  readonly types: readonly string[]
  judge(blob: Uint8Array): HostKeyVerdict
}

/** Lines that are not understood are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHostsLine[] {
  return text.split('\n').flatMap((line, index) => {
    const fields = line.trim().split(/\s+/)
    if (fields[0] === undefined || fields[0] === '' || fields[0].startsWith('#')) return []
    const marker = markerOf(fields[0])
    if (marker === undefined) return []
    const [names, type, base64] = marker === 'none' ? fields : fields.slice(1)
    if (names === undefined || type === undefined || base64 === undefined) return []
    const blob = Buffer.from(base64, 'base64')
    if (typeOf(blob) !== type) return []
    return [{ source: `${file}:${index + 1}`, marker, names, key: hostKeyOf(blob) }]
  })
}

/** The name under which a host is filed: plain on port 22, else `[host]:port`. */
export function knownHostsName(address: string, port: number): string {
  const name = address.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

export function lookUp(lines: readonly KnownHostsLine[], address: string, port: number): KnownHost {
  const name = knownHostsName(address, port)
  const matching = lines.filter((line) => matches(line.names, name))
  const trusted = matching.filter((line) => line.marker === 'none')
  // A revoked key is revoked for the hosts its pattern names; `*` names all.
  const revoked = matching.filter((line) => line.marker === 'revoked')
  return {
    types: [...new Set(trusted.map((line) => line.key.type))],
    judge(blob) {
      const offered = hostKeyOf(blob)
      const isOffered = (line: KnownHostsLine) => line.key.publicKey === offered.publicKey
      if (revoked.some(isOffered)) return { verdict: 'revoked', offered, known: revoked.filter(isOffered).map(named) }
      if (trusted.some(isOffered)) return { verdict: 'known' }
      if (trusted.length > 0) return { verdict: 'changed', offered, known: trusted.map(named) }
      return { verdict: 'unknown', offered, hasAuthority: matching.some((line) => line.marker === 'cert-authority') }
    },
  }
}

function named(line: KnownHostsLine): HostKey {
  return { ...line.key, source: line.source }
}

function markerOf(field: string): KnownHostsLine['marker'] | undefined {
  if (field === '@revoked') return 'revoked'
  if (field === '@cert-authority') return 'cert-authority'
  return field.startsWith('@') ? undefined : 'none'
}

function matches(names: string, name: string): boolean {
  if (names.startsWith('|')) return matchesHash(names, name)
  let isMatch = false
  for (const pattern of names.toLowerCase().split(',')) {
    const isNegated = pattern.startsWith('!')
    if (!matchesPattern(isNegated ? pattern.slice(1) : pattern, name)) continue
    // One negated match refuses the line, whatever else matches.
    if (isNegated) return false
    isMatch = true
  }
  return isMatch
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed by the salt. */
function matchesHash(names: string, name: string): boolean {
  const [, version, salt, hash] = names.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** `*` any run of characters, `?` exactly one. Linear in the name for each `*`; never a regular expression. */
function matchesPattern(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let mark = 0
  while (n < name.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++
      mark = n
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++mark
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
