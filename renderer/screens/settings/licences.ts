/** What this program is made of besides its own code, and under which licence: what the screens and the console ship. */
export type Licence = { readonly name: string; readonly licence: string }

export const LICENCES: readonly Licence[] = [
  { name: '@bufbuild/re2', licence: 'MIT' },
  { name: '@fastify/static', licence: 'MIT' },
  { name: '@fastify/websocket', licence: 'MIT' },
  { name: '@fontsource-variable/inter', licence: 'OFL-1.1' },
  { name: '@fontsource-variable/jetbrains-mono', licence: 'OFL-1.1' },
  { name: '@mantine/core', licence: 'MIT' },
  { name: '@mantine/spotlight', licence: 'MIT' },
  { name: '@marcbachmann/cel-js', licence: 'MIT' },
  { name: '@noble/hashes', licence: 'MIT' },
  { name: '@orpc/client', licence: 'MIT' },
  { name: '@orpc/contract', licence: 'MIT' },
  { name: '@orpc/server', licence: 'MIT' },
  { name: '@orpc/standard-server-peer', licence: 'MIT' },
  { name: '@tabler/icons-react', licence: 'MIT' },
  { name: '@tanstack/react-virtual', licence: 'MIT' },
  { name: '@xterm/addon-fit', licence: 'MIT' },
  { name: '@xterm/xterm', licence: 'MIT' },
  { name: 'better-sqlite3', licence: 'MIT' },
  { name: 'canonicalize', licence: 'Apache-2.0' },
  { name: 'commander', licence: 'MIT' },
  { name: 'd3-scale', licence: 'ISC' },
  { name: 'electron', licence: 'MIT' },
  { name: 'fastify', licence: 'MIT' },
  { name: 'node', licence: 'MIT' },
  { name: 'react', licence: 'MIT' },
  { name: 'react-dom', licence: 'MIT' },
  { name: 'react-markdown', licence: 'MIT' },
  { name: 'ssh2', licence: 'MIT' },
  { name: 'temporal-polyfill', licence: 'MIT' },
  { name: 'yaml', licence: 'ISC' },
  { name: 'zod', licence: 'MIT' },
  { name: 'zustand', licence: 'MIT' },
]

/** Names by licence, licences in the order in which they first come. */
export function byLicence(): readonly { readonly licence: string; readonly names: readonly string[] }[] {
  const groups = new Map<string, string[]>()
  for (const { name, licence } of LICENCES) groups.set(licence, [...(groups.get(licence) ?? []), name])
  return [...groups].map(([licence, names]) => ({ licence, names }))
}
