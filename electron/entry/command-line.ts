/** What the command line stands on: a console of its own, and logs and archives that are only read. */
import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { formatTrust } from '../../shared/journal/trust.ts'
import { directoryArchive } from '../archive/directory.ts'
import { blobStore } from '../blobs/blob-store.ts'
import type { Doors, ReadableLog } from '../cli/doors.ts'
import { archiveLogs } from '../engine/archive-logs.ts'
import { verifyArchive } from '../engine/verify-archive.ts'
import { requestLink } from '../host/request-link.ts'
import { JOURNAL_CRYPTO } from '../keys/journal-crypto.ts'
import { libraryIn } from '../library/runbook-folder.ts'
import { keptIncarnations } from '../store/incarnations.ts'
import { hasJournal } from '../store/open-journal.ts'
import { openReader } from '../store/open-reader.ts'
import type { OpenReader } from '../store/open-reader.ts'
import { trustPins, verifyDataFolder } from '../store/verify-data-folder.ts'
import { assemble, openArchive } from './assemble.ts'
import { defaultDataFolder, defaultStateFolder, type Place } from './folders.ts'
import { RESOURCES } from './programs.ts'
import { VERSION } from './version.ts'

export function doorsOf(place: Place): Doors {
  const stateDir = defaultStateFolder(place)
  return {
    version: VERSION,
    library: libraryIn(RESOURCES, join(place.home, '.ssh', 'config')),
    defaultDataDir: defaultDataFolder(place),
    hasLog: (dataDir) => hasJournal(resolve(dataDir)),
    open: ({ dataDir, ...options }) => assemble({ dataDir: resolve(dataDir), stateDir, ...options }),
    verifyData: (dataDir, { trust }) =>
      verifyDataFolder({
        dataDir: resolve(dataDir),
        stateDir,
        crypto: JOURNAL_CRYPTO,
        blobs: (sha256) => blobStore(resolve(dataDir)).stream(sha256),
        ...(trust === null ? {} : { trust }),
      }),
    openArchive,
    verifyArchive: (archive, { trust, told }) =>
      verifyArchive(archive, {
        crypto: JOURNAL_CRYPTO,
        onProgress: ({ origin, entries }) => told(entries, entries + 1, origin),
        ...(trust === null ? {} : { trust }),
      }),
    trustOf: async (dataDir) => formatTrust(trustPins(resolve(dataDir), warn)),
    readLogs,
    newLink: (dataDir) => requestLink(resolve(dataDir)),
    readFile: (path) => readFile(path, 'utf8'),
    async readFd(fd) {
      const pieces: Buffer[] = []
      for await (const piece of createReadStream('', { fd, autoClose: false })) pieces.push(piece as Buffer)
      return Buffer.concat(pieces).toString('utf8')
    },
  }
}

const warned = new Set<string>()

/** Once: a command may read the logs of a folder more than once. */
function warn(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  process.stderr.write(`${message}\n`)
}

/** A data folder with all its incarnations, but earlier ones that cannot be read; or an archive with all its origins. */
async function readLogs(where: string): Promise<readonly ReadableLog[]> {
  const dir = resolve(where)
  if (!existsSync(dir)) throw new Error(`${where}: there is no such folder.`)
  if (!hasJournal(dir)) return archiveLogs(directoryArchive(dir), JOURNAL_CRYPTO.sha256)
  const current = existsSync(join(dir, 'journal.db')) ? [logOf(openReader({ dataDir: dir }))] : []
  return [...keptIncarnations(dir).flatMap((file) => keptLog(dir, file)), ...current]
}

function keptLog(dataDir: string, file: string): readonly ReadableLog[] {
  try {
    const reader = openReader({ dataDir, file })
    try {
      // Read to its end here: pages that are spoilt further on are found now, and not in the middle of a replay.
      for (const run of reader.runs()) reader.read({ from: 0, run })
      return [logOf(reader)]
    } catch (cause) {
      reader.close()
      throw cause
    }
  } catch (cause) {
    warn(`The earlier journal ${file} is not read: ${cause instanceof Error ? cause.message : String(cause)}`)
    return []
  }
}

function logOf(reader: OpenReader): ReadableLog {
  return {
    origin: reader.origin,
    runs: async () => reader.runs(),
    read: async (run: string) => reader.read({ from: 0, run }),
    async [Symbol.asyncDispose]() {
      reader.close()
    },
  }
}
