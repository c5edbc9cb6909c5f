/** The keys of the practice hosts: made once per data folder, good for nothing else. */
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolderSync, writeFileDurablySync } from '../disk/durable-file.ts'
import ssh2, { type ParsedKey } from 'ssh2'

/** @returns a private key as text; the same one each time for the same name in the same folder */
export function persistentKey(folder: string, name: string): string {
  const path = join(folder, name)
  if (existsSync(path)) {
    const text = readFileSync(path, 'utf8')
    if (!(ssh2.utils.parseKey(text) instanceof Error)) return text
    // A file that is no key is kept for whoever wonders, and a new key takes its place.
    renameSync(path, `${path}.unreadable`)
  }
  makeFolderSync(folder)
  const text = readableKey(`holdpoint practice ${name}`)
  writeFileDurablySync(path, Buffer.from(text))
  return text
}

/** One in some hundreds of the keys that ssh2 makes is one that it does not read itself: then another is made. */
function readableKey(comment: string): string {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair.private
  }
}

export function parsed(privateKey: string): ParsedKey {
  const key: ParsedKey | readonly ParsedKey[] | Error = ssh2.utils.parseKey(privateKey)
  if (key instanceof Error) throw key
  const first = 'type' in key ? key : key[0]
  if (first === undefined) throw new Error('there is no key in the file')
  return first
}
