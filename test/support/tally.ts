/** Counts what vitest and Playwright report, so that no failure, and no test that did not run, is lost in the sum. */
import { relative } from 'node:path'
import { z } from 'zod'

export type Tally = { readonly passed: number; readonly failed: readonly string[]; readonly skipped: readonly string[] }

export const VitestReport = z.object({
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

export const PlaywrightReport = z.object({
  suites: z.array(PlaywrightSuite),
  errors: z.array(z.object({ message: z.string().optional() })),
})

/** @param root the folder that file names are told relative to */
export function tallyVitest(report: z.infer<typeof VitestReport>, root: string): Tally {
  const tests = report.testResults.flatMap((result) => {
    const name = relative(root, result.name)
    const own = result.assertionResults.map(({ status, fullName }) => ({
      status,
      title: `${name} › ${fullName.trim()}`,
    }))
    // A file that could not be loaded, or whose set-up broke, has no test that says so.
    return result.status === 'failed' && own.every((test) => test.status !== 'failed')
      ? [...own, { status: 'failed', title: `${name}: ${result.message ?? 'did not load'}` }]
      : own
  })
  return tally(
    tests,
    (status) => status === 'passed',
    (status) => status === 'failed',
  )
}

export function tallyPlaywright(report: z.infer<typeof PlaywrightReport>): Tally {
  const { passed, failed, skipped } = tally(
    report.suites.flatMap(specsOf),
    (status) => status === 'expected',
    // A test that passed only on a second try did not pass.
    (status) => status === 'unexpected' || status === 'flaky',
  )
  return {
    passed,
    failed: [...failed, ...report.errors.map((error) => error.message ?? 'an error without words')],
    skipped,
  }
}

/** A runner that ended badly, or that ran nothing, failed even if no test says so. */
export function withExit(suite: string, code: number, counted: Tally): Tally {
  if (counted.failed.length > 0) return counted
  if (code !== 0) return { ...counted, failed: [`${suite}: the runner exited with ${code}`] }
  if (counted.passed === 0) return { ...counted, failed: [`${suite}: no test ran`] }
  return counted
}

/** The line that ends a run: `N passed, N failed`, and what was skipped when something was. */
export function closingLine(tallies: readonly Tally[]): string {
  const count = (list: (one: Tally) => number) => tallies.reduce((total, one) => total + list(one), 0)
  const skipped = count((one) => one.skipped.length)
  const closing = `${count((one) => one.passed)} passed, ${count((one) => one.failed.length)} failed`
  return skipped === 0 ? closing : `${closing}, ${skipped} skipped`
}

type Test = { readonly status: string; readonly title: string }

/** What is neither passed nor failed was skipped, under whatever name. */
function tally(
  tests: readonly Test[],
  isPassed: (status: string) => boolean,
  isFailed: (status: string) => boolean,
): Tally {
  const titles = (keep: (status: string) => boolean) =>
    tests.filter(({ status }) => keep(status)).map(({ title }) => title)
  return {
    passed: titles(isPassed).length,
    failed: titles(isFailed),
    skipped: titles((status) => !isPassed(status) && !isFailed(status)),
  }
}

function specsOf(suite: z.infer<typeof PlaywrightSuite>): Test[] {
  return [
    ...suite.specs.flatMap((spec) =>
      spec.tests.map(({ status }) => ({ status, title: `${suite.title} › ${spec.title}` })),
    ),
    ...(suite.suites ?? []).flatMap(specsOf),
  ]
}
