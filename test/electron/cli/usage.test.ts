/** What is wrong before anything is done: exit code 2, plain words, and nothing left behind. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const RUNBOOK = `holdpoint: runbook/v1
id: small
title: Small
owner: anna
variables:
  greeting: { type: string, default: hello }
  password: { type: secret }
steps:
  - { id: greet, kind: script, title: Greet, on: tag:app, run: echo "$GREETING", with: { GREETING: "\${greeting}" }, duration: { expected: 1m }, backout: { none: only says something } }
  - { id: look, kind: manual, title: Look, needs: [greet], instructions: Look at it., duration: { expected: 1m }, backout: { none: only looks } }
`
const HOSTS = 'holdpoint: hosts/v1\nhosts:\n  app1: { tags: [app] }\n  app2: { tags: [app] }\n'

let at: Stage
let runbook: string
beforeEach(() => {
  at = stage()
  runbook = at.write('runbook.yaml', RUNBOOK)
  at.write('hosts.yaml', HOSTS)
})
afterEach(() => at[Symbol.dispose]())

function answers(text: string): string {
  return at.write('answers.yaml', `holdpoint: answers/v1\n${text}`)
}

describe('a run is refused, and no log begun,', () => {
  const practice = ['--practice', '--live']
  const real = ['--live', '--operator', 'Anna']
  test.each<[string, (() => string[]) | string[], RegExp]>([
    ['without a mode', [], /--walkthrough .*--rehearsal or --live/],
    ['with two modes', ['--live', '--rehearsal'], /only one of them/],
    ['with an unknown option', ['--live', '--force'], /unknown option '--force'/],
    ['with a number that is none', ['--live', '--fanout', 'many'], /whole number/],
    ['with nobody to connect at once', ['--live', '--operator', 'Anna', '--fanout', '0'], /whole number of 1 or more/],
    ['with practice hosts and an inventory', [...practice, '--hosts', 'x.yaml'], /either --practice or --hosts/],
    ['at a first start without a name or a terminal', ['--live'], /--operator NAME/],
    ['for a step that is not there', [...practice, '--only', 'greet', 'depoly'], /--only depoly: .*no step depoly/],
    ['for a step that is on no host', [...practice, '--only', 'look@app1'], /look does not run on a host/],
    ['with answers that are not there', [...practice, '--answers', '/nowhere/answers.yaml'], /cannot be read/],
    [
      'with answers that do not parse',
      () => [...practice, '--answers', answers('answers:\n  - { question: gate, step: look, decide: perhaps }\n')],
      /answers\.yaml:3:\d+: /,
    ],
    [
      'with an answer for a step that is not there',
      () => [
        ...practice,
        '--answers',
        answers(
          'answers:\n  - { question: close, result: done }\n  - { question: manual, step: lok, decide: passed }\n',
        ),
      ],
      /answers\.yaml:4: the runbook has no step lok/,
    ],
    [
      'with a secret that the runbook does not have',
      () => [...practice, '--answers', answers('secrets: { pasword: x }\n')],
      /no secret pasword/,
    ],
    [
      'with a variable that the runbook does not have',
      () => [...practice, '--answers', answers('variables:\n  greeting: hi\n  greting: hi\n')],
      /answers\.yaml:4: the runbook has no variable greting/,
    ],
    [
      'with a secret given as a variable',
      () => [...practice, '--answers', answers('variables: { password: x }\n')],
      /answers\.yaml: "password" is a secret/,
    ],
    ['for a host that a step is not on', [...real, '--only', 'greet@app9'], /greet does not run on app9/],
    ['for a practice host that a step is not on', [...practice, '--only', 'greet@db1'], /greet does not run on db1/],
  ])('%s', async (_what, argv, message) => {
    const { exit, out, err } = await at.here(['run', runbook, ...(typeof argv === 'function' ? argv() : argv)])
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toMatch(message)
    expect(existsSync(join(at.dataDir, 'journal.db'))).toBe(false)
  })

  test('for a runbook that is not there, or has faults, each with its line', async () => {
    const missing = await at.here(['run', join(at.folder, 'none.yaml'), ...practice])
    expect(missing).toMatchObject({ exit: 2, err: expect.stringContaining('there is no such file') })
    const broken = at.write('broken.yaml', RUNBOOK.replace('needs: [greet]', 'needs: [grete]'))
    const { exit, err } = await at.here(['run', broken, ...practice])
    expect(exit).toBe(2)
    expect(err).toMatch(/broken\.yaml:10:\d+: .*grete/)
    expect(existsSync(join(at.dataDir, 'journal.db'))).toBe(false)
  })
})

test('a selector that matches no host is found, with its line, before a log is begun', async () => {
  const nowhere = at.write('nowhere.yaml', RUNBOOK.replace('tag:app', 'tag:web'))
  const refused = await at.here(['run', nowhere, '--live', '--operator', 'Anna'])
  expect(refused).toMatchObject({ exit: 2, out: '' })
  expect(refused.err).toMatch(/nowhere\.yaml:9:\d+: "tag:web" matches no host of the inventory\. There are: tag:app\./)
  expect(existsSync(at.dataDir)).toBe(false)

  // Practice hosts are known only once they are up.
  rmSync(join(at.folder, 'hosts.yaml'))
  const practised = await at.here(['run', nowhere, '--live', '--practice'])
  expect(practised).toMatchObject({ exit: 2, out: '' })
  expect(practised.err).toMatch(/nowhere\.yaml:9:\d+: "tag:web" matches no host/)
  expect(existsSync(join(at.dataDir, 'journal.db'))).toBe(false)
})

test('a command that needs a log does not begin one', async () => {
  for (const argv of [
    ['resume', 'small-20261205-abc123'],
    ['sync', join(at.folder, 'archive')],
  ]) {
    const { exit, err } = await at.here(
      [...argv, '--practice'].filter((arg) => argv[0] === 'resume' || arg !== '--practice'),
    )
    expect({ exit, err }).toEqual({ exit: 2, err: `There is no log in ${at.dataDir}.\n` })
  }
  expect(existsSync(at.dataDir)).toBe(false)
  expect(existsSync(join(at.folder, 'archive'))).toBe(false)
})

describe('check', () => {
  test('finds a sample clean, and says its version', async () => {
    const { exit, out } = await at.cli(['check', 'resources/samples/app-release/runbook.yaml', '--json'])
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      v: 1,
      ok: true,
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
      faults: [],
    })
  })

  test('names every fault of a runbook in one pass, and exits with 1', async () => {
    const path = at.write(
      'broken.yaml',
      RUNBOOK.replace('needs: [greet]', 'needs: [grete]').replace('owner: anna\n', ''),
    )
    const { exit, out } = await at.cli(['check', path, '--json'])
    expect(exit).toBe(1)
    const { ok, faults } = JSON.parse(out) as { ok: boolean; faults: { line: number; rule: string; fix: string }[] }
    expect(ok).toBe(false)
    expect(faults.length).toBeGreaterThanOrEqual(2)
    expect(faults.every(({ fix }) => fix !== '')).toBe(true)
    const plain = await at.cli(['check', path])
    expect(plain.exit).toBe(1)
    for (const { line, rule } of faults)
      expect(plain.out).toMatch(new RegExp(`broken\\.yaml:${line}:\\d+: .*\\(${rule}\\)`))
  })

  describe('names every fault of the inventory, at its place in its own file,', () => {
    const faulty = `holdpoint: hosts/v1
groups:
  web: { hosts: [app1, app3] }
hosts:
  app1: { tags: [app] }
  APP1: { tags: [app] }
  app2: { tags: [app], prot: 22 }
`
    // A key that is not known is found before what names mean.
    const meant = faulty.replace(', prot: 22', '')

    test.each([
      ['unknown keys', faulty, ['7:24 unknown-key']],
      ['names', meant, ['3:24 unknown-host', '6:3 duplicate-host']],
    ])('%s', async (_what, text, places) => {
      const hosts = at.write('hosts.yaml', text)
      const { exit, out } = await at.cli(['check', runbook, '--json'])
      expect(exit).toBe(1)
      const { faults } = JSON.parse(out) as { faults: { file: string; line: number; column: number; rule: string }[] }
      const found = faults.filter(({ file }) => file === hosts)
      expect(found.map(({ line, column, rule }) => `${line}:${column} ${rule}`)).toEqual(places)
      const plain = await at.cli(['check', runbook, '--hosts', hosts])
      const refused = await at.here(['run', runbook, '--live', '--operator', 'Anna'])
      expect(refused).toMatchObject({ exit: 2, out: '' })
      for (const place of places) {
        expect(plain.out).toContain(`${hosts}:${place.split(' ')[0]}: fault: `)
        expect(refused.err).toContain(`${hosts}:${place.split(' ')[0]}: `)
      }
      expect(existsSync(join(at.dataDir, 'journal.db'))).toBe(false)
    })
  })

  test('exits with 2 where there is nothing to check', async () => {
    expect(await at.cli(['check', join(at.folder, 'none.yaml')])).toMatchObject({ exit: 2, out: '' })
    expect(await at.cli(['check', at.folder])).toMatchObject({ exit: 2, out: '' })
  })
})

describe('what is read must be there:', () => {
  test.each([
    ['journal verify', ['journal', 'verify', '--data', '/nowhere']],
    ['archive verify', ['archive', 'verify', '/nowhere']],
    ['replay', ['replay', '/nowhere']],
    ['report', ['report', 'small-20261205-abc123', '--data', '/nowhere']],
    ['trust export', ['trust', 'export', '--data', '/nowhere']],
    ['an unknown command', ['verify']],
    ['no command', []],
  ])('%s', async (_name, argv) => {
    const { exit, err } = await at.cli(argv)
    expect(exit).toBe(2)
    expect(err).not.toBe('')
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('an archive that holds nothing is none', async () => {
    expect(await at.cli(['archive', 'verify', at.folder])).toMatchObject({ exit: 2 })
  })

  test('a format that is none', async () => {
    expect(await at.here(['report', 'x', '--format', 'pdf'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('md or json'),
    })
  })

  test('open says that no console runs', async () => {
    expect(await at.here(['open'])).toMatchObject({ exit: 1, err: expect.stringContaining('No console is running') })
  })
})

test('help and version are answers, not errors', async () => {
  expect(await at.cli(['--help'])).toMatchObject({ exit: 0, out: expect.stringContaining('Exit codes: 0 done') })
  expect(await at.cli(['--version'])).toMatchObject({ exit: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})
