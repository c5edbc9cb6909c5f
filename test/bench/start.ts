/** From `npm start` to a screen that answers, with a long journal and with none. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from '@playwright/test'
import { ROOT, runNode } from '../support/command.ts'
import { chromiumPath } from '../support/system-parts.ts'
import { longJournal } from './long-journal.ts'
import { reported, type Row, type Size } from './measure.ts'

const LIMIT_MS = 120_000

export async function start(size: Size): Promise<readonly Row[]> {
  const built = await runNode(['resources/packaging/build.ts', '--if-stale'], { output: 'show', limitMinutes: 10 })
  if (built.code !== 0) throw new Error('the console could not be built')
  const executablePath = chromiumPath()
  await using browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const rounds = size.rounds(5)
  const work = `\`npm start -- --browser --no-practice\`, built before; from its start until a page of a Chromium that runs already`
  await using journal = await longJournal(size.count(100_000))
  const long = await several(rounds, browser, () => ({
    dataDir: journal.dataDir,
    stateDir: journal.stateDir,
    isReady: isHome,
  }))
  const fresh = await severalFresh(rounds, browser)
  return [
    reported(
      {
        name: 'start with 100,000 entries',
        unit: 'ms',
        ourWork: `${work} shows the changes of ${journal.size.toLocaleString('en')} entries and opens a dialog on a click: the whole journal is read, checked against its seal and folded; ${shares(long)}`,
      },
      long.map(({ ms }) => ms),
    ),
    reported(
      {
        name: 'start with a fresh folder',
        unit: 'ms',
        ourWork: `${work} asks for a name and takes it; ${shares(fresh)}`,
      },
      fresh.map(({ ms }) => ms),
    ),
  ]
}

type Started = { readonly ms: number; readonly linkMs: number }
type Place = {
  readonly dataDir: string
  readonly stateDir: string
  readonly isReady: (page: Page) => Promise<void>
}

function shares(all: readonly Started[]): string {
  const first = all[0]
  return first === undefined
    ? ''
    : `of ${first.ms.toFixed(0)} ms in the first round the link was there after ${first.linkMs.toFixed(0)}`
}

async function several(rounds: number, browser: Browser, place: () => Place): Promise<readonly Started[]> {
  const all: Started[] = []
  for (let round = -1; round < rounds; round++) {
    const started = await startOnce(browser, place())
    if (round >= 0) all.push(started)
  }
  return all
}

async function severalFresh(rounds: number, browser: Browser): Promise<readonly Started[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'))
  let count = 0
  try {
    return await several(rounds, browser, () => {
      const own = join(folder, String(++count))
      return { dataDir: join(own, 'data'), stateDir: join(own, 'state'), isReady: isFirstStart }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function startOnce(browser: Browser, { dataDir, stateDir, isReady }: Place): Promise<Started> {
  await mkdir(stateDir, { recursive: true })
  const context = await browser.newContext()
  const page = await context.newPage()
  page.setDefaultTimeout(LIMIT_MS)
  const began = performance.now()
  // A group of its own: npm, its shell, and what that starts end together.
  const npm = spawn('npm', ['start', '--', '--browser', '--no-practice', '--data', dataDir], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { ...process.env, HOLDPOINT_STATE: stateDir },
  })
  const gone = new Promise<void>((done) => npm.once('exit', () => done()))
  const endGroup = (signal: NodeJS.Signals) => {
    try {
      if (npm.pid !== undefined) process.kill(-npm.pid, signal)
    } catch {
      // All of it had ended.
    }
  }
  const onExit = () => endGroup('SIGKILL')
  process.once('exit', onExit)
  try {
    const link = await linkOf(npm.stdout)
    const linkMs = performance.now() - began
    await page.goto(link)
    await isReady(page)
    return { ms: performance.now() - began, linkMs }
  } finally {
    await context.close()
    endGroup('SIGTERM')
    const late = setTimeout(endGroup, 15_000, 'SIGKILL')
    await gone
    clearTimeout(late)
    process.off('exit', onExit)
  }
}

function linkOf(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((done, fail) => {
    const limit = setTimeout(() => fail(new Error('no link was printed')), LIMIT_MS)
    const lines = createInterface({ input: output })
    lines.on('line', (line) => {
      const link = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(line)?.[0]
      if (link === undefined) return
      clearTimeout(limit)
      done(link)
    })
    lines.on('close', () => fail(new Error('it ended before a link was printed')))
  })
}

async function isHome(page: Page): Promise<void> {
  await page.getByText('Orders').first().waitFor()
  await page.getByRole('button', { name: 'Open a runbook…' }).first().click()
  await page.getByRole('dialog').waitFor()
}

async function isFirstStart(page: Page): Promise<void> {
  const name = page.getByLabel('Your name, as signatures show it')
  await name.fill('Anna Lead')
  if ((await name.inputValue()) !== 'Anna Lead') throw new Error('the name was not taken')
}
