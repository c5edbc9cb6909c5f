/**
 * The known_hosts files on disk. Holdpoint's own is the only one that is ever written: to a temporary name, synced,
 * renamed. Those of the user are read again whenever they have changed.
 */
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../../shared/text/error-code.ts'
import { makeFolder, writeFileDurably } from '../disk/durable-file.ts'
import type { HostKey } from '../engine/ports.ts'
import { type KnownHost, type KnownHostsLine, knownHostsName, lookUp, parseKnownHosts } from './known-hosts.ts'

export type KnownHostsFiles = {
  find(address: string, port: number): Promise<KnownHost>
  /** Durable when it resolves. What the own file had of this host and this type of key is replaced. */
  accept(address: string, port: number, key: HostKey): Promise<void>
}

export function openKnownHosts(files: { readonly own: string; readonly user: readonly string[] }): KnownHostsFiles {
  const cache = new Map<string, { readonly stamp: string; readonly lines: readonly KnownHostsLine[] }>()
  let writing: Promise<void> = Promise.resolve()

  const read = async (path: string): Promise<readonly KnownHostsLine[]> => {
    const stamp = await stampOf(path)
    if (stamp === null) return []
    const kept = cache.get(path)
    if (kept?.stamp === stamp) return kept.lines
    const lines = parseKnownHosts(await readFile(path, 'utf8'), path)
    cache.set(path, { stamp, lines })
    return lines
  }

  return {
    async find(address, port) {
      const lines = await Promise.all([files.own, ...files.user].map(read))
      return lookUp(lines.flat(), address, port)
    },
    accept(address, port, key) {
      const name = knownHostsName(address, port)
      writing = writing.catch(() => undefined).then(() => replace(files.own, name, key))
      return writing
    },
  }
}

async function replace(path: string, name: string, key: HostKey): Promise<void> {
  await makeFolder(dirname(path))
  const text = (await stampOf(path)) === null ? '' : await readFile(path, 'utf8')
  const kept = text.split('\n').filter((line) => line !== '' && !line.startsWith(`${name} ${key.type} `))
  await writeFileDurably(path, Buffer.from(`${[...kept, `${name} ${key.publicKey}`].join('\n')}\n`))
}

/** Changes whenever the file does; null when there is none. */
async function stampOf(path: string): Promise<string | null> {
  try {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true })
    return `${mtimeNs} ${size} ${ino}`
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
    throw error
  }
}
