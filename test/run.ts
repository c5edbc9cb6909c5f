/**
 * `npm test`: the system's parts, then check, build, unit, integration and browser tests, streamed as they run.
 * The last line sums them all. `npm test -- unit browser` runs only those.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { check } from './check.ts'
import { ROOT, runNode } from './support/command.ts'
import { provideSystemParts } from './support/system-parts.ts'

type Tally = { readonly passed: number; readonly failed: readonly string[]; readonly skipped: readonly string[] }

const RESULTS = join(ROOT, 'test-results')
const SUITE_LIMIT_MINUTES = 20

const SUITES: Readonly<Record<string, () => Promise<Tally>>> = {
  check: async () => {
    const { passed, failed } = await check()
    return { passed: passed.length, failed, skipped: [] }
  },
  build: async () => {
    const ended = await runNode(['resources/packaging/build.ts'], { output: 'show', limitMinutes: SUITE_LIMIT_MINUTES })
    return ended.code === 0 ? { passed: 1, failed: [], skipped: [] } : { passed: 0, failed: ['build'], skipped: [] }
  },
  unit: () => vitest('unit'),
  integration: () => vitest('integration'),
  browser: () => playwright('browser'),
}

/** Playwright and the desktop suite, wherever an Electron binary is. */
export async function playwright(project: 'browser' | 'desktop'): Promise<Tally> {
  const file = reportFile(project)
  const args = ['node_modules/@playwright/test/cli.js', 'test', '--project', project, '--reporter', 'list,json']
  const ended = await runNode(args, {
    output: 'show',
    limitMinutes: SUITE_LIMIT_MINUTES,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  })
  const report = read(file, PlaywrightReport)
  if (report === undefined) return { passed: 0, failed: [`${project}: no report was written`], skipped: [] }
  const tests = report.suites.flatMap(specsOf)
  const named = (status: string) => tests.filter((test) => test.status === status).map((test) => test.title)
  // A test that passed only on a second try did not pass.
  const failed = [...named('unexpected'), ...named('flaky'), ...report.errors.map((error) => error.message ?? project)]
  return withExit(project, ended.code, { passed: named('expected').length, failed, skipped: named('skipped') })
}

async function vitest(project: 'unit' | 'integration'): Promise<Tally> {
  const file = reportFile(project)
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project]
  const ended = await runNode([...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
    output: 'show',
    limitMinutes: SUITE_LIMIT_MINUTES,
  })
  const report = read(file, VitestReport)
  if (report === undefined) return { passed: 0, failed: [`${project}: no report was written`], skipped: [] }
  const tests = report.testResults.flatMap((result) => {
    const name = relative(ROOT, result.name)
    const own = result.assertionResults.map(({ status, fullName }) => ({
      status,
      title: `${name} › ${fullName.trim()}`,
    }))
    // A file that could not be loaded has no tests to fail.
    return result.status === 'failed' && own.every((test) => test.status !== 'failed')
      ? [...own, { status: 'failed', title: `${name}: ${result.message ?? 'did not load'}` }]
      : own
  })
  const titles = (keep: (status: string) => boolean) =>
    tests.filter((test) => keep(test.status)).map((test) => test.title)
  return withExit(project, ended.code, {
    passed: titles((status) => status === 'passed').length,
    failed: titles((status) => status === 'failed'),
    skipped: titles((status) => status !== 'passed' && status !== 'failed'),
  })
}

/** A runner that ended badly, or that ran nothing, failed even if no test says so. */
function withExit(suite: string, code: number, tally: Tally): Tally {
  if (tally.failed.length > 0) return tally
  if (code !== 0) return { ...tally, failed: [`${suite}: the runner exited with ${code}`] }
  if (tally.passed === 0) return { ...tally, failed: [`${suite}: no test ran`] }
  return tally
}

const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
})

const PlaywrightSuite = z.object({
  title: z.string(),
  get suites() {
    return z.array(PlaywrightSuite).optional()
  },
  specs: z.array(z.object({ title: z.string(), tests: z.array(z.object({ status: z.string() })) })),
})
const PlaywrightReport = z.object({
  suites: z.array(PlaywrightSuite),
  errors: z.array(z.object({ message: z.string().optional() })),
})

function specsOf(suite: z.infer<typeof PlaywrightSuite>): { title: string; status: string }[] {
  return [
    ...suite.specs.flatMap((spec) =>
      spec.tests.map(({ status }) => ({ status, title: `${suite.title} › ${spec.title}` })),
    ),
    ...(suite.suites ?? []).flatMap(specsOf),
  ]
}

function reportFile(suite: string): string {
  const file = join(RESULTS, `${suite}.json`)
  mkdirSync(RESULTS, { recursive: true })
  // An old report must never be taken for this run's.
  rmSync(file, { force: true })
  return file
}

function read<T extends z.ZodType>(file: string, schema: T): z.infer<T> | undefined {
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !(name in SUITES))
  if (unknown.length > 0) {
    console.error(`no suite is called ${unknown.join(', ')}; there are: ${Object.keys(SUITES).join(', ')}`)
    return 2
  }
  const missing = provideSystemParts((line) => console.log(line))
  if (missing.length > 0) {
    for (const line of missing) console.error(line)
    return 1
  }
  const all: { name: string; tally: Tally; seconds: number }[] = []
  for (const [name, suite] of Object.entries(SUITES)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
    const began = performance.now()
    all.push({ name, tally: await suite(), seconds: (performance.now() - began) / 1000 })
  }
  return sum(all)
}

function sum(all: readonly { name: string; tally: Tally; seconds: number }[]): number {
  console.log(`\n── summary ${'─'.repeat(53)}`)
  for (const { name, tally, seconds } of all) {
    console.log(
      `  ${name.padEnd(12)} ${tally.passed} passed, ${tally.failed.length} failed, ${tally.skipped.length} skipped in ${seconds.toFixed(0)} s`,
    )
    for (const title of tally.failed) console.log(`    failed:  ${title.split('\n')[0]}`)
    for (const title of tally.skipped) console.log(`    skipped: ${title}`)
  }
  const count = (list: (tally: Tally) => number) => all.reduce((total, { tally }) => total + list(tally), 0)
  const failed = count((tally) => tally.failed.length)
  const skipped = count((tally) => tally.skipped.length)
  const closing = `${count((tally) => tally.passed)} passed, ${failed} failed`
  console.log(skipped === 0 ? closing : `${closing}, ${skipped} skipped`)
  return failed === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
