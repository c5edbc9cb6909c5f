/**
 * An archive in a folder: a disk, a stick, a mounted share. Files are written once, whole, under their final name only
 * when they are on the disk. What is read may come from a stranger: no path, and no link in it, leads out of the folder.
 */
import { access, constants, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { makeFolder, TEMPORARY_PREFIX, writeFileDurably } from '../disk/durable-file.ts'
import { fileBytes } from '../disk/file-bytes.ts'
import type { Archive } from '../engine/ports.ts'
import { errorCode } from '../../shared/text/error-code.ts'

/** Read by others: whoever may see the folder may see the files. */
const FILE_MODE = 0o644
const FOLDER_MODE = 0o755

/** @param root made when the first file is written */
export function directoryArchive(root: string): Archive {
  const inside = async (path: string): Promise<string | null> => {
    const whole = join(root, checked(path))
    try {
      const [real, base] = await Promise.all([realpath(whole), realpath(root)])
      return real === base || real.startsWith(base.endsWith(sep) ? base : base + sep) ? real : null
    } catch (cause) {
      if (isAbsent(cause)) return null
      throw cause
    }
  }
  const fileSize = async (path: string): Promise<number | null> => {
    const real = await inside(path)
    const found = real === null ? null : await stat(real)
    return found?.isFile() === true ? found.size : null
  }

  return {
    name: root,
    async read(path) {
      const real = (await fileSize(path)) === null ? null : await inside(path)
      return real === null ? null : readFile(real)
    },
    async stream(path) {
      const real = (await fileSize(path)) === null ? null : await inside(path)
      return real === null ? null : fileBytes(real)
    },
    size: fileSize,
    async write(path, content) {
      const whole = join(root, checked(path))
      await makeFolder(dirname(whole), FOLDER_MODE)
      await writeFileDurably(whole, content, { mode: FILE_MODE })
    },
    async list(folder) {
      const real = await inside(folder)
      if (real === null || !(await stat(real)).isDirectory()) return []
      return (await readdir(real)).filter((name) => !name.startsWith(TEMPORARY_PREFIX)).toSorted()
    },
    reopen: () => Promise.resolve(directoryArchive(root)),
    close: () => Promise.resolve(),
  }
}

/** Makes the folder where it is not there. @returns why it cannot be an archive's folder; null: it can */
export async function archiveFolderFault(root: string): Promise<string | null> {
  try {
    await makeFolder(root, FOLDER_MODE)
    await access(root, constants.W_OK | constants.X_OK)
    return null
  } catch (cause) {
    const code = errorCode(cause)
    if (code === 'EEXIST' || code === 'ENOTDIR') return `${root} is a file, or lies in one. Name a folder.`
    return `${root} cannot be made or written to (${code}). Name a folder where this user may write.`
  }
}

/** @throws RangeError for a path that is not plain names between slashes */
function checked(path: string): string {
  const isPlain = path === '' || path.split('/').every((name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name))
  if (!isPlain) throw new RangeError(`not a path in an archive: ${path}`)
  return path
}

function isAbsent(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(cause))
}
