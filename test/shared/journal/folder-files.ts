/** A folder on disk as an archive's files. For tests. */
import { createReadStream } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchiveFiles } from '../../../shared/journal/archive-source.ts'

export function folderFiles(root: string): ArchiveFiles {
  return {
    read: (path) => readFile(join(root, path)).catch(() => null),
    async stream(path) {
      const isFile = await stat(join(root, path)).then(
        (found) => found.isFile(),
        () => false,
      )
      return isFile ? createReadStream(join(root, path)) : null
    },
    list: (folder) => readdir(join(root, folder)).catch(() => []),
  }
}
