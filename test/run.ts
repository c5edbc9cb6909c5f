/**
 * `npm test`: the system's parts, then check, build, unit, integration and browser tests, streamed as they run.
 * The last line sums them all. `npm test -- unit browser` runs only those.
 */
import { stripVTControlCharacters } from 'node:util'
import { buildSuite, checkSuite, playwrightSuite, vitestSuite } from './support/suites.ts'
import { provideSystemParts } from './support/system-parts.ts'
import { closingLine, type Tally } from './support/tally.ts'

const SUITES: Readonly<Record<string, () => Promise<Tally>>> = {
  check: checkSuite,
  build: buildSuite,
  unit: () => vitestSuite('unit'),
  integration: () => vitestSuite('integration'),
  browser: () => playwrightSuite('browser'),
}

type Ran = { readonly name: string; readonly tally: Tally; readonly seconds: number }

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !Object.hasOwn(SUITES, name))
  if (unknown.length > 0) {
    console.error(`no suite is called ${unknown.join(', ')}; there are: ${Object.keys(SUITES).join(', ')}`)
    return 2
  }
  const missing = provideSystemParts((line) => console.log(line))
  if (missing.length > 0) {
    for (const line of missing) console.error(line)
    return 1
  }
  const ran: Ran[] = []
  for (const [name, suite] of Object.entries(SUITES)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
    const began = performance.now()
    ran.push({ name, tally: await suite(), seconds: (performance.now() - began) / 1000 })
  }
  summarise(ran)
  return ran.every(({ tally }) => tally.failed.length === 0) ? 0 : 1
}

/** Runners colour their messages; a summary is read in logs. */
function firstLine(text: string): string {
  return stripVTControlCharacters(text).trim().split('\n')[0] ?? ''
}

function summarise(ran: readonly Ran[]): void {
  console.log(`\n── summary ${'─'.repeat(53)}`)
  for (const { name, tally, seconds } of ran) {
    console.log(`  ${name.padEnd(12)} ${closingLine([tally])} in ${seconds.toFixed(0)} s`)
    for (const title of tally.failed) console.log(`    failed:  ${firstLine(title)}`)
    for (const title of tally.skipped) console.log(`    skipped: ${title}`)
  }
  console.log(closingLine(ran.map(({ tally }) => tally)))
}

process.exitCode = await main(process.argv.slice(2))
