/** The console's own key, one per incarnation: seals its journal, and nothing else. */
import { sign } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SignEd25519 } from '../../shared/journal/note.ts'
import { makeFolder, writeFileDurably } from '../disk/durable-file.ts'
import { KeyError } from './key-error.ts'
import { ed25519PublicKey, readKeyFile } from './key-file.ts'
import { newKeyText } from './new-key.ts'

export type OriginKeyFile = { readonly publicKey: Uint8Array; readonly sign: SignEd25519 }

/**
 * Where `openJournal` takes its keys from: `keys/origin/<incarnation>` in the data folder, an OpenSSH private key that
 * only its owner may read.
 * @throws KeyError `key-unreadable`, `passphrase-needed`, `passphrase-wrong`, `unsupported-key`, `key-unwritable`
 */
export function originKeysIn(dataDir: string, passphrase?: string) {
  return async (incarnation: string, mayMake: boolean): Promise<OriginKeyFile | null> => {
    const path = join(dataDir, 'keys', 'origin', incarnation)
    if (!existsSync(path)) {
      if (!mayMake) return null
      await makeFolder(dirname(path))
      await writeFileDurably(path, Buffer.from(await newKeyText(`holdpoint console ${incarnation}`, passphrase)))
    }
    const { key } = await readKeyFile(path, passphrase)
    const publicKey = ed25519PublicKey(key)
    if (publicKey === null) throw new KeyError('unsupported-key', `The console’s key ${path} is not an Ed25519 key.`)
    return { publicKey, sign: (message) => sign(null, message, key) }
  }
}
