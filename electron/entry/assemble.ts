/** Puts a console together: the only place where adapters meet the engine. Both shells and the command line use it. */
import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { VerifyProgress } from '../../shared/journal/source.ts'
import { isRefusal, type Refusal, refusal } from '../../shared/model/commands.ts'
import { archiveFolderFault, directoryArchive } from '../archive/directory.ts'
import { blobStore } from '../blobs/blob-store.ts'
import { maskText } from '../blobs/mask.ts'
import { outputStore } from '../blobs/output-store.ts'
import { expandHome } from '../disk/home.ts'
import { type Asking, createAsking } from '../engine/asking.ts'
import type { Archive, KeyRing } from '../engine/ports.ts'
import type { FirstPerson, LogRefusal, Station } from '../engine/station.ts'
import { openStation } from '../engine/station.ts'
import { signerFromAgent, agentSocket } from '../keys/agent.ts'
import { listCandidateKeys } from '../keys/candidate-keys.ts'
import { JOURNAL_CRYPTO } from '../keys/journal-crypto.ts'
import { KeyError } from '../keys/key-error.ts'
import { originKeysIn } from '../keys/origin-key.ts'
import { createOperatorKey, practiceSigner, signerFromFile } from '../keys/signers.ts'
import { libraryIn } from '../library/runbook-folder.ts'
import { settingsIn } from '../library/settings-file.ts'
import { type PracticeHosts, type PracticeProcess, startPracticeHosts } from '../practice/hosts.ts'
import { archiveService } from '../services/archive-service.ts'
import type { Context } from '../services/context.ts'
import type { Told } from '../services/progress-stream.ts'
import { type ConsoleRouter, routerOf } from '../services/router.ts'
import { createTransport } from '../ssh/transport.ts'
import { marksFolder } from '../store/high-water-mark.ts'
import { keptIncarnations } from '../store/incarnations.ts'
import type { JournalRefusal } from '../store/journal-refusal.ts'
import { hasJournal, openJournal } from '../store/open-journal.ts'
import { openReader } from '../store/open-reader.ts'
import { systemRandom } from '../store/system.ts'
import { verifyArchive } from '../engine/verify-archive.ts'
import { verifyDataFolder } from '../store/verify-data-folder.ts'
import { programPath, RESOURCES } from './programs.ts'
import { defaultStateFolder } from './folders.ts'
import { VERSION } from './version.ts'

export type AssembleOptions = {
  readonly dataDir: string
  /** Where high-water marks are kept, outside the data folder. */
  readonly stateDir?: string
  readonly isPractice: boolean
  readonly fanout?: number
  /** How the process of the practice hosts is started, where that is not a child of this one. */
  readonly practiceProcess?: (entry: string) => PracticeProcess
}

export type Assembled = AsyncDisposable & {
  readonly station: Station
  readonly context: Context
  readonly router: ConsoleRouter
  readonly asking: Asking
  /** Tells of what does not stop the console. */
  readonly warnings: readonly string[]
}

/** @returns or a refusal where practice hosts cannot be had */
export async function assemble(options: AssembleOptions): Promise<Assembled | Refusal> {
  const { dataDir } = options
  const stateDir =
    options.stateDir ?? defaultStateFolder({ platform: process.platform, home: homedir(), env: process.env })
  const practice = options.isPractice ? await startPractice(options) : null
  if (practice !== null && isRefusal(practice)) return practice
  const asking = createAsking()
  const warnings: string[] = []
  const transport = createTransport({
    credentials: asking.credentials,
    knownHosts: { own: join(dataDir, 'known_hosts'), user: userKnownHosts() },
    ...(options.fanout === undefined ? {} : { fanout: options.fanout }),
    defaultUser: userInfo().username,
    practice: () => practice?.reach ?? null,
  })
  const blobs = blobStore(dataDir)
  const nowMs = () => Date.now()
  const station = await openStation({
    version: VERSION,
    dataDir,
    suggestedName: suggestedName(),
    blobs,
    outputs: outputStore(blobs),
    transport,
    practice: practice === null ? null : { hosts: practice.hosts },
    sha256: JOURNAL_CRYPTO.sha256,
    mask: maskText,
    random: systemRandom,
    nowMs,
    settings: settingsIn(dataDir),
    keys: keyRing(dataDir, options.isPractice),
    library: libraryIn(RESOURCES, join(homedir(), '.ssh', 'config')),
    hasLog: () => hasJournal(dataDir),
    openLog: (people) => openLog({ dataDir, stateDir, warnings }, people),
  })
  const keptLogs = () => keptIncarnations(dataDir).map((file) => ({ file, open: () => openReader({ dataDir, file }) }))
  const archive = archiveService({
    station,
    openArchive,
    chooseArchive,
    crypto: JOURNAL_CRYPTO,
    keptLogs,
    verifyArchive: (at, told) => verifyArchive(at, { crypto: JOURNAL_CRYPTO, onProgress: progressTo(told) }),
    nowMs,
  })
  const context: Context = { station, archive, asking, keptLogs, nowMs }
  const router = routerOf(context, {
    crypto: JOURNAL_CRYPTO,
    marksFolder: marksFolder(stateDir),
    verifyLog: (told) =>
      verifyDataFolder({
        dataDir,
        stateDir,
        crypto: JOURNAL_CRYPTO,
        blobs: (sha256) => blobs.stream(sha256),
        onProgress: progressTo(told),
      }),
  })
  return {
    station,
    context,
    router,
    asking,
    warnings,
    async [Symbol.asyncDispose]() {
      // First nothing more is begun or recorded, then the links are cut, so that nothing waits for what runs on hosts.
      const closed = station.close()
      await transport[Symbol.asyncDispose]()
      await closed
      await practice?.close()
    },
  }
}

