/** The run that the pictures tell: orders database 14 → 15, 3 db and 12 app hosts, 38 steps in 4 workstreams. */
import type { Plan, PlanWords, StepPlan } from '../../../shared/model/plan.ts'

type Row = readonly [
  id: string,
  kind: StepPlan['kind'],
  title: string,
  workstream: string,
  needs: string,
  set: string | null,
  minutes: number,
  more?: Partial<StepPlan>,
]

const undo = (minutes: number): Partial<StepPlan> => ({
  backout: { expectedMs: minutes * 60_000, by: 'script', hasCheck: false },
})
const approvals = { 'application-owner': 1, infrastructure: 1, security: 1 }
const waves = [2, 8, 12]

const ROWS: readonly Row[] = [
  ['roll-call', 'manual', 'Roll call and shift brief', 'control', '', null, 5],
  ['go', 'gate', 'Go / no-go', 'control', 'space backup-age lag app-space app-health ports', null, 15, { approvals }],
  ['notice', 'manual', 'Tell the service desk: orders read-only', 'control', 'go', null, 2],
  ['smoke', 'script', 'Smoke test on two pilots', 'control', 'keep-83', 'pilots', 8],
  [
    'business',
    'manual',
    'Business check: ten test orders',
    'control',
    'app-probe',
    null,
    20,
    { evidenceRequired: true },
  ],
  [
    'final-go',
    'gate',
    'Go past the point of no return',
    'control',
    'business lag-15',
    null,
    10,
    { approvals: { 'application-owner': 1 } },
  ],
  ['real-orders', 'manual', 'Watch real orders for 15 min', 'control', 'workers', null, 15],
  ['all-clear', 'milestone', 'All clear and hand over', 'control', 'real-orders page-off archive-14', null, 1],
  ['space', 'probe', 'Room for both versions', 'database', 'roll-call', 'db', 3],
  ['backup-age', 'probe', 'Full backup younger than 24 h', 'database', 'roll-call', 'db', 3],
  ['lag', 'probe', 'Replication lag under 5 s', 'database', 'roll-call', 'replicas', 2],
  ['freeze', 'script', 'Stop batch jobs and schema changes', 'database', 'go', 'primary', 4, undo(2)],
  ['read-only', 'script', 'Set orders read-only', 'database', 'freeze', 'primary', 2, undo(1)],
  ['base-backup', 'script', 'Last base backup before the upgrade', 'database', 'read-only', 'primary', 38],
  ['stop-14', 'script', 'Stop PostgreSQL 14', 'database', 'base-backup', 'db', 5, undo(4)],
  ['upgrade', 'script', 'Upgrade the cluster', 'database', 'stop-14', 'primary', 25, undo(12)],
  ['start-15', 'script', 'Start 15, compare catalogues', 'database', 'upgrade', 'primary', 8, undo(3)],
  [
    'replicas',
    'script',
    'Rebuild the replicas',
    'database',
    'start-15',
    'replicas',
    50,
    { hasVerify: true, ...undo(8) },
  ],
  ['analyze', 'script', 'Analyze in three stages', 'database', 'start-15', 'primary', 40],
  ['lag-15', 'probe', 'Replicas stream, lag under 5 s', 'database', 'replicas', 'replicas', 5],
  ['open-writes', 'script', 'Open 15 for writes', 'database', 'final-go', 'primary', 5, { pointOfNoReturn: true }],
  ['archive-14', 'script', 'Archive the 14 cluster', 'database', 'open-writes', 'db', 20],
  ['app-space', 'probe', 'Room in /opt', 'application', 'roll-call', 'app', 3],
  ['app-health', 'probe', 'Service healthy on 8.3', 'application', 'roll-call', 'app', 3],
  ['stop-workers', 'script', 'Stop the orders workers', 'application', 'go', 'workers', 8, undo(3)],
  ['stop-83', 'script', 'Stop orders 8.3', 'application', 'stop-workers drain', 'app', 8, undo(4)],
  ['keep-83', 'script', 'Keep 8.3 beside 8.4', 'application', 'stop-83', 'app', 10, undo(2)],
  [
    'install-84',
    'script',
    'Install orders 8.4, driver 15',
    'application',
    'keep-83 start-15',
    'app',
    12,
    { waves, ...undo(9) },
  ],
  [
    'point-at-15',
    'script',
    'Point at 15, raise the pool',
    'application',
    'install-84',
    'app',
    14,
    { waves, ...undo(4) },
  ],
  ['start-84', 'script', 'Start orders 8.4', 'application', 'point-at-15', 'app', 18, { waves, ...undo(5) }],
  ['app-probe', 'probe', 'Health and error rate on 8.4', 'application', 'start-84', 'app', 24],
  ['workers', 'script', 'Start the orders workers', 'application', 'open-writes', 'workers', 8],
  ['remove-83', 'script', 'Remove 8.3', 'application', 'workers', 'app', 10],
  ['ports', 'probe', 'Ports 5432 and 6432 reachable', 'network', 'roll-call', 'app', 2],
  ['page-on', 'manual', 'Maintenance page on', 'network', 'go', null, 3, undo(1)],
  ['drain', 'script', 'Drain hosts from the pool', 'network', 'page-on', 'app', 6, undo(3)],
  ['pool', 'script', 'Return hosts to the pool', 'network', 'workers', 'app', 6],
  ['page-off', 'manual', 'Maintenance page off', 'network', 'pool', null, 3],
]

