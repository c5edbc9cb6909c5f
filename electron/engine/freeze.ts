/** Freezes a runbook for a run: everything it works with becomes a blob, and comes back from blobs, also right after. */
import { parseProbe } from '../../shared/criteria/parse-probe.ts'
import type { ProbeDefinition } from '../../shared/criteria/probe.ts'
import { isRefusal, type PersonCommand, type Refusal, refusal } from '../../shared/model/commands.ts'
import type { Host } from '../../shared/model/inventory.ts'
import type { BlobRef, Mode } from '../../shared/model/words.ts'
import { type CheckContext, checkRunbook } from '../../shared/runbook/check.ts'
import type { Fault } from '../../shared/text/fault.ts'
import { compile } from '../../shared/runbook/compile.ts'
import { parseInventory, resolveHosts } from '../../shared/runbook/inventory.ts'
import { parseRunbook } from '../../shared/runbook/parse.ts'
import { resolveVariables, secretNames } from '../../shared/runbook/variables.ts'
import { runbookVersion } from '../../shared/runbook/version.ts'
import type { Material } from './material.ts'
import type { BlobStore, Journal, RunbookFolder } from './ports.ts'

/** Practice hosts as they are reached now, and whether a real host could be. */
export type Practice = { readonly hosts: readonly Host[] }