function startPractice({ dataDir, practiceProcess }: AssembleOptions): Promise<PracticeHosts | Refusal> {
  const entry = programPath('practice-process')
  return startPracticeHosts({ dataDir, entry, ...(practiceProcess === undefined ? {} : { start: practiceProcess }) })
}

function userKnownHosts(): string[] {
  return [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'].filter((path) => existsSync(path))
}

function suggestedName(): string {
  const { username } = userInfo()
  return username === 'root' ? '' : username
}

function keyRing(dataDir: string, isPractice: boolean): KeyRing {
  return {
    async candidates() {
      const found = await listCandidateKeys()
      return found.map((key) => ({
        source: key.from,
        path: key.from === 'file' ? key.path : '',
        type: key.type,
        key: key.fingerprint,
        comment: key.comment,
        needsPassphrase: key.isLocked,
      }))
    },
    async create(name, passphrase) {
      const path = join(dataDir, 'keys', 'operator')
      return { signer: await createOperatorKey(path, name, passphrase), path }
    },
    fromFile: (path, name, passphrase) => signerFromFile(wholePath(path), name, passphrase),
    async fromAgent(key, name) {
      const socket = agentSocket()
      if (socket === null) throw new KeyError('agent-missing', 'There is no ssh-agent: SSH_AUTH_SOCK is not set.')
      return signerFromAgent(socket, key, name)
    },
    practice: (role) => (isPractice ? practiceSigner(dataDir, role) : null),
  }
}

type LogPlace = { readonly dataDir: string; readonly stateDir: string; readonly warnings: string[] }

async function openLog({ dataDir, stateDir, warnings }: LogPlace, people?: readonly FirstPerson[]) {
  const journal = await openJournal({
    dataDir,
    stateDir,
    crypto: JOURNAL_CRYPTO,
    originKey: originKeysIn(dataDir),
    version: VERSION,
    warn: (error) => warnings.push(error.message),
    ...(people === undefined ? {} : { people }),
  })
  return 'refused' in journal ? logRefusal(journal) : journal
}

function logRefusal(refused: JournalRefusal): LogRefusal {
  const { beginIncarnation } = refused
  return {
    ...refusal(refused.code, refused.message),
    beginAgain:
      beginIncarnation === null
        ? null
        : async (people) => {
            const journal = await beginIncarnation(people)
            return 'refused' in journal ? logRefusal(journal) : journal
          },
  }
}

function progressTo(told: Told): (progress: VerifyProgress) => void {
  return ({ origin, entries, size }) => told(entries, size ?? entries + 1, origin)
}

/** An archive is a folder today; other places come as further adapters. */
export async function openArchive(path: string): Promise<Archive | Refusal> {
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(path))
    return refusal('unknown-archive', `${path}: an archive is a folder; other places come later.`)
  return directoryArchive(wholePath(path))
}

/** The folder of a new archive, made if need be. */
async function chooseArchive(path: string): Promise<Archive | Refusal> {
  const archive = await openArchive(path)
  if (isRefusal(archive)) return archive
  const fault = await archiveFolderFault(wholePath(path))
  return fault === null ? archive : refusal('bad-archive', fault)
}

/** The same place wherever the console is started next. */
function wholePath(path: string): string {
  return resolve(expandHome(path))
}