const two = (n: number): string => String(n).padStart(2, '0')
const app = Array.from({ length: 12 }, (_, index) => `ord-app-${two(index + 1)}`)

/** @param startMs when the window opens */
export function ordersPlan(startMs: number): { readonly plan: Plan; readonly words: PlanWords } {
  const steps = ROWS.map((row) => stepPlan(row))
  return {
    plan: {
      runbook: 'orders-db-15',
      window: {
        start: new Date(startMs).toISOString(),
        end: new Date(startMs + 6 * 3_600_000).toISOString(),
        zone: 'Europe/Berlin',
      },
      outage: null,
      workstreams: ['control', 'database', 'application', 'network'],
      sets: [
        { name: 'db', hosts: ['ord-db-1', 'ord-db-2', 'ord-db-3'] },
        { name: 'primary', hosts: ['ord-db-1'] },
        { name: 'replicas', hosts: ['ord-db-2', 'ord-db-3'] },
        { name: 'app', hosts: app },
        { name: 'pilots', hosts: app.slice(0, 2) },
        { name: 'workers', hosts: app.slice(0, 10) },
      ],
      steps,
    },
    words: {
      title: 'Orders database 14 → 15',
      owner: 'K. Vogel',
      ticket: 'ORD-15',
      workstreams: {
        control: { owner: 'K. Vogel' },
        database: { owner: 'M. Dvořák' },
        application: { owner: 'I. Aydın' },
        network: { owner: 'J. Brandt' },
      },
      steps: Object.fromEntries(
        ROWS.map(([id, kind, title]) => [
          id,
          {
            title,
            ...(kind === 'manual' || kind === 'gate' ? { instructions: INSTRUCTIONS } : {}),
            ...(kind === 'script' ? { command: `scripts/${id}.sh` } : {}),
          },
        ]),
      ),
    },
  }
}

const INSTRUCTIONS = `Open the **order desk** and place ten orders, one for each tariff.

1. Each shows a number within 3 s.
2. Each appears in the warehouse queue.

Write the ten numbers below; see \`runbook/checks.md\` for the list.`

export function stepPlan([id, kind, , workstream, needs, set, minutes, more]: Row): StepPlan {
  return {
    id,
    kind,
    workstream,
    needs: needs === '' ? [] : needs.split(' '),
    targets: set,
    waves: [],
    expectedMs: minutes * 60_000,
    timeoutMs: null,
    silentMs: null,
    retry: { times: 0, afterMs: 0 },
    onFailure: 'ask',
    successExit: [0],
    hasCheck: false,
    hasVerify: false,
    hasDiagnostics: false,
    hasCondition: false,
    backout: null,
    approvals: {},
    evidenceRequired: false,
    pointOfNoReturn: false,
    notBefore: null,
    latestStart: null,
    timeboxMs: null,
    ...more,
  }
}

/** Many steps in four workstreams, each on all of many hosts. */
export function largePlan(
  steps: number,
  hosts: number,
  startMs: number,
): { readonly plan: Plan; readonly words: PlanWords } {
  const base = ordersPlan(startMs)
  const ids = Array.from({ length: steps }, (_, index) => `step-${index + 1}`)
  const rows = ids.map((id, index) =>
    stepPlan([
      id,
      'script',
      '',
      base.plan.workstreams[index % 4] ?? 'control',
      index < 4 ? '' : `step-${index - 3}`,
      'all',
      1,
    ]),
  )
  const title = 'Umschalten der Lastverteilung im Rechenzentrum Süd, einschließlich aller nachgelagerten Dienste'
  return {
    plan: {
      ...base.plan,
      sets: [
        { name: 'all', hosts: Array.from({ length: hosts }, (_, index) => `node-${String(index).padStart(3, '0')}`) },
      ],
      steps: rows,
    },
    words: {
      ...base.words,
      title,
      steps: Object.fromEntries(ids.map((id, index) => [id, { title: `${title} ${index + 1}` }])),
    },
  }
}
