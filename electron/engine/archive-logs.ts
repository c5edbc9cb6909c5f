/** The logs of an archive, read-only: what a reviewer replays who has no console of their own. Verifies nothing. */
import { archiveOrigins, archiveSource } from '../../shared/journal/archive-source.ts'
import { parseHeader, parsePayload, textOfPayload } from '../../shared/journal/entry.ts'
import { parseAct } from '../../shared/journal/act.ts'
import { bytesOfBase64 } from '../../shared/journal/bytes.ts'
import { fingerprintOf, parseKeyLine } from '../../shared/journal/ssh-wire.ts'
import { parseSshSig } from '../../shared/journal/sshsig.ts'
import type { Sha256 } from '../../shared/journal/bytes.ts'
import type { ActSeen, Recorded } from '../../shared/model/events.ts'
import type { Archive } from './ports.ts'

export type ArchiveLog = AsyncDisposable & {
  readonly origin: string
  runs(): Promise<readonly string[]>
  read(run: string): Promise<readonly Recorded[]>
}

export async function archiveLogs(archive: Archive, sha256: Sha256): Promise<readonly ArchiveLog[]> {
  const origins = await archiveOrigins(archive)
  return origins.map((origin) => ({
    origin,
    async runs() {
      const found = new Set<string>()
      for await (const entry of entriesOf(archive, origin, sha256)) {
        const { run } = entry.data
        if (typeof run === 'string') found.add(run)
      }
      return [...found]
    },
    async read(run) {
      const found: Recorded[] = []
      for await (const entry of entriesOf(archive, origin, sha256)) if (entry.data['run'] === run) found.push(entry)
      return found
    },
    async [Symbol.asyncDispose]() {},
  }))
}

async function* entriesOf(archive: Archive, origin: string, sha256: Sha256): AsyncGenerator<Recorded> {
  const source = await archiveSource(archive, origin)
  const names = new Map<string, string>()
  for await (const { seq, header: bytes, payload } of source.entries(0)) {
    const read = parseHeader(bytes)
    if (!('header' in read)) continue
    const { header } = read
    const parsed = payload === null ? null : parsePayload(payload)
    const text = parsed === null ? null : textOfPayload(parsed)
    learnNames(names, header, text, sha256)
    yield {
      ref: { origin, seq },
      at: header.at,
      type: header.type,
      data: header.data,
      text,
      act: actSeen(header, names, sha256),
      cause: header.cause ?? null,
    }
  }
}

type HeaderRead = {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly act?: unknown
  readonly sig?: unknown
}

/** Fingerprint → name, from the entries that introduce people. */
function learnNames(
  names: Map<string, string>,
  header: HeaderRead,
  text: Readonly<Record<string, unknown>> | null,
  sha256: Sha256,
): void {
  const learn = (id: unknown, key: unknown, name: unknown): void => {
    const line = typeof key === 'string' ? parseKeyLine(key) : null
    if (line !== null) names.set(fingerprintOf(sha256, line.blob), typeof name === 'string' ? name : String(id))
  }
  if (header.type === 'operator.added') learn(header.data['id'], header.data['key'], text?.['name'])
  const people = header.type === 'genesis' ? header.data['operators'] : null
  if (!Array.isArray(people)) return
  const told = (text?.['names'] ?? {}) as Readonly<Record<string, unknown>>
  for (const person of people as readonly { id?: unknown; key?: unknown }[])
    learn(person.id, person.key, told[String(person.id)])
}

function actSeen(header: HeaderRead, names: ReadonlyMap<string, string>, sha256: Sha256): ActSeen | null {
  const act = parseAct(header.act)
  const blob = typeof header.sig === 'string' ? bytesOfBase64(header.sig) : null
  const parsed = blob === null ? null : parseSshSig(blob)
  if (act === null || parsed === null) return null
  const key = fingerprintOf(sha256, parsed.publicKey)
  return { act: act.act, subject: act.subject ?? '', role: act.role ?? '', name: names.get(key) ?? 'unknown', key }
}
