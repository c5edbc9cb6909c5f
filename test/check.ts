/** `npm run check`: format, lint, types, the law of imports, dead code. Two at a time; what failed is printed whole. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, ROOT, runNode } from './support/command.ts'

type Step = { readonly name: string; readonly args: readonly string[] }

const bin = (path: string) => join('node_modules', path)
const types = (room: string): Step => ({ name: `types of ${room}`, args: [bin('typescript/bin/tsc'), '-p', room] })

// The slow ones first, so that two at a time end together.
const STEPS: readonly Step[] = [
  { name: 'import law', args: ['test/import-law.ts'] },
  { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'dead code', args: [bin('knip/bin/knip.js'), '--no-progress', '--no-config-hints'] },
  types('test'),
  types('renderer'),
  types('electron'),
  types('shared'),
  { name: 'format', args: [bin('@biomejs/biome/bin/biome'), 'format', '.'] },
]

export type CheckResult = { readonly passed: readonly string[]; readonly failed: readonly string[] }

export async function check(): Promise<CheckResult> {
  const passed: string[] = []
  const failed: string[] = []
  const queue = [...STEPS]
  const work = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const ended = await runNode(step.args, { output: 'keep', limitMinutes: 5 })
      tell(step, ended)
      ;(ended.code === 0 ? passed : failed).push(step.name)
    }
  }
  await Promise.all([work(), work()])
  return { passed, failed }
}

function tell(step: Step, ended: Ended): void {
  const time = `${ended.seconds.toFixed(1)} s`
  if (ended.code === 0) return console.log(`  ok      ${step.name} (${time})`)
  console.log(`  FAILED  ${step.name} (${time}, exit ${ended.code}): node ${step.args.join(' ')}`)
  console.log(ended.output.trimEnd().replace(/^/gm, '    '))
}

if (import.meta.main) {
  if (!existsSync(join(ROOT, 'node_modules'))) throw new Error('run npm ci first')
  const { passed, failed } = await check()
  console.log(failed.length === 0 ? `${passed.length} checks passed` : `failed: ${failed.join(', ')}`)
  process.exitCode = failed.length === 0 ? 0 : 1
}
