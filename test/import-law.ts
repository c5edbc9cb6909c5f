/** Runs dependency-cruiser over a tree and says which imports break the law. A tree that it did not read is a failure. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'

const ROOMS = ['shared', 'renderer', 'electron', 'test', 'resources']

/** The folders that design and law know. A new one needs its own lines in .dependency-cruiser.cjs, then its name here. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  shared: ['api', 'model', 'runbook', 'run', 'journal', 'criteria', 'text', 'replay', 'report'],
  renderer: ['app', 'api', 'store', 'screens', 'parts'],
  electron: 'entry shell host services engine cli disk store ssh probe library archive blobs keys practice'.split(' '),
}
export const LAWLESS_FOLDER = 'every-folder-has-its-law'

/** Fewer modules than this were never the whole program, whatever the disk says. */
export const FEWEST_MODULES = 20

const Cruise = z.object({
  modules: z.array(z.object({ source: z.string(), dependencies: z.array(z.object({ module: z.string() })) })),
  summary: z.object({
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string(), severity: z.string() }) }),
    ),
  }),
})

export type Violation = { readonly rule: string; readonly from: string; readonly to: string }
export type LawReport = {
  /** Our own modules that were read. */
  readonly cruised: number
  /** Source files on disk that dependency-cruiser did not read. */
  readonly unread: readonly string[]
  readonly violations: readonly Violation[]
}

/** @param root the folder that holds the rooms */
export async function importLaw(root: string): Promise<LawReport> {
  const rooms = ROOMS.filter((room) => existsSync(join(root, room)))
  const config = resolve(import.meta.dirname, '../.dependency-cruiser.cjs')
  const { modules, summary } = Cruise.parse(
    JSON.parse(await cruise(root, ['--config', config, '--output-type', 'json', ...rooms])),
  )
  const read = new Set(modules.map((module) => module.source))
  const onDisk = (await Promise.all(rooms.map((room) => sourcesUnder(root, room)))).flat()
  return {
    cruised: onDisk.filter((file) => read.has(file)).length,
    unread: onDisk.filter((file) => !read.has(file)),
    violations: [
      ...summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
      ...(await clocksAndDice(root, onDisk)),
      ...(await missedImports(root, modules)),
      ...onDisk.filter(isLawless).map((from) => ({ rule: LAWLESS_FOLDER, from, to: dirname(from) })),
    ],
  }
}

/**
 * The parser may meet a construct that it does not walk into, and then says nothing. What a plain look at the text finds
 * must have been found by it too.
 */
export const READ_WHOLE = 'every-import-is-read'
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g

async function missedImports(root: string, modules: z.infer<typeof Cruise>['modules']): Promise<Violation[]> {
  const ours = modules.filter(({ source }) => /^(shared|renderer|electron)\/.*[.]tsx?$/.test(source))
  const missed = await Promise.all(
    ours.map(async ({ source, dependencies }) => {
      const read = new Set(dependencies.map(({ module }) => module))
      const written = [...(await codeOf(root, source)).matchAll(RELATIVE_IMPORT)].map((match) => match[1] ?? '')
      return written.filter((to) => !read.has(to)).map((to) => ({ rule: READ_WHOLE, from: source, to }))
    }),
  )
  return missed.flat()
}

/** The text of a file without its comments. */
async function codeOf(root: string, file: string): Promise<string> {
  return (await readFile(join(root, file), 'utf8')).replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
}

function isLawless(file: string): boolean {
  const [room, folder, ...rest] = file.split('/')
  const known = FOLDERS[room ?? '']
  return known !== undefined && rest.length > 0 && !known.includes(folder ?? '')
}

/** What no import shows: in shared/ time and randomness arrive as values, and are never looked for. */
export const NO_CLOCK = 'shared-has-no-clock-and-no-dice'
const CLOCK_OR_DICE =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bMath\.random\b|\bTemporal\.Now\b|\bperformance\.now\b|\bgetRandomValues\b|\brandomUUID\b|\brandomBytes\b/

async function clocksAndDice(root: string, files: readonly string[]): Promise<Violation[]> {
  const shared = files.filter((file) => file.startsWith('shared/'))
  const found = await Promise.all(
    shared.map(async (from) => {
      const word = CLOCK_OR_DICE.exec(await codeOf(root, from))?.[0]
      return word === undefined ? [] : [{ rule: NO_CLOCK, from, to: word }]
    }),
  )
  return found.flat()
}

/** The plain words for a report, or nothing when the law is kept. */
export function brokenLaw(report: LawReport): string[] {
  return [
    ...(report.cruised < FEWEST_MODULES
      ? [`only ${report.cruised} modules were read, at least ${FEWEST_MODULES} were expected: the law was not checked`]
      : []),
    ...report.unread.map((file) => `not read: ${file}`),
    ...report.violations.map(({ rule, from, to }) => `${rule}: ${from}${to === from ? '' : ` → ${to}`}`),
  ]
}

function cruise(cwd: string, args: readonly string[]): Promise<string> {
  const cli = resolve(import.meta.dirname, '../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes))
    child.on('error', failed)
    // The exit code counts violations; only an empty answer means that it did not run.
    child.on('close', () =>
      out.length > 0 ? done(Buffer.concat(out).toString()) : failed(new Error(Buffer.concat(err).toString())),
    )
  })
}

async function sourcesUnder(root: string, room: string): Promise<string[]> {
  const entries = await readdir(join(root, room), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /[.]tsx?$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !/^test\/fixtures\/|^resources\/samples\//.test(file))
}

if (import.meta.main) {
  const report = await importLaw(resolve(import.meta.dirname, '..'))
  const broken = brokenLaw(report)
  for (const line of broken) console.error(line)
  console.log(`${report.cruised} modules read, ${broken.length} breaches`)
  process.exitCode = broken.length === 0 ? 0 : 1
}
