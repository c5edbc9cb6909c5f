/**
 * Files that are whole or not there: written under another name, synced, renamed, and the folder synced.
 * When a function here returns, a power cut cannot take the file back.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

let written = 0

/** Unlike any name this program gives to a finished file, and never the same twice. */
function temporaryName(path: string): string {
  written += 1
  return join(dirname(path), `${TEMPORARY_PREFIX}${process.pid.toString(36)}-${written.toString(36)}-${basename(path)}`)
}

/** Files of this prefix are leftovers of a write that was cut: nothing refers to them. */
export const TEMPORARY_PREFIX = '.tmp-'

export type WriteOptions = {
  /** Permissions; 0o600 when not given: what is on this disk is nobody else's. */
  readonly mode?: number
}

/**
 * Writes or replaces a file.
 * @throws the system's error (ENOSPC, EROFS, EACCES …); what stood there before still stands
 */
export async function writeFileDurably(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteOptions = {},
): Promise<void> {
  const temporary = temporaryName(path)
  try {
    const file = await open(temporary, 'wx', options.mode ?? 0o600)
    try {
      if (content instanceof Uint8Array) await file.writeFile(content)
      else for await (const piece of content) await file.appendFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    throw cause
  }
  await syncFolder(dirname(path))
}

/** As `writeFileDurably`, in one go: for the few places that may not yield in between. */
export function writeFileDurablySync(path: string, content: Uint8Array, options: WriteOptions = {}): void {
  const temporary = temporaryName(path)
  try {
    const file = openSync(temporary, 'wx', options.mode ?? 0o600)
    try {
      let from = 0
      while (from < content.length) from += writeSync(file, content, from)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw cause
  }
  syncFolderSync(dirname(path))
}

/** Makes a folder and those above it. */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode })
  if (first !== undefined) await syncFolder(dirname(first))
}

export function makeFolderSync(path: string, mode = 0o700): void {
  const first = mkdirSync(path, { recursive: true, mode })
  if (first !== undefined) syncFolderSync(dirname(first))
}

/** Makes names that were created, renamed or removed in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } catch (cause) {
    if (!isNotOffered(cause)) throw cause
  } finally {
    await folder.close()
  }
}

export function syncFolderSync(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } catch (cause) {
    if (!isNotOffered(cause)) throw cause
  } finally {
    closeSync(folder)
  }
}

/** Some file systems (a stick's, a mounted share's) sync files but know no sync of a folder. Windows has none at all. */
function isNotOffered(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return false
  return cause.code === 'EINVAL' || cause.code === 'ENOTSUP'
}
