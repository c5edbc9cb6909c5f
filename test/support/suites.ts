/** Runs one suite in its own runner, streamed to the terminal, and counts it from the runner's JSON report. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { check } from '../check.ts'
import { ROOT, runNode } from './command.ts'
import { PlaywrightReport, type Tally, tallyPlaywright, tallyVitest, VitestReport, withExit } from './tally.ts'

const RESULTS = join(ROOT, 'test-results')
const LIMIT_MINUTES = 20

export async function checkSuite(): Promise<Tally> {
  const { passed, failed } = await check()
  return { passed: passed.length, failed, skipped: [] }
}

export async function buildSuite(): Promise<Tally> {
  const args = ['resources/packaging/build.ts', '--if-stale']
  const ended = await runNode(args, { output: 'show', limitMinutes: LIMIT_MINUTES })
  return ended.code === 0 ? { passed: 1, failed: [], skipped: [] } : { passed: 0, failed: ['build'], skipped: [] }
}

export async function vitestSuite(project: 'unit' | 'integration'): Promise<Tally> {
  const file = reportFile(project)
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--reporter=default', '--reporter=json']
  const ended = await runNode([...args, `--outputFile.json=${file}`], { output: 'show', limitMinutes: LIMIT_MINUTES })
  const report = read(file, VitestReport)
  return report === undefined ? unreported(project) : withExit(project, ended.code, tallyVitest(report, ROOT))
}

export async function playwrightSuite(project: 'browser' | 'desktop'): Promise<Tally> {
  const file = reportFile(project)
  const args = ['node_modules/@playwright/test/cli.js', 'test', '--project', project, '--reporter', 'list,json']
  const ended = await runNode(args, {
    output: 'show',
    limitMinutes: LIMIT_MINUTES,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  })
  const report = read(file, PlaywrightReport)
  return report === undefined ? unreported(project) : withExit(project, ended.code, tallyPlaywright(report))
}

function unreported(suite: string): Tally {
  return { passed: 0, failed: [`${suite}: no report was written`], skipped: [] }
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
