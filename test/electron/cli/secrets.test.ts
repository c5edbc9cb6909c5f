/**
 * A secret is never written down: not in the log, not in output, not beside them, not on a command line. The search that
 * says so finds it when it is leaked on purpose.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Sshd, startSshd } from '../../support/sshd.ts'
import { inventory, knows } from './real-hosts.ts'
import { traces } from './secret-search.ts'
import { type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** With all that is quoted or encoded somewhere. */
const SECRET = `p'a"s$s w\\ö%d/+&-hunter2-of-holdpoint`

let server: Sshd
let at: Stage
beforeAll(async () => {
  server = await startSshd()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  at = stage()
  inventory(at, server, [{ name: 'app1' }])
  knows(at, server)
})
afterEach(() => at[Symbol.dispose]())

/** Says the secret in every way in which a careless script does, one of them in two writes with a pause between. */
const CARELESS = `
echo "connecting as user:$PASSWORD@db"
printf '%s' "$PASSWORD" | cut -c1-9 | tr -d '\\n'; sleep 0.3; printf '%s' "$PASSWORD" | cut -c10-
printf 'user:%s' "$PASSWORD" | base64 -w0; echo
printf '%s' "$PASSWORD" | base64 -w0 >&2; echo >&2
printf '%s' "$PASSWORD" | python3 -c 'import json,sys,urllib.parse,shlex; t=sys.stdin.read(); print(json.dumps({"password":t}), json.dumps(t, ensure_ascii=False)); print(urllib.parse.quote(t), urllib.parse.quote_plus(t)); print(shlex.quote(t))'
set -x; : "$PASSWORD"; set +x
`

const PROBE = `holdpoint: probe/v1
id: careless
title: A probe that measures what it should not
with:
  file: { type: string, description: What is read }
values:
  said: { type: string, description: What the file says }
script: |
  printf 'said=%s\\n' "$(cat "$HP_FILE")"
  echo "!unknown $(cat "$HP_FILE") is no measurement"
`

function runbook(steps: string, more = ''): string {
  return at.write(
    'runbook.yaml',
    `holdpoint: runbook/v1\nid: quiet\ntitle: Quiet\nowner: anna\nvariables:\n  password: { type: secret }\n${more}steps:\n${steps}`,
  )
}

function step(id: string, run: string): string {
  return `  - id: ${id}
    kind: script
    title: Step ${id}
    on: tag:app
    secrets: { PASSWORD: password }
    run: |
${run
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
    duration: { expected: 1m }
    backout: { none: Nothing to undo }
`
}

function answers(): string {
  // Not in the folders that are searched: this is where it comes from.
  const path = join(server.folder, 'answers.yaml')
  writeFileSync(path, `holdpoint: answers/v1\nsecrets:\n  password: ${JSON.stringify(SECRET)}\n`)
  return path
}

const live = (path: string): string[] => ['run', path, '--live', '--operator', 'Anna', '--answers', answers()]

test('what a careless script says of it is masked in all its forms, and nothing else of it stays anywhere', async () => {
  const said = await at.here([...live(runbook(step('talk', CARELESS))), '--json'])
  expect(said).toMatchObject({ exit: 0, err: '' })
  expect(said.out).not.toContain('hunter2')
  // It was said, and is masked: the output is there, with masks in it.
  const masks = await traces('******', [join(at.dataDir, 'blobs')])
  expect(masks.length).toBeGreaterThan(0)
  expect(await traces(SECRET, [at.folder, server.home])).toEqual([])
  expect(await traces('hunter2-of', [at.folder, server.home])).toEqual([])
})

test('a probe that measures it measures a mask, and says no more in its message', async () => {
  const left = join(server.folder, 'left-behind')
  at.write('careless.yaml', PROBE)
  const look = `  - { id: look, kind: probe, title: Look, on: tag:app, needs: [leave], probe: careless.yaml, with: { file: ${left} }, duration: { expected: 1m } }\n`
  const said = await at.here([...live(runbook(step('leave', `printf '%s' "$PASSWORD" >${left}`) + look)), '--json'])
  expect(readFileSync(left, 'utf8')).toBe(SECRET)
  expect(said.exit).toBe(4)
  expect(said.out + said.err).not.toContain('hunter2')
  const entries = at.entries(at.runs()[0] ?? '')
  const measured = entries.find(({ type, data }) => type === 'attempt.finished' && data['step'] === 'look')
  expect(measured?.text).toMatchObject({ message: expect.stringContaining('******') })
  expect(await traces(SECRET, [at.folder, server.home])).toEqual([])
})

test('while it is used it is in no command line, and in the environment of the script’s own processes only', async () => {
  const gate = join(at.folder, 'gate')
  const begun = join(at.folder, 'begun')
  const running = at.here(
    live(runbook(step('wait', `: >${begun}\nwhile [ -d ${at.folder} ] && [ ! -e ${gate} ]; do sleep 0.05; done`))),
  )
  while (!existsSync(begun)) await new Promise((done) => setTimeout(done, 10))
  const seen = processes()
  at.write('gate', '')
  expect((await running).exit).toBe(0)
  expect(seen.filter(({ argv }) => argv.includes('hunter2'))).toEqual([])
  const holders = seen.filter(({ environment }) => environment.includes('hunter2'))
  expect(holders.length).toBeGreaterThan(0)
  expect(holders.filter(({ environment }) => !environment.includes('HOLDPOINT_ATTEMPT=quiet-'))).toEqual([])
})

describe('the search finds it when', () => {
  test('a script leaks it into files, in each of the forms', async () => {
    const python = (code: string) =>
      `python3 -c 'import json,shlex,sys,urllib.parse; t=sys.stdin.read(); print(${code})'`
    const leaks = {
      plain: 'cat',
      base64: 'sed "s/^/user:/" | base64 -w0',
      json: python('json.dumps(t, ensure_ascii=False)'),
      url: python('urllib.parse.quote(t, safe="")'),
      shell: python('shlex.quote(t)'),
      hex: python('t.encode().hex()'),
    }
    const lines = Object.entries(leaks).map(
      ([form, as]) => `printf '%s' "$PASSWORD" | ${as} >${at.folder}/leak-${form}`,
    )
    expect(await at.here(live(runbook(step('leak', lines.join('\n')))))).toMatchObject({ exit: 0 })
    const found = await traces(SECRET, [at.folder])
    expect(found.toSorted()).toEqual(
      Object.keys(leaks)
        .map((form) => `${join(at.folder, `leak-${form}`)}: ${form}`)
        .toSorted(),
    )
  })

  test('somebody makes it the value of a variable that is none: it stands in the log', async () => {
    const open = `  open: { type: string, default: ${JSON.stringify(SECRET)} }\n`
    expect(await at.here(live(runbook(step('fine', 'true'), open)))).toMatchObject({ exit: 0 })
    const found = await traces(SECRET, [at.dataDir])
    expect(found.some((one) => one.includes('journal.db'))).toBe(true)
    // The runbook itself is kept with the run, and a compressed blob is no hiding place.
    expect(found.some((one) => one.includes('/blobs/'))).toBe(true)
  })
})

type Process = { readonly argv: string; readonly environment: string }

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [
          {
            argv: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
            environment: readFileSync(`/proc/${pid}/environ`, 'utf8'),
          },
        ]
      } catch {
        // It has ended meanwhile, or is another's.
        return []
      }
    })
}
