/** On a real terminal: who sits there is asked, what is secret does not show, and what is under way is told in one line. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ROOT } from '../../support/command.ts'
import { type Sshd, startSshd } from '../../support/sshd.ts'
import { inventory, knows } from './real-hosts.ts'
import { type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let server: Sshd
let at: Stage
let runbook: string
beforeAll(async () => {
  server = await startSshd()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  at = stage()
  inventory(at, server, [{ name: 'app1' }])
  knows(at, server)
  runbook = at.write(
    'runbook.yaml',
    `holdpoint: runbook/v1
id: seated
title: Seated
owner: anna
variables: { password: { type: secret } }
steps:
  - { id: work, kind: script, title: Work, on: app1, run: 'test "$P" = hunter2', secrets: { P: password }, duration: { expected: 1m }, backout: { none: Nothing to undo } }
  - { id: look, kind: manual, title: Look, needs: [work], instructions: Look at it., duration: { expected: 1m }, backout: { none: It only looks } }
`,
  )
})
afterEach(() => at[Symbol.dispose]())

async function onTerminal(
  argv: readonly string[],
  answers: readonly (readonly [string, string | { readonly touch: string }])[],
) {
  const child = spawn(
    'python3',
    [
      join(import.meta.dirname, 'on-a-terminal.py'),
      JSON.stringify(answers),
      process.execPath,
      'electron/entry/checkout.ts',
      ...argv,
      '--data',
      at.dataDir,
    ],
    { cwd: ROOT, env: { ...process.env, HOLDPOINT_STATE: at.stateDir }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let out = ''
  child.stdout.on('data', (bytes) => (out += String(bytes)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out }
}

test('a person begins, gives a secret that does not show, decides, and closes', async () => {
  const { code, out } = await onTerminal(
    ['run', runbook, '--live'],
    [
      ['Your name', 'Petra\r'],
      ['Value of the secret password', 'hunter2\r'],
      ['Which? ', '2\r'],
      ['Which? ', '1\r'],
    ],
  )
  expect({ code, out }).toMatchObject({ code: 0 })
  expect(out).not.toContain('hunter2')
  expect(out).toContain('To do: Look')
  // What is under way is drawn over itself.
  expect(out).toMatch(/LIVE: running, 1 running, 1 waiting\r\u001b\[2K/)
  const [run = ''] = at.runs()
  expect(at.entries(run).at(-1)).toMatchObject({ data: { result: 'done' }, act: { name: 'Petra' } })
})

test('who leaves the terminal leaves a run that waits, and can be resumed', async () => {
  const gone = await onTerminal(['run', runbook, '--live', '--operator', 'Petra'], [['Value of the secret', '\u0004']])
  expect({ ...gone, code: gone.code }).toMatchObject({ code: 3 })
  expect(gone.out).toContain('Nobody answers any more')
  const [run = ''] = at.runs()
  const ended = await onTerminal(
    ['resume', run],
    [
      ['Value of the secret', 'hunter2\r'],
      ['Which? ', '\u0003'],
    ],
  )
  expect(ended.code).toBe(130)
  expect(at.entries(run).filter(({ type, data }) => type === 'cell.ended' && data['step'] === 'work')).toMatchObject([
    { data: { state: 'passed' } },
  ])
})

const AFTER = `  - { id: after, kind: script, title: After, on: app1, needs: [first], run: 'true', duration: { expected: 1m }, backout: { none: Nothing to undo } }
`

/** A step that runs until a file is there, one after it that needs a secret, and a question meanwhile. @returns the file */
function runbookWithGate(more = ''): string {
  const gate = join(at.folder, 'gate')
  runbook = at.write(
    'runbook.yaml',
    `holdpoint: runbook/v1
id: seated
title: Seated
owner: anna
variables: { password: { type: secret } }
steps:
  - { id: first, kind: script, title: First, on: app1, run: 'while [ -d ${at.folder} ] && [ ! -e ${gate} ]; do sleep 0.05; done', duration: { expected: 1m }, backout: { none: Nothing to undo } }
  - { id: work, kind: script, title: Work, on: app1, needs: [first], run: 'test "$P" = hunter2', secrets: { P: password }, duration: { expected: 1m }, backout: { none: Nothing to undo } }
${more}  - { id: look, kind: manual, title: Look, instructions: Look at it., duration: { expected: 1m }, backout: { none: It only looks } }
`,
  )
  return gate
}

test('what a host waits for is asked while another question stands, which is asked again after it', async () => {
  const gate = runbookWithGate()
  const { code, out } = await onTerminal(
    ['run', runbook, '--live', '--operator', 'Petra'],
    [
      // Nothing is typed: the script may end now that the question stands.
      ['Which? ', { touch: gate }],
      ['Value of the secret password', 'hunter2\r'],
      ['Which? ', '2\r'],
      ['Which? ', '1\r'],
    ],
  )
  expect({ code, out }).toMatchObject({ code: 0 })
  expect(out.match(/To do: Look/g)).toHaveLength(2)
})

test('who has begun to type is not interrupted', async () => {
  const gate = runbookWithGate(AFTER)
  const { code, out } = await onTerminal(
    ['run', runbook, '--live', '--operator', 'Petra'],
    [
      ['Which? ', '2'],
      ['2', { touch: gate }],
      ['passed After', '\r'],
      ['Value of the secret password', 'hunter2\r'],
      ['Which? ', '1\r'],
    ],
  )
  expect({ code, out }).toMatchObject({ code: 0 })
  expect(out.match(/To do: Look/g)).toHaveLength(1)
})
