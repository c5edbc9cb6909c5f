/**
 * Hosts of an OpenSSH client configuration, read as far as it can be without asking ssh itself:
 * `Host` (names; patterns and negations are no hosts, but `Host *` and other patterns give defaults), `HostName`, `User`,
 * `Port`, `IdentityFile`. As in OpenSSH the first value found for a host wins. Not read: `Include`, `Match`, `ProxyJump`,
 * tokens such as %h, everything else.
 */
import type { Host } from '../model/inventory.ts'
import { HostName } from '../model/words.ts'

type Block = { readonly patterns: readonly string[]; readonly values: Readonly<Record<string, string>> }

const READ = new Set(['hostname', 'user', 'port', 'identityfile'])

export function hostsFromSshConfig(text: string): Host[] {
  const blocks = blocksOf(text.slice(0, 512 * 1024))
  const names = new Set<string>()
  for (const block of blocks) {
    for (const pattern of block.patterns) if (HostName.safeParse(pattern).success) names.add(pattern)
  }
  return [...names].slice(0, 5000).map((name) => hostOf(name, blocks))
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let values: Record<string, string> = {}
  let isRead = true
  blocks.push({ patterns: ['*'], values })
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line)
    const keyword = match?.[1]?.toLowerCase()
    const rest = match?.[2] ?? ''
    if (keyword === undefined || line.trimStart().startsWith('#')) continue
    if (keyword === 'host' || keyword === 'match') {
      isRead = keyword === 'host'
      values = {}
      if (isRead) blocks.push({ patterns: wordsOf(rest), values })
      continue
    }
    if (isRead && READ.has(keyword)) values[keyword] ??= wordsOf(rest)[0] ?? ''
  }
  return blocks
}

/** Words of a line; double quotes hold one together, # begins a comment. */
function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const match of text.matchAll(/"([^"]*)"|(#)|([^\s"#][^\s"]*)/g)) {
    if (match[2] !== undefined) break
    words.push(match[1] ?? match[3] ?? '')
  }
  return words
}

function hostOf(name: string, blocks: readonly Block[]): Host {
  const found: Record<string, string> = {}
  for (const { patterns, values } of blocks) {
    if (!applies(patterns, name)) continue
    for (const [key, value] of Object.entries(values)) if (value !== '') found[key] ??= value
  }
  const port = Number(found['port'] ?? 22)
  return {
    name,
    address: found['hostname'] ?? name,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 22,
    user: found['user'] ?? null,
    identity: found['identityfile'] ?? null,
    tags: [],
    groups: [],
    isPractice: false,
  }
}

function applies(patterns: readonly string[], name: string): boolean {
  const isRefused = patterns.some((pattern) => pattern.startsWith('!') && fitsPattern(pattern.slice(1), name))
  return !isRefused && patterns.some((pattern) => !pattern.startsWith('!') && fitsPattern(pattern, name))
}

/** `*` and `?`, matched without backtracking over more than the last star. */
function fitsPattern(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let mark = 0
  while (n < name.length) {
    if (pattern[p] === '?' || (pattern[p] === name[n] && pattern[p] !== '*')) {
      p += 1
      n += 1
    } else if (pattern[p] === '*') {
      star = p
      mark = n
      p += 1
    } else if (star >= 0) {
      p = star + 1
      mark += 1
      n = mark
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
