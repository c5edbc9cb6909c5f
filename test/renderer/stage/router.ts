/** The contract, answered from the stage. */
import { implement } from '@orpc/server'
import { contract } from '../../../shared/api/contract.ts'
import type { OpenRunbook } from '../../../shared/api/runbooks.ts'
import type { RunFrame } from '../../../shared/api/runs.ts'
import { agreedOf } from '../../../shared/run/agreed.ts'
import { refusal } from '../../../shared/model/commands.ts'
import { ordersPlan } from './orders.ts'
import { approverKey, KEY } from './played-run.ts'
import type { StagedConsole } from './staged-console.ts'

const done = { done: true } as const

export function stageRouter(stage: StagedConsole) {
  const os = implement(contract)
  return os.router({
    console: {
      info: os.console.info.handler(() => stage.info()),
      candidateKeys: os.console.candidateKeys.handler(() => [
        {
          source: 'file',
          path: '/home/katrin/.ssh/id_ed25519',
          key: KEY,
          type: 'ssh-ed25519',
          comment: 'katrin@ops',
          needsPassphrase: true,
        },
        {
          source: 'agent',
          path: '',
          key: KEY,
          type: 'ecdsa-sha2-nistp256',
          comment: 'card 00 04',
          needsPassphrase: false,
        },
      ]),
      setup: os.console.setup.handler(() => {
        if (stage.setupRefusal !== null) return stage.setupRefusal
        stage.needsSetup = false
        stage.tell()
        return stage.info()
      }),
      unlock: os.console.unlock.handler(() => stage.info()),
      earlier: os.console.earlier.handler(() => [...stage.earlier]),
      beginAgain: os.console.beginAgain.handler(() => stage.info()),
      answer: os.console.answer.handler(({ input }) => {
        stage.asked = stage.asked.filter((one) => one.id !== input.id)
        stage.tell()
        return done
      }),
      watch: os.console.watch.handler(async function* ({ signal }) {
        yield stage.status()
        for await (const _ of ticks(stage, signal)) yield stage.status()
      }),
    },
    runbooks: {
      list: os.runbooks.list.handler(() => [openBook().summary, faultyBook().summary]),
      open: os.runbooks.open.handler(({ input }) => (input.id === 'sample:faulty' ? faultyBook() : openBook())),
      add: os.runbooks.add.handler(({ input }) =>
        input.path.endsWith('.yaml') ? openBook() : refusal('not-found', `There is no file ${input.path}.`),
      ),
      check: os.runbooks.check.handler(() => openBook()),
    },
    runs: {
      plan: os.runs.plan.handler(({ input }) => ({ run: stage.plan(input.mode) })),
      watch: os.runs.watch.handler(async function* ({ input, signal }): AsyncGenerator<RunFrame> {
        let from = input.from
        const take = (): RunFrame => {
          const events = stage.eventsOf(input.run, from)
          from = Math.max(from, (events.at(-1)?.ref.seq ?? from - 1) + 1)
          return { kind: 'events', events }
        }
        yield take()
        yield { kind: 'current' }
        yield { kind: 'needs', secrets: stage.secrets }
        yield { kind: 'host-keys', waiting: stage.hostKeys }
        for await (const _ of ticks(stage, signal)) {
          yield take()
          yield { kind: 'host-keys', waiting: stage.hostKeys }
        }
      }),
      events: os.runs.events.handler(({ input }) => stage.eventsOf(input.run, input.from).slice(0, input.limit)),
      act: os.runs.act.handler(({ input }) => stage.act(input.run, input.command) ?? done),
      approvers: os.runs.approvers.handler(({ input }) => {
        const roles = Object.keys(stage.runs.get(input.run)?.run.steps[input.gate]?.approvals ?? {})
        return roles.map((role) => ({
          role,
          name: `Practice ${role}`,
          key: approverKey(role),
          source: 'practice' as const,
        }))
      }),
      approve: os.runs.approve.handler(({ input }) => {
        const command = {
          gate: input.gate,
          role: input.role,
          key: approverKey(input.role),
          reason: input.reason ?? '-',
        }
        return stage.act(input.run, { do: input.answer, ...command }) ?? done
      }),
      secrets: os.runs.secrets.handler(() => {
        stage.secrets = []
        return done
      }),
      hostKey: os.runs.hostKey.handler(({ input }) => {
        const at = stage.hostKeys.findIndex((one) => one.host === input.host)
        if (at >= 0) stage.hostKeys.splice(at, 1)
        stage.tell()
        return done
      }),
      output: os.runs.output.handler(({ input }) => {
        const text = stage.output[input.stream]
        const bytes = Buffer.from(text).subarray(input.from, input.from + input.limit)
        return { from: input.from, base64: bytes.toString('base64'), total: Buffer.byteLength(text) }
      }),
      report: os.runs.report.handler(() => ({ text: '# Report' })),
    },
    log: {
      page: os.log.page.handler(({ input }) => {
        const all = stage.log
          .filter((entry) => input.before === null || entry.ref.seq < input.before)
          .filter(
            (entry) =>
              input.show === 'all' ||
              (input.show === 'acts' ? entry.act !== null : /ended|decided|finished/.test(entry.type)),
          )
          .filter((entry) => JSON.stringify(entry).toLowerCase().includes(input.find.toLowerCase()))
          .toReversed()
        const entries = all.slice(0, input.limit)
        return { entries, next: all.length > entries.length ? (entries.at(-1)?.ref.seq ?? null) : null }
      }),
      entry: os.log.entry.handler(({ input }) => {
        const entry = stage.log[input.seq]
        const bytes = stage.entryAt(input.seq)
        if (entry === undefined || bytes === undefined)
          return refusal('no-such-entry', `There is no entry ${input.seq}.`)
        return {
          seq: input.seq,
          ...bytes,
          signature:
            entry.act === null
              ? null
              : {
                  isGood: true,
                  name: entry.act.name,
                  key: KEY,
                  text: `Holdpoint act: ${entry.act.act}\n`,
                  armoured: '-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----',
                  command: `ssh-keygen -Y verify -f allowed_signers -n holdpoint-act -I "${entry.act.name}" -s ${input.seq}.sig < ${input.seq}.act`,
                },
          chainIsGood: true,
          clockStepMs: null,
        }
      }),
      verify: os.log.verify.handler(async function* () {
        const total = stage.log.length
        for (let part = 1; part <= 4; part += 1)
          yield { kind: 'progress' as const, done: Math.floor((total * part) / 4), total, what: 'entries' }
        const { origins, ...answer } = stage.verified()
        const marked = { ...answer, origins: origins.map((one) => ({ ...one, mark: 'checked' as const })) }
        const marksFolder = '/home/anna/.local/state/holdpoint/marks'
        yield { kind: 'verified' as const, answer: marked, tookMs: 1900, marksFolder }
      }),
    },
    archive: {
      status: os.archive.status.handler(() => stage.status().archive),
      set: os.archive.set.handler(({ input }) => {
        stage.archivePath = input.path
        stage.tell()
        return stage.status().archive
      }),
      sync: os.archive.sync.handler(async function* () {
        yield { kind: 'progress' as const, done: 10, total: 20, what: 'files' }
        yield stage.sync()
      }),
      verify: os.archive.verify.handler(async function* () {
        yield { kind: 'verified' as const, answer: stage.verified(), tookMs: 2100 }
      }),
    },
  })
}