/** What a run is asked to be made from. */
export type PlanRequest = {
  readonly folder: RunbookFolder
  readonly mode: Mode
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

type Frozen = Pick<
  Extract<PersonCommand, { do: 'planRun' }>,
  'version' | 'plan' | 'words' | 'variables' | 'files' | 'blobs'
>

const RUNBOOK = 'runbook.yaml'
const HOSTS = 'hosts.yaml'
const WRITTEN_HOSTS = 'hosts.yaml as written'
const PROBES = 'probe:'

/** Hosts as the run will reach them: on practice hosts nothing else is ever reached. */
export function hostsOf(
  { hostsText, sshHosts }: Pick<RunbookFolder, 'hostsText' | 'sshHosts'>,
  practice: Practice | null,
): readonly Host[] | Refusal {
  const { inventory, faults } = hostsText === null ? { inventory: null, faults: [] } : parseInventory(hostsText)
  if (hostsText !== null && inventory === null) {
    const first = faults[0]
    return refusal(
      'bad-inventory',
      first === undefined
        ? 'The inventory cannot be read.'
        : `hosts.yaml, line ${first.line}: ${first.message} ${first.fix}`,
    )
  }
  const hosts = inventory === null ? sshHosts : resolveHosts(inventory)
  if (practice === null) return hosts.map((host) => filledIn(host, sshHosts))
  if (hostsText === null) return practice.hosts
  const reached: Host[] = []
  for (const host of hosts) {
    const found = practice.hosts.find((one) => one.name === host.name)
    if (found === undefined) {
      const names = practice.hosts.map((one) => one.name).join(', ')
      return refusal(
        'not-a-practice-host',
        `${host.name} is not a practice host (${names}). Run this runbook without --practice to reach it.`,
      )
    }
    reached.push({ ...found, tags: host.tags, groups: host.groups })
  }
  return reached
}

/** What the inventory leaves open is taken from `~/.ssh/config`, as ssh itself would. */
function filledIn(host: Host, sshHosts: readonly Host[]): Host {
  const known = sshHosts.find((one) => one.name === host.name)
  if (known === undefined || host.address !== host.name) return host
  return {
    ...host,
    address: known.address,
    port: host.port === 22 ? known.port : host.port,
    user: host.user ?? known.user,
    identity: host.identity ?? known.identity,
  }
}

/** null: there are none, and an inventory without hosts is not one. */
function frozenHosts(hosts: readonly Host[]): string | null {
  return hosts.length === 0 ? null : inventoryText(hosts)
}

/** Hosts as an inventory that says all: what a run is frozen with. JSON is YAML. */
function inventoryText(hosts: readonly Host[]): string {
  const told = ({ address, port, user, identity, tags }: Host) => ({
    address,
    port,
    ...(user === null ? {} : { user }),
    ...(identity === null ? {} : { identity }),
    tags,
  })
  const groups = [...new Set(hosts.flatMap((host) => host.groups))].map(
    (group) =>
      [group, { hosts: hosts.filter((host) => host.groups.includes(group)).map((host) => host.name) }] as const,
  )
  const inventory = {
    holdpoint: 'hosts/v1',
    ...(groups.length === 0 ? {} : { groups: Object.fromEntries(groups) }),
    hosts: Object.fromEntries(hosts.map((host) => [host.name, told(host)])),
  }
  return `${JSON.stringify(inventory, null, 2)}\n`
}

/** Probes of a runbook, and what is wrong with those that can be none. */
export function probesOf(
  folder: Pick<RunbookFolder, 'probes'>,
): Required<Pick<CheckContext, 'probes' | 'probeFaults'>> {
  const probes = new Map<string, ProbeDefinition>()
  const probeFaults = new Map<string, readonly Fault[]>()
  for (const [name, text] of folder.probes) {
    const { definition, faults } = parseProbe(text)
    if (definition === null) probeFaults.set(name, faults)
    else probes.set(name, definition)
  }
  return { probes, probeFaults }
}

export async function freeze(
  request: PlanRequest,
  blobs: BlobStore,
  practice: Practice | null,
): Promise<Frozen | Refusal> {
  const { folder } = request
  const hosts = hostsOf(folder, practice)
  if (isRefusal(hosts)) return hosts
  const checked = checkRunbook(folder.text, { files: folder.files, ...probesOf(folder), hosts })
  const fault = checked.faults.find((one) => one.severity === 'fault')
  if (checked.document === null || fault !== undefined) {
    const where = fault === undefined ? '' : `Line ${fault.line}: ${fault.message} `
    return refusal('runbook-has-faults', `${where}A runbook with faults is not run. See holdpoint check.`)
  }
  const compiled = compile(checked.document, { hosts })
  if (isRefusal(compiled)) return compiled
  const variables = resolveVariables(checked.document, request.variables)
  if (isRefusal(variables)) return variables
  const kept = await keep(folder, practice === null ? frozenHosts(hosts) : folder.hostsText, blobs)
  return { version: runbookVersion(checked.document), ...compiled, variables, ...kept }
}

/** @param hostsText what the run will read back; the inventory as written is kept beside it */
async function keep(
  folder: RunbookFolder,
  hostsText: string | null,
  blobs: BlobStore,
): Promise<{ files: Record<string, string>; blobs: BlobRef[] }> {
  const encoder = new TextEncoder()
  const contents = new Map<string, Uint8Array>([[RUNBOOK, encoder.encode(folder.text)]])
  if (hostsText !== null) contents.set(HOSTS, encoder.encode(hostsText))
  if (folder.hostsText !== null && folder.hostsText !== hostsText)
    contents.set(WRITTEN_HOSTS, encoder.encode(folder.hostsText))
  for (const [path, bytes] of folder.files) contents.set(`./${path}`, bytes)
  for (const [name, text] of folder.probes) contents.set(`${PROBES}${name}`, encoder.encode(text))
  const files: Record<string, string> = {}
  const refs: BlobRef[] = []
  for (const [name, bytes] of contents) {
    const ref = await blobs.put(name, bytes)
    files[name] = ref.sha256
    refs.push(ref)
  }
  return { files, blobs: refs }
}

/** Reads back what a run was frozen with. */
export async function materialOf(
  journal: Journal,
  blobs: BlobStore,
  run: string,
  practice: Practice | null,
): Promise<Material | Refusal> {
  const planned = journal.read({ from: 0, run, limit: 1 })[0]
  const text = planned?.text
  if (planned?.type !== 'run.planned' || text == null)
    return refusal('plan-redacted', 'The plan of this run was redacted: it can be read, not run.')
  const files = text['files'] as Readonly<Record<string, string>>
  const variables = text['variables'] as Readonly<Record<string, string>>
  const contents = new Map<string, Uint8Array>()
  for (const [name, sha256] of Object.entries(files)) {
    const bytes = await blobs.read(sha256)
    if (bytes === null) return refusal('blob-missing', `${name} of this run is missing from the blobs of this console.`)
    contents.set(name, bytes)
  }
  const textOf = (name: string): string | null => {
    const bytes = contents.get(name)
    return bytes === undefined ? null : new TextDecoder().decode(bytes)
  }
  const { document } = parseRunbook(textOf(RUNBOOK) ?? '')
  if (document === null) return refusal('runbook-unreadable', 'The runbook of this run cannot be read by this version.')
  const hosts = hostsOf({ hostsText: textOf(HOSTS), sshHosts: [] }, practice)
  if (isRefusal(hosts)) return hosts
  const probeTexts = [...contents.keys()]
    .filter((name) => name.startsWith(PROBES))
    .map((name) => [name.slice(PROBES.length), textOf(name) ?? ''] as const)
  return {
    runbook: document,
    probes: probesOf({ probes: new Map(probeTexts) }).probes,
    variables,
    secrets: secretNames(document),
    file: (path) => contents.get(`./${path}`) ?? null,
    host: (name) => hosts.find((host) => host.name === name) ?? null,
  }
}
