/** What authorises an entry, by its type. FORMAT.md section 7; unknown types need an act or a cause. */

/**
 * nothing: neither is needed; act: always; act-or-policy: an act, or a cause where data.by is "policy"; act-or-lead: an
 * act, or to be led by one; act-or-cause: an act or a cause, and as act-or-lead where data.by is "person".
 */
export type Authority = 'nothing' | 'act' | 'act-or-policy' | 'act-or-lead' | 'act-or-cause'

const NOTHING = ['genesis', 'boot', 'recovered', 'nonce.issued', 'archive.received']

const ACT = [
  'run.planned',
  'run.started',
  'run.resumed',
  'run.closed',
  'cells.settled',
  'verify.asked',
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

const ACT_OR_LEAD = ['backout.retried']

const TABLE: ReadonlyMap<string, Authority> = new Map([
  ...NOTHING.map((type) => [type, 'nothing'] as const),
  ...ACT.map((type) => [type, 'act'] as const),
  ...ACT_OR_POLICY.map((type) => [type, 'act-or-policy'] as const),
  ...ACT_OR_LEAD.map((type) => [type, 'act-or-lead'] as const),
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

/** Of an entry, what is asked here. */
export type Authorised = {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly act?: unknown
  readonly cause?: unknown
}

/**
 * The entry that leads where one stands in the log: the act whose consequences go up to here without anything else between.
 * `any` after an entry that could not be read: it may have been that act, or one of its consequences.
 */
export type Lead = number | 'any' | null

export const NO_LEAD: Lead = null

/** @param header of entry `seq`; null where it cannot be read @returns the lead for the entry after it */
export function leadAfter(lead: Lead, seq: number, header: Pick<Authorised, 'act' | 'cause'> | null): Lead {
  if (header === null) return 'any'
  if (header.act !== undefined) return seq
  return isLed(header, lead) ? header.cause : null
}

function isLed<H extends { readonly cause?: unknown }>(
  header: H,
  lead: Lead,
): header is H & { readonly cause: number } {
  return typeof header.cause === 'number' && (lead === 'any' || lead === header.cause)
}

/**
 * What is missing for an entry to be authorised; null when nothing is. Whether act and cause are good is not asked.
 * @param lead where it stands
 */
export function missingAuthority(header: Authorised, lead: Lead): 'act-missing' | 'cause-missing' | null {
  const hasAct = header.act !== undefined
  const hasCause = header.cause !== undefined
  switch (authorityOf(header.type)) {
    case 'nothing':
      return null
    case 'act':
      return hasAct ? null : 'act-missing'
    case 'act-or-policy':
      return hasAct || (hasCause && header.data['by'] === 'policy') ? null : 'act-missing'
    case 'act-or-lead':
      return hasAct || isLed(header, lead) ? null : 'act-missing'
    case 'act-or-cause':
      // What a person did is signed, alone or with what it was signed together with. Any cause would do for anybody.
      if (header.data['by'] === 'person') return hasAct || isLed(header, lead) ? null : 'act-missing'
      return hasAct || hasCause ? null : 'cause-missing'
  }
}
