/**
 * `npm run bench`: each row in a process of its own, one after another; a table on stdout, all figures in
 * bench/results.json. `npm run bench -- append chain` measures only these; `--quick` does a tenth of the work, to see that a
 * row works at all, and judges nothing. Exit code 1: a target was missed, or a row with a target was not measured.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, runNode } from '../support/command.ts'
import { provideSystemParts } from '../support/system-parts.ts'
import { load, thisMachine } from './machine.ts'
import { notMeasured, type Row, type Size, sizeOf } from './measure.ts'
import { BENCHES, type Bench } from './benches.ts'
import { detailsOf, tableOf } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, one: { type: 'string' }, to: { type: 'string' } },
})
const size = sizeOf(values.quick)

if (values.one === undefined) process.exitCode = await all(positionals)
else await one(values.one, size, values.to)

/** A process of its own: what one measures does not warm, fill or starve the next. */
async function one(name: string, given: Size, to: string | undefined): Promise<void> {
  const bench = BENCHES[name]
  if (bench === undefined) throw new Error(`there is no bench ${name}`)
  const rows = await bench.measure(given)
  if (to === undefined) console.log(`${tableOf(rows)}\n\n${detailsOf(rows)}`)
  else writeFileSync(to, JSON.stringify(rows))
}

async function all(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name))
  if (unknown.length > 0) {
    console.error(`no bench is called ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`)
    return 2
  }
  const at = new Date().toISOString()
  const rows: Row[] = []
  const loads: Record<string, readonly [number, number]> = {}
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const before = load()
    console.log(`── ${name} (load ${before})`)
    rows.push(...(await measured(name, bench)))
    loads[name] = [before, load()]
  }
  const shown = values.quick ? rows.map(unjudged) : rows
  mkdirSync(join(ROOT, 'bench'), { recursive: true })
  const results = { v: 1, at, machine: thisMachine(), isQuick: values.quick, loads, rows: shown }
  writeFileSync(join(ROOT, 'bench/results.json'), `${JSON.stringify(results, null, 2)}\n`)
  console.log(`\n${tableOf(shown)}\n\n${detailsOf(shown)}`)
  const before = Math.max(...Object.values(loads).map(([first]) => first))
  const { cores, processor, memoryGiB, node, clush } = thisMachine()
  console.log(
    `\n${at}, ${cores} × ${processor}, ${memoryGiB} GiB, Node ${node}, ${clush ?? 'no clush'}; highest load before a row: ${before}`,
  )
  const isJudged = shown.filter(({ target }) => target !== null)
  return values.quick || isJudged.every(({ verdict }) => verdict === 'ok') ? 0 : 1
}

async function measured(name: string, bench: Bench): Promise<readonly Row[]> {
  const need = { who: 'This row needs', parts: bench.needs }
  const missing = provideSystemParts((line) => console.log(line), undefined, need)
  if (missing.length > 0) return bench.rows.map((row) => notMeasured(row, missing.join(' ')))
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-bench-'))
  const file = join(folder, 'rows.json')
  try {
    const args = ['test/bench/run.ts', '--one', name, '--to', file, ...(values.quick ? ['--quick'] : [])]
    const { code } = await runNode(args, { output: 'show', limitMinutes: bench.limitMinutes })
    if (code === 0) return JSON.parse(readFileSync(file, 'utf8')) as Row[]
    const why = `it ended with ${code}; see above`
    return bench.rows.map((row) => notMeasured(row, why))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A tenth of the work says nothing of the whole. */
function unjudged(row: Row): Row {
  return {
    ...row,
    verdict: 'not measured',
    notes: [...row.notes, 'a tenth of the work: to see that it works, not how fast'],
  }
}
