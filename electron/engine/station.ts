/**
 * A console before, during and after its first start: which log it has, who sits at it, whether their key is unlocked.
 * The first start asks for a name and a key, nothing else.
 */
import { isRefusal, type Refusal, refusal } from '../../shared/model/commands.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { Console, ConsoleParts } from './console.ts'
import { openConsole } from './console.ts'
import type { BlobStore, CandidateKey, KeyRing, Library, Settings, SettingsStore, Signer } from './ports.ts'

export type KeyChoice =
  | { readonly kind: 'new'; readonly passphrase?: string | undefined }
  | { readonly kind: 'file'; readonly path: string; readonly passphrase?: string | undefined }
  | { readonly kind: 'agent'; readonly key: string }

export type FirstPerson = { readonly name: string; readonly publicKey: string; readonly isAdministrator: boolean }

/** Why the log cannot be appended to; `beginAgain` begins a new one beside it, where that helps. */
export type LogRefusal = Refusal & {
  readonly beginAgain: ((people: readonly FirstPerson[]) => Promise<ConsoleParts['journal'] | LogRefusal>) | null
}

export type StationParts = Omit<ConsoleParts, 'journal'> & {
  readonly version: string
  readonly dataDir: string
  readonly suggestedName: string
  readonly settings: SettingsStore
  readonly keys: KeyRing
  readonly library: Library
  hasLog(): boolean
  /** @param people who may sign, for a log that begins now */
  openLog(people?: readonly FirstPerson[]): Promise<ConsoleParts['journal'] | LogRefusal>
}

export type Station = {
  readonly version: string
  readonly dataDir: string
  readonly isPractice: boolean
  readonly practice: ConsoleParts['practice']
  readonly suggestedName: string
  readonly library: Library
  readonly keys: KeyRing
  readonly blobs: BlobStore
  readonly settings: SettingsStore
  console(): Console | null
  /** Why nothing can be recorded; null: nothing stands in the way. */
  refusal(): Refusal | null
  needsSetup(): boolean
  operator(): Settings['operator']
  /** null while the operator's key is locked. */
  signer(): Signer | null
  candidates(): Promise<readonly CandidateKey[]>
  setup(name: string, choice: KeyChoice): Promise<Refusal | null>
  unlock(passphrase: string): Promise<Refusal | null>
  beginAgain(): Promise<Refusal | null>
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

export async function openStation(parts: StationParts): Promise<Station> {
  let current: Console | null = null
  let standing: LogRefusal | null = null
  let settings = await parts.settings.read()
  let signer: Signer | null = null
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of listeners) listener()
  }

  async function begin(people?: readonly FirstPerson[]): Promise<Refusal | null> {
    const journal = await parts.openLog(people)
    if ('refused' in journal) {
      standing = journal
      return journal
    }
    standing = null
    current = await openConsole({ ...parts, journal })
    current.onRuns(tell)
    return null
  }

  /** Quietly: a key that needs a passphrase is asked for on screen. */
  async function tryUnlock(passphrase?: string): Promise<Refusal | null> {
    const operator = settings.operator
    if (operator === null) return refusal('no-operator', 'Nobody is set up at this console.')
    try {
      signer =
        operator.source === 'agent'
          ? await parts.keys.fromAgent(operator.key, operator.name)
          : await parts.keys.fromFile(operator.path, operator.name, passphrase)
      return null
    } catch (cause) {
      return keyRefusal(cause)
    }
  }

  async function take(
    name: string,
    choice: KeyChoice,
  ): Promise<{ signer: Signer; operator: NonNullable<Settings['operator']> }> {
    switch (choice.kind) {
      case 'new': {
        const made = await parts.keys.create(name, choice.passphrase)
        return {
          signer: made.signer,
          operator: { name, source: 'file', path: made.path, key: made.signer.fingerprint },
        }
      }
      case 'file': {
        const found = await parts.keys.fromFile(choice.path, name, choice.passphrase)
        return { signer: found, operator: { name, source: 'file', path: choice.path, key: found.fingerprint } }
      }
      case 'agent': {
        const found = await parts.keys.fromAgent(choice.key, name)
        return { signer: found, operator: { name, source: 'agent', path: '', key: found.fingerprint } }
      }
    }
  }

  if (parts.hasLog()) {
    await begin()
    await tryUnlock()
  }

  return {
    version: parts.version,
    dataDir: parts.dataDir,
    isPractice: parts.practice !== null,
    practice: parts.practice,
    suggestedName: parts.suggestedName,
    library: parts.library,
    keys: parts.keys,
    blobs: parts.blobs,
    settings: parts.settings,
    console: () => current,
    refusal: () => standing,
    needsSetup: () => current === null && standing === null,
    operator: () => settings.operator,
    signer: () => signer,
    candidates: () => parts.keys.candidates(),
    async setup(name, choice) {
      if (current !== null || standing !== null) return refusal('set-up', 'This console is set up already.')
      try {
        const taken = await take(name, choice)
        const person = { name, publicKey: taken.signer.publicKey, isAdministrator: true }
        const refused = await begin([person])
        if (refused !== null) return refused
        settings = { ...settings, operator: taken.operator }
        await parts.settings.write(settings)
        signer = taken.signer
        tell()
        return null
      } catch (cause) {
        return keyRefusal(cause)
      }
    },
    async unlock(passphrase) {
      const refused = await tryUnlock(passphrase)
      if (refused === null) tell()
      return refused
    },
    async beginAgain() {
      if (standing?.beginAgain == null)
        return refusal('nothing-to-begin', 'A new log is begun only where this one cannot be gone on with.')
      const operator = settings.operator
      if (operator === null || signer === null) {
        const refused = await tryUnlock()
        if (refused !== null) return refused
      }
      const by = signer
      if (by === null) return refusal('locked', 'Unlock your key first: the new log begins with it.')
      const journal = await standing.beginAgain([{ name: by.name, publicKey: by.publicKey, isAdministrator: true }])
      if ('refused' in journal) {
        standing = journal
        return journal
      }
      standing = null
      current = await openConsole({ ...parts, journal })
      current.onRuns(tell)
      tell()
      return null
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await current?.close()
      current = null
    },
  }
}

function keyRefusal(cause: unknown): Refusal {
  if (isRefusal(cause)) return cause
  if (cause instanceof Error && errorCode(cause) !== '') return refusal(errorCode(cause), cause.message)
  throw cause
}
