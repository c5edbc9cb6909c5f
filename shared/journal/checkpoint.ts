/** Checkpoints: signed statements of a journal's size and root (C2SP tlog-checkpoint). FORMAT.md section 4. */
import { base64Of, bytesOfBase64 } from './bytes.ts'
import type { Sha256 } from './bytes.ts'
import type { Note, SignEd25519 } from './note.ts'
import { parseNote, signNote } from './note.ts'

/** @property root 32 bytes */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array }

/** The text that is signed: three lines, no extension lines. */
export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${base64Of(checkpoint.root)}\n`
}

/** @param publicKey the origin key, 32 bytes; its name is the origin */
export function signCheckpoint(
  hash: Sha256,
  checkpoint: Checkpoint,
  key: { readonly publicKey: Uint8Array; readonly sign: SignEd25519 },
): Promise<string> {
  return signNote(hash, checkpointText(checkpoint), { ...key, name: checkpoint.origin })
}

/** Reads a note as a checkpoint. Says nothing about its signatures: see `isSignedBy`. @returns null where it is none */
export function parseCheckpoint(text: string): { readonly checkpoint: Checkpoint; readonly note: Note } | null {
  const note = parseNote(text)
  const [, origin, size, root] = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]{44})\n$/.exec(note?.text ?? '') ?? []
  const bytes = root === undefined ? null : bytesOfBase64(root)
  if (note === null || origin === undefined || bytes?.length !== 32 || !Number.isSafeInteger(Number(size))) return null
  return { checkpoint: { origin, size: Number(size), root: bytes }, note }
}
