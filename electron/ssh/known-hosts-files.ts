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
  /**
   * Durable when it resolves. What the own file had of this host and this type of key is replaced. Where the key takes the
   * place of others, those are marked as revoked in the own file: the user's files, which keep them, are never written to.
   * A key of this host that the own file had marked so is trusted again.
   */
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

  const readUsers = async () => (await Promise.all(files.user.map(read))).flat()

  const accept = async (address: string, port: number, key: HostKey) => {
    const { own } = files
    await makeFolder(dirname(own))
    const text = (await stampOf(own)) === null ? '' : await readFile(own, 'utf8')
    const name = knownHostsName(address, port)
    const revoke = (one: HostKey) => `@revoked ${name} ${one.publicKey}`
    const all = text.split('\n').filter((line) => line !== '')
    const lines = all.filter((line) => line !== revoke(key))
    // A key that comes back takes the place of what was accepted here meanwhile, though the user's files know it well.
    const isBack = lines.length < all.length
    const known = [...parseKnownHosts(lines.join('\n'), own), ...(isBack ? [] : await readUsers())]
    const judged = lookUp(known, address, port).judge(Buffer.from(key.publicKey.split(' ')[1] ?? '', 'base64'))
    const replaced = judged.verdict === 'changed' ? judged.known : []
    const gone = [`${name} ${key.type} `, ...replaced.map((one) => `${name} ${one.publicKey}`)]
    const kept = lines.filter((line) => !gone.some((beginning) => line.startsWith(beginning)))
    const added = [...replaced.map(revoke), `${name} ${key.publicKey}`]
    await writeFileDurably(own, Buffer.from(`${[...new Set([...kept, ...added])].join('\n')}\n`))
  }

  return {
    async find(address, port) {
      return lookUp([...(await read(files.own)), ...(await readUsers())], address, port)
    },
    accept(address, port, key) {
      writing = writing.catch(() => undefined).then(() => accept(address, port, key))
      return writing
    },
  }
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
