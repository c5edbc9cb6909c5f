/** Ctrl-C over work that is under way says what it would cost, once; where nothing is under way it ends at once. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRefusal } from '../../../shared/model/commands.ts'
import { openScreen } from '../../support/host-screen.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const RUNBOOK = `holdpoint: runbook/v1
id: waits
title: Waits for a file
owner: lead
steps:
  - id: wait
    kind: script
    title: Wait
    on: app1
    run: |
      #!/bin/sh
      echo begun
      while [ -d "$(dirname "$FILE")" ] && [ ! -e "$FILE" ]; do sleep 0.2; done
    with: { FILE: "\${file}" }
    duration: { expected: 1m }
    backout: { none: It changes nothing }
variables:
  file: { type: string }
`

test('work that is under way is named before it is left', async () => {
  await mkdir(join(folder, 'book'))
  const runbook = join(folder, 'book', 'runbook.yaml')
  await writeFile(runbook, RUNBOOK)
  await using screen = await openScreen({
    dataDir: join(folder, 'data'),
    stateDir: join(folder, 'state'),
    isPractice: true,
  })
  const { client, pid } = screen
  const allowed = <T>(answer: T): Exclude<T, { refused: true }> => {
    if (isRefusal(answer)) throw new Error(answer.message)
    return answer as Exclude<T, { refused: true }>
  }
  const file = join(folder, 'go-on')
  allowed(await client.console.setup({ name: 'Anna Lead', key: { kind: 'new' } }))
  allowed(await client.runbooks.add({ path: runbook }))
  const { run } = allowed(await client.runs.plan({ runbook, mode: 'live', variables: { file }, secrets: {} }))
  allowed(await client.runs.act({ run, command: { do: 'startRun' } }))
  for await (const frame of await client.runs.watch({ run, from: 0 })) if (frame.kind === 'live') break

  process.kill(pid, 'SIGINT')
  expect(await screen.line(/under way/)).toMatch(/^1 piece of work under way on hosts: .* Ctrl-C again/)
  // It is still there, and the work goes on.
  expect((await client.console.info()).operator?.name).toBe('Anna Lead')
  process.kill(pid, 'SIGINT')
  expect(await screen.exit).toBe(0)
  await writeFile(file, '')
}, 40_000)

test('where nothing is under way it ends at once', async () => {
  await using screen = await openScreen({ dataDir: join(folder, 'data'), stateDir: join(folder, 'state') })
  process.kill(screen.pid, 'SIGINT')
  expect(await screen.exit).toBe(0)
}, 40_000)
