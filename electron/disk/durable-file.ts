/**
 * Files that are whole or not there: written under another name, synced, renamed, and the folder synced.
 * When a function here returns, a power cut cannot take the file back.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, type Stats, statSync, writeSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorCode } from '../../shared/text/error-code.ts'

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

/**
 * Makes a folder and those above it. Not by the `recursive` of Node's own: that never returns where a folder takes no
 * other, as /proc.
 * @throws the system's error: ENOTDIR where a file is in the way
 */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  const found = await stat(path).catch(ifAbsent)
  if (found !== null) return mustBeFolder(path, found)
  const above = dirname(path)
  if (above !== path) await makeFolder(above, mode)
  await mkdir(path, mode).catch(ifThere)
  await syncFolder(above)
}

export function makeFolderSync(path: string, mode = 0o700): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found !== undefined) return mustBeFolder(path, found)
  const above = dirname(path)
  if (above !== path) makeFolderSync(above, mode)
  try {
    mkdirSync(path, mode)
  } catch (cause) {
    ifThere(cause)
  }
  syncFolderSync(above)
}

function mustBeFolder(path: string, found: Stats): void {
  if (!found.isDirectory()) throw Object.assign(new Error(`ENOTDIR: ${path} is no folder`), { code: 'ENOTDIR', path })
}

function ifAbsent(cause: unknown): null {
  if (errorCode(cause) !== 'ENOENT') throw cause
  return null
}

/** Another made it meanwhile. */
function ifThere(cause: unknown): void {
  if (errorCode(cause) !== 'EEXIST') throw cause
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
  return ['EINVAL', 'ENOTSUP'].includes(errorCode(cause))
}
