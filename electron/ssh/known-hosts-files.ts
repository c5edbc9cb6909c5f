/**
 * The known_hosts files on disk. Holdpoint's own is the only one that is ever written: to a temporary name, synced,
 * renamed. Those of the user are read again whenever they have changed.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
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
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const text = (await stampOf(path)) === null ? '' : await readFile(path, 'utf8')
  const kept = text.split('\n').filter((line) => line !== '' && !line.startsWith(`${name} ${key.type} `))
  await writeWhole(path, `${[...kept, `${name} ${key.publicKey}`].join('\n')}\n`)
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  // The rename itself is durable once its folder is; Windows cannot open folders and does not need it.
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Changes whenever the file does; null when there is none. */
async function stampOf(path: string): Promise<string | null> {
  try {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true })
    return `${mtimeNs} ${size} ${ino}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw error
  }
}