/** Says that something changed, at most every 100 ms, until the listener leaves. */
async function* ticks(stage: StagedConsole, signal: AbortSignal | undefined): AsyncGenerator<void> {
  let wake: () => void = () => undefined
  let isDirty = false
  const unsubscribe = stage.subscribe(() => {
    isDirty = true
    wake()
  })
  signal?.addEventListener('abort', () => wake())
  try {
    while (signal?.aborted !== true) {
      if (!isDirty) await new Promise<void>((resolve) => (wake = resolve))
      isDirty = false
      yield
    }
  } finally {
    unsubscribe()
  }
}

function openBook(): OpenRunbook {
  const { plan, words } = ordersPlan(Date.parse('2026-12-05T21:00:00Z'))
  const text = bookText()
  return {
    summary: {
      id: 'sample:orders',
      isSample: true,
      title: words.title,
      path: 'samples/orders-db-15/runbook.yaml',
      version: '9c41e07b'.repeat(8),
      faults: 0,
      warnings: 0,
      steps: plan.steps.length,
      window: plan.window,
    },
    text,
    faults: [],
    steps: plan.steps.map((step, index) => ({
      id: step.id,
      kind: step.kind,
      title: words.steps[step.id]?.title ?? step.id,
      workstream: step.workstream,
      owner: words.workstreams[step.workstream]?.owner ?? '',
      needs: step.needs,
      expectedMs: step.expectedMs,
      line: 8 + index * 10,
      hosts: plan.sets.find((set) => set.name === step.targets)?.hosts ?? [],
      pointOfNoReturn: step.pointOfNoReturn,
      hasBackout: step.backout !== null,
      agreed: agreedOf(step, words.steps[step.id]),
      instructions: words.steps[step.id]?.instructions ?? null,
      script:
        step.kind === 'script'
          ? `#!/bin/sh\nset -eu\necho "${step.id} on $(hostname)"\nsystemctl restart orders\n`
          : null,
    })),
    hosts: plan.sets
      .flatMap((set) => (set.name === 'db' || set.name === 'app' ? set.hosts : []))
      .map((name) => ({ name, address: `${name}.example`, user: 'ops', tags: ['app'], isPractice: false })),
    variables: [
      { name: 'version', type: 'string', default: '15.4', description: 'The version that is installed' },
      { name: 'password', type: 'secret', default: null, description: null },
    ],
    checkedInMs: 12,
  }
}

