/** Both samples, by the very command line of the documentation, and what can be proved of their log afterwards. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { asRunEvent, type Recorded } from '../../../shared/model/events.ts'
import { fold } from '../../../shared/run/fold.ts'
import { questions } from '../../../shared/run/questions.ts'
import { cellsOf } from '../../../shared/run/rules.ts'
import { counts, runPhase, shownState } from '../../../shared/run/shown.ts'
import type { Run } from '../../../shared/run/state.ts'
import { ROOT } from '../../support/command.ts'
import { traces } from './secret-search.ts'
import { documents, type Said, type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** What the live run had after each of its entries, as far as a replay tells of it. */
type Told = Pick<Run, 'phase' | 'result'> & Record<string, unknown>

function told(run: Run): Told {
  return {
    phase: runPhase(run) as Run['phase'],
    result: run.result,
    counts: counts(run),
    pointOfNoReturn: run.noReturn,
    cells: run.order.flatMap((step) =>
      cellsOf(run, step).map((cell) => ({
        step,
        host: cell.target,
        state: shownState(run, step, cell.target),
        tries: cell.tries,
      })),
    ),
    asked: questions(run, run.lastAtMs).map(({ kind, step, target }) => ({ kind, step, host: target })),
  }
}

/** Header and payload as they lie in the database, read by SQL and JSON alone. */
type Row = {
  readonly seq: number
  readonly header: { type: string; at: string; data: Record<string, unknown>; act?: Record<string, unknown> }
  readonly payload: Record<string, unknown>
}

function rows(dataDir: string, run: string): Row[] {
  const database = new Database(join(dataDir, 'journal.db'), { readonly: true })
  try {
    return database
      .prepare<[], { seq: number; header: Uint8Array; payload: Uint8Array }>(
        'SELECT seq, header, payload FROM entries ORDER BY seq',
      )
      .all()
      .map(({ seq, header, payload }) => ({
        seq,
        header: JSON.parse(Buffer.from(header).toString()) as Row['header'],
        payload: JSON.parse(Buffer.from(payload).toString()) as Row['payload'],
      }))
      .filter(({ header }) => header.data['run'] === run)
  } finally {
    database.close()
  }
}

const SAMPLES = [
  { name: 'app-release', exit: 1, result: 'backed-out', noReturn: null, secret: null },
  { name: 'database-upgrade', exit: 0, result: 'done', noReturn: 'switch', secret: 'correct-horse-battery' },
] as const

