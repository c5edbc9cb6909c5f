import { expect, test } from 'vitest'
import { boardRows, hostsOf, type RowOptions, type StepRow } from '../../../../renderer/parts/board/rows.ts'
import { schedule } from '../../../../shared/run/schedule.ts'
import { StagedConsole } from '../../stage/staged-console.ts'

const played = new StagedConsole({}).runs.get('orders-db-15-3')
if (played === undefined) throw new Error('the staged run is missing')
const { run, words } = played
const nowMs = Date.now()
const options: RowOptions = {
  run,
  words,
  schedule: schedule(run, nowMs),
  nowMs,
  isFolded: false,
  opened: new Set(),
  chosen: null,
}
const steps = (rows: ReturnType<typeof boardRows>) => rows.filter((row): row is StepRow => row.kind === 'step')

test('every step has one row, under its workstream, with every host that it acts on', () => {
  const rows = boardRows(options)
  expect(
    steps(rows)
      .map((row) => row.id)
      .toSorted(),
  ).toEqual([...run.order].toSorted())
  expect(rows.filter((row) => row.kind === 'stream').map((row) => row.id)).toEqual(run.workstreams)
  expect(hostsOf(run)).toHaveLength(15)
  expect(steps(rows).find((row) => row.id === 'install-84')?.cells.size).toBe(12)
})

test('what failed or is unknown is told by the row, and never folded away', () => {
  const rows = boardRows({ ...options, isFolded: true })
  expect(steps(rows).find((row) => row.id === 'install-84')?.state).toBe('failed')
  expect(steps(rows).find((row) => row.id === 'replicas')?.state).toBe('unknown')
  const folded = rows.flatMap((row) => (row.kind === 'fold' ? row.steps : []))
  expect(folded.length).toBeGreaterThan(5)
  expect(folded.every((row) => row.state === 'passed')).toBe(true)
  expect(folded.length + steps(rows).length).toBe(run.order.length)
})

test('an opened fold shows its steps, and a chosen step is not folded', () => {
  const fold = boardRows({ ...options, isFolded: true }).find((row) => row.kind === 'fold')
  if (fold === undefined) throw new Error('nothing was folded')
  const opened = boardRows({ ...options, isFolded: true, opened: new Set([fold.id]) })
  expect(steps(opened).some((row) => row.id === fold.id)).toBe(true)
  const chosen = boardRows({ ...options, isFolded: true, chosen: 'upgrade' })
  expect(steps(chosen).some((row) => row.id === 'upgrade')).toBe(true)
})

test('a bar is never longer than what happened: none ends after now but what is expected', () => {
  for (const row of steps(boardRows(options)))
    for (const bar of row.bars) {
      expect(bar.toMs).toBeGreaterThanOrEqual(bar.fromMs)
      if (bar.look === 'actual' || bar.look === 'unknown') expect(bar.toMs).toBeLessThanOrEqual(nowMs)
    }
  const replicas = steps(boardRows(options)).find((row) => row.id === 'replicas')
  expect(replicas?.bars.some((bar) => bar.look === 'unknown' && bar.toMs === nowMs)).toBe(true)
})