function faultyBook(): OpenRunbook {
  const book = openBook()
  return {
    ...book,
    summary: {
      ...book.summary,
      id: 'sample:faulty',
      isSample: false,
      title: 'Payment gateway certificate rotation',
      path: '/srv/cutover/pay-208/runbook.yaml',
      faults: 2,
      warnings: 1,
    },
    faults: [
      {
        rule: 'unknown-variable',
        severity: 'fault',
        line: 14,
        column: 24,
        message: 'worker_count is not declared.',
        fix: 'Declare it under variables, or write workers.',
      },
      {
        rule: 'backout-after-point-of-no-return',
        severity: 'fault',
        line: 31,
        column: 5,
        message: 'archive-14 has a backout but runs after open-writes.',
        fix: 'Remove the backout.',
      },
      {
        rule: 'duration-unrehearsed',
        severity: 'warning',
        line: 42,
        column: 15,
        message: 'replicas: 50 min is a guess; rehearsals took 52 and 57.',
        fix: 'Use 57 min.',
      },
    ],
  }
}

function bookText(): string {
  const { plan, words } = ordersPlan(Date.parse('2026-12-05T21:00:00Z'))
  const head = [
    'holdpoint: runbook/v1',
    'id: orders-db-15',
    `title: ${words.title}`,
    'owner: dba-lead',
    'window: { start: 2026-12-05T22:00, end: 2026-12-06T04:00, zone: Europe/Berlin }',
    '',
    'steps:',
  ]
  const steps = plan.steps.flatMap((step) => [
    `  - id: ${step.id}`,
    `    kind: ${step.kind}`,
    `    title: ${words.steps[step.id]?.title ?? ''}`,
    `    workstream: ${step.workstream}`,
    `    on: tag:${step.targets ?? 'none'}      # frozen when the run starts`,
    `    needs: [${step.needs.join(', ')}]`,
    `    with: { VERSION: "\${version}", ROOT: /opt/orders }`,
    '    waves: [2, 8, 100%]',
    `    duration: { expected: ${step.expectedMs / 60_000}m, timeout: 25m }`,
    '',
  ])
  return [...head, ...steps].join('\n')
}
