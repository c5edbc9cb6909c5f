/** `holdpoint …`: wires the command line to a console of its own, and to logs and archives that are only read. */
import './guard.ts'
import { existsSync, createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { formatTrust } from '../../shared/journal/trust.ts'
import { type Doors, type ReadableLog } from '../cli/doors.ts'
import { runCommandLine } from '../cli/program.ts'
import { processTerminal } from '../cli/process-terminal.ts'
import { archiveLogs } from '../engine/archive-logs.ts'
import { verifyArchive } from '../engine/verify-archive.ts'
import { directoryArchive } from '../archive/directory.ts'
import { blobStore } from '../blobs/blob-store.ts'
import { requestLink } from '../host/request-link.ts'
import { JOURNAL_CRYPTO } from '../keys/journal-crypto.ts'
import { libraryIn } from '../library/runbook-folder.ts'
import { keptIncarnations } from '../store/incarnations.ts'
import { hasJournal } from '../store/open-journal.ts'
import { openReader } from '../store/open-reader.ts'
import { trustPins, verifyDataFolder } from '../store/verify-data-folder.ts'
import { assemble, openArchive } from './assemble.ts'
import { defaultDataFolder, defaultStateFolder } from './folders.ts'
import { RESOURCES } from './programs.ts'
import { VERSION } from './version.ts'

const place = { platform: process.platform, home: homedir(), env: process.env }

const doors: Doors = {
  version: VERSION,
  library: libraryIn(RESOURCES),
  defaultDataDir: defaultDataFolder(place),
  open: ({ dataDir, ...options }) => assemble({ dataDir: resolve(dataDir), ...options }),
  verifyData: (dataDir, { trust }) =>
    verifyDataFolder({
      dataDir: resolve(dataDir),
      stateDir: defaultStateFolder(place),
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
  trustOf: async (dataDir) => formatTrust(trustPins(resolve(dataDir))),
  readLogs,
  newLink: (dataDir) => requestLink(resolve(dataDir)),
  readFile: (path) => readFile(path, 'utf8'),
  async readFd(fd) {
    const pieces: Buffer[] = []
    for await (const piece of createReadStream('', { fd, autoClose: false })) pieces.push(piece as Buffer)
    return Buffer.concat(pieces).toString('utf8')
  },
}

/** A data folder with all its incarnations, or an archive with all its origins. */
async function readLogs(where: string): Promise<readonly ReadableLog[]> {
  const dir = resolve(where)
  if (!existsSync(dir)) throw new Error(`${where}: there is no such folder.`)
  if (!hasJournal(dir)) return archiveLogs(directoryArchive(dir), JOURNAL_CRYPTO.sha256)
  const files = [...keptIncarnations(dir), ...(existsSync(join(dir, 'journal.db')) ? [undefined] : [])]
  return files.map((file) => {
    const reader = openReader({ dataDir: dir, ...(file === undefined ? {} : { file }) })
    return {
      origin: reader.origin,
      runs: async () => reader.runs(),
      read: async (run: string) => reader.read({ from: 0, run }),
      async [Symbol.asyncDispose]() {
        reader.close()
      },
    }
  })
}

process.exitCode = await runCommandLine(doors, processTerminal(), process.argv.slice(2))
