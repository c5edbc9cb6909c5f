/** What authorises an entry, by its type. FORMAT.md section 7; unknown types need an act or a cause. */

/** nothing: neither is needed; act: always; act-or-policy: an act, or a cause where data.by is "policy". */
export type Authority = 'nothing' | 'act' | 'act-or-policy' | 'act-or-cause'

const NOTHING = ['genesis', 'boot', 'recovered', 'nonce.issued', 'archive.received']

const ACT = [
  'run.planned',
  'run.started',
  'run.resumed',
  'run.closed',
  'cells.settled',
  'cell.accepted',
  'host.excluded',
  'approval.given',
  'approval.refused',
  'approval.withdrawn',
  'gate.decided',
  'backout.givenUp',
  'note.recorded',
  'deviation.recorded',
  'host-key.accepted',
  'driver.taken',
  'plan.adopted',
  'operator.added',
  'operator.revoked',
  'entries.redacted',
]

const ACT_OR_POLICY = ['run.held', 'backout.planned', 'cells.skipped']

const TABLE: ReadonlyMap<string, Authority> = new Map([
  ...NOTHING.map((type) => [type, 'nothing'] as const),
  ...ACT.map((type) => [type, 'act'] as const),
  ...ACT_OR_POLICY.map((type) => [type, 'act-or-policy'] as const),
])

/** Acts that only an administrator may sign. */
export const ADMINISTRATORS_ACTS: ReadonlySet<string> = new Set([
  'operator.added',
  'operator.revoked',
  'entries.redacted',
])

export function authorityOf(type: string): Authority {
  return TABLE.get(type) ?? 'act-or-cause'
}

/** What is missing for an entry to be authorised; null when nothing is. Whether act and cause are good is not asked. */
export function missingAuthority(header: {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly act?: unknown
  readonly cause?: unknown
}): 'act-missing' | 'cause-missing' | null {
  const hasAct = header.act !== undefined
  const hasCause = header.cause !== undefined
  switch (authorityOf(header.type)) {
    case 'nothing':
      return null
    case 'act':
      return hasAct ? null : 'act-missing'
    case 'act-or-policy':
      return hasAct || (hasCause && header.data['by'] === 'policy') ? null : 'act-missing'
    case 'act-or-cause':
      return hasAct || hasCause ? null : 'cause-missing'
  }
}