describe.each(SAMPLES)('the sample $name', ({ name, exit, result, noReturn, secret }) => {
  let at: Stage
  let said: Said
  let run: string
  let printed: Recorded[]

  beforeAll(async () => {
    at = stage()
    const folder = `resources/samples/${name}`
    said = await at.process([
      'run',
      `${folder}/runbook.yaml`,
      '--practice',
      '--live',
      '--answers',
      `${folder}/answers.yaml`,
      '--data',
      at.dataDir,
      '--json',
    ])
    printed = documents(said.out).flatMap(({ event }) => (event === undefined ? [] : [event as Recorded]))
    run = String(documents(said.out).at(-1)?.['run'])
  }, 180_000)
  afterAll(() => at[Symbol.dispose]())

  test('runs unattended to its end', () => {
    expect(said).toMatchObject({ exit, err: '' })
    expect(documents(said.out).at(-1)).toMatchObject({ v: 1, run, phase: 'closed', result, exit })
    expect(printed.every((event) => event.data['run'] === run)).toBe(true)
  })

  test('prints exactly what lies in its log', () => {
    expect(at.runs()).toEqual([run])
    expect(printed).toEqual(at.entries(run))
  })

  test('leaves a log that both verifiers find whole, here and in an archive, against what was pinned', async () => {
    const archive = join(at.folder, 'archive')
    const verified = await at.here(['journal', 'verify', '--json'])
    expect(JSON.parse(verified.out)).toMatchObject({
      v: 1,
      ok: true,
      trust: 'self-asserted',
      origins: [{ problems: [] }],
    })
    expect(verified.exit).toBe(0)

    const synced = await at.here(['sync', relative(process.cwd(), archive), '--json'])
    expect(synced).toMatchObject({ exit: 0, err: '' })
    // The place is kept whole: the next console is started elsewhere.
    expect(readFileSync(join(at.dataDir, 'settings.json'), 'utf8')).toContain(JSON.stringify(archive))
    const trust = at.write('trust', (await at.here(['trust', 'export'])).out)
    const { size, root } = JSON.parse(synced.out) as { size: number; root: string }
    const pinned = await at.cli(['archive', 'verify', archive, '--json'])
    expect(JSON.parse(pinned.out)).toMatchObject({ ok: true, trust: 'self-asserted', origins: [{ size, root }] })

    // The export was made after the sync, whose receipt the archive does not have: it is shorter than what is pinned.
    const short = await at.cli(['archive', 'verify', archive, '--trust', trust, '--json'])
    expect(short.exit).toBe(1)
    expect((await at.here(['sync', archive])).exit).toBe(0)
    const whole = await at.cli(['archive', 'verify', archive, '--trust', trust, '--json'])
    expect(JSON.parse(whole.out)).toMatchObject({ ok: true, trust: 'pinned', origins: [{ problems: [] }] })
    const here = await at.here(['journal', 'verify', '--trust', trust, '--json'])
    expect(JSON.parse(here.out)).toMatchObject({ ok: true, trust: 'pinned' })

    const python = spawnSync('python3', ['resources/verify/verify.py', archive, '--trust', trust, '--json'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(python.stderr).toBe('')
    expect(python.status).toBe(0)
    expect(JSON.parse(python.stdout)).toMatchObject({ ok: true, trust: 'pinned', origins: [{ problems: [] }] })
  }, 120_000)

  test('replays, at every entry, to the state that the live run had there', async () => {
    let live: Run | null = null
    let seen = 0
    for (const entry of printed) {
      const event = asRunEvent(entry)
      if (event === null) throw new Error(`${entry.type} is no event of a run`)
      live = fold(live, event)
      if (live === null) throw new Error('the first entry plans the run')
      const replayed = await at.cli(['replay', at.dataDir, run, '--at', String(entry.ref.seq), '--json'])
      expect(JSON.parse(replayed.out)).toMatchObject({ v: 1, run, entry: entry.ref.seq, ...told(live) })
      seen += 1
    }
    expect(seen).toBeGreaterThan(40)
    const archive = join(at.folder, 'archive')
    expect(existsSync(archive)).toBe(true)
    const keys = Object.keys(JSON.parse((await at.cli(['replay', at.dataDir, '--json'])).out) as object)
    // As docs/command-line.md says; a key may be added within a version, none may go.
    const documented =
      'v run title mode isPractice entry origin at phase result counts pointOfNoReturn cells asked conflicts'
    expect(keys).toEqual(documented.split(' '))
    const there = await at.cli(['replay', archive, run, '--json'])
    expect(JSON.parse(there.out)).toMatchObject(live === null ? {} : told(live))
    const before = await at.cli(['replay', at.dataDir, run, '--at', '0'])
    expect(before).toMatchObject({ exit: 2, out: '' })
  }, 120_000)

  test('reports what a query of the log finds', async () => {
    const found = rows(at.dataDir, run)
    const report = JSON.parse((await at.here(['report', run, '--format', 'json'])).out) as Record<string, unknown>
    const of = (type: string) => found.filter(({ header }) => header.type === type)
    expect(report).toMatchObject({
      format: 'holdpoint-report/v1',
      run,
      title: of('run.planned')[0]?.payload['title'],
      mode: 'live',
      isPractice: true,
      result: of('run.closed')[0]?.header.data['result'],
      startedAt: of('run.started')[0]?.header.at,
      closedAt: of('run.closed')[0]?.header.at,
      // It is passed with the intent of the step's first attempt.
      pointOfNoReturn:
        noReturn === null
          ? null
          : {
              step: noReturn,
              at: of('attempt.started').find(({ header }) => header.data['step'] === noReturn)?.header.at,
            },
      log: { first: found[0]?.seq, last: found.at(-1)?.seq },
    })
    const acts = found.filter(({ header }) => header.act !== undefined)
    expect(acts.length).toBeGreaterThan(5)
    expect(report['decisions']).toEqual(
      acts.map(({ seq, header, payload }) =>
        expect.objectContaining({
          entry: seq,
          at: header.at,
          act: header.act?.['act'],
          subject: header.act?.['subject'],
          role: header.act?.['role'],
          ...((payload['reason'] as { text?: string } | undefined)?.text === undefined
            ? {}
            : { reason: (payload['reason'] as { text: string }).text }),
        }),
      ),
    )
    const tries = new Map<string, number>()
    for (const { header } of of('attempt.started')) {
      if (header.data['purpose'] !== 'main') continue
      tries.set(`${String(header.data['step'])} ${String(header.data['target'])}`, Number(header.data['try']))
    }
    const steps = report['steps'] as { id: string; cells: { host: string; tries: number }[] }[]
    const listed = new Map(steps.flatMap(({ id, cells }) => cells.map((cell) => [`${id} ${cell.host}`, cell.tries])))
    for (const [cell, count] of tries) expect([cell, listed.get(cell)]).toEqual([cell, count])
    expect([...listed.values()].reduce((sum, count) => sum + count, 0)).toBe(
      of('attempt.started').filter(({ header }) => header.data['purpose'] === 'main').length,
    )

    const { exit, out } = await at.here(['report', run, '--format', 'md'])
    expect(exit).toBe(0)
    expect(out).toContain('**live, on practice hosts**')
    expect(out).toContain(result)
    for (const { seq } of acts) expect(out).toContain(`| ${seq} |`)
    for (const { payload } of acts) {
      const reason = (payload['reason'] as { text?: string } | undefined)?.text
      if (reason !== undefined) expect(out).toContain(reason)
    }
  })

  test('writes no secret down', async () => {
    if (secret !== null) expect(await traces(secret, [at.folder])).toEqual([])
    // The same search finds what is there: the mask that stands in its place, or a name.
    expect(await traces(secret === null ? 'Practice lead' : '******', [at.folder])).not.toEqual([])
  })
})
