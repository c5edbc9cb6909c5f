/** Live runs against a real sshd: who approves and with which key, host keys, hosts that are not there, links that are cut. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startProxy } from '../../support/links.ts'
import { freePort, makeKey, type Sshd, startSshd } from '../../support/sshd.ts'
import { inventory, knows } from './real-hosts.ts'
import { type Said, type Stage, stage } from './stage.ts'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let server: Sshd
beforeAll(async () => {
  server = await startSshd({ addresses: ['127.0.0.1', '127.0.0.2'] })
})
afterAll(() => server[Symbol.asyncDispose]())

let at: Stage
beforeEach(() => {
  at = stage()
})
afterEach(() => at[Symbol.dispose]())

function runbook(steps: string): string {
  return at.write('runbook.yaml', `holdpoint: runbook/v1\nid: live-one\ntitle: Live\nowner: anna\nsteps:\n${steps}`)
}
function script(id: string, run: string, more = ''): string {
  return `  - { id: ${id}, kind: script, title: Step ${id}, on: tag:app, run: '${run}', duration: { expected: 1m }, backout: { none: Nothing to undo }${more} }\n`
}
function answers(list: string): string {
  return at.write('answers.yaml', `holdpoint: answers/v1\nanswers:\n${list}`)
}
const live = (path: string, ...more: string[]): string[] => ['run', path, '--live', '--operator', 'Anna', ...more]
function runOf(said: Said): string {
  return /[Rr]un (live-one-[0-9a-f-]+)/.exec(said.out + said.err)?.[1] ?? 'none'
}
/** Attempts that began, from a file that the host writes. */
function starts(): string[] {
  const file = join(at.folder, 'starts')
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
}
const noting = (): string => `echo "$HOLDPOINT_ATTEMPT" >>${at.folder}/starts`

describe('approvals', () => {
  const gate =
    '  - { id: go, kind: gate, title: Go, approvals: { owner: 1, security: 1 }, duration: { expected: 1m } }\n'

  test('are signed with the approvers’ own keys: a file beside the answers, and one that an agent holds', async () => {
    inventory(at, server, [{ name: 'app1' }])
    knows(at, server)
    const bert = makeKey(join(at.folder, 'bert'))
    const clara = makeKey(join(at.folder, 'clara'), { type: 'ecdsa' })
    await using agent = await startAgent([clara])
    process.env['SSH_AUTH_SOCK'] = agent.socket
    try {
      const list = `  - question: gate
    step: go
    approvals:
      - { role: owner, as: Bert Owner, key: bert }
      - { role: security, as: Clara Guard, key: agent, reason: Looked at the ports }
    decide: go
`
      const said = await at.here(
        live(runbook(gate + script('work', noting(), ', needs: [go]')), '--answers', answers(list)),
      )
      expect(said).toMatchObject({ exit: 0, err: '' })
      const run = runOf(said)
      const given = at.entries(run).filter(({ type }) => type === 'approval.given')
      expect(given.map(({ act, data }) => ({ name: act?.name, key: act?.key, asserted: data['role'] }))).toEqual([
        { name: 'Bert Owner', key: fingerprint(bert), asserted: 'owner' },
        { name: 'Clara Guard', key: fingerprint(clara), asserted: 'security' },
      ])
      // The gate comes after both and before what needs it.
      const order = at.entries(run).map(({ type }) => type)
      expect(order.indexOf('gate.decided')).toBeGreaterThan(order.lastIndexOf('approval.given'))
      expect(order.indexOf('attempt.started')).toBeGreaterThan(order.indexOf('gate.decided'))
      expect(JSON.parse((await at.here(['journal', 'verify', '--json'])).out)).toMatchObject({ ok: true })
    } finally {
      delete process.env['SSH_AUTH_SOCK']
    }
  })

  test('of an agent with several keys need to be told apart, by the comment or the fingerprint', async () => {
    inventory(at, server, [{ name: 'app1' }])
    const keys = ['owner-key', 'Clara Guard'].map((comment, index) =>
      makeKey(join(at.folder, `key${index}`), { more: ['-C', comment] }),
    )
    await using agent = await startAgent(keys)
    process.env['SSH_AUTH_SOCK'] = agent.socket
    try {
      const approve = (as: string, key: string) =>
        `  - { question: gate, step: go, approvals: [{ role: owner, as: ${as}, key: "${key}" }, { role: security, as: Clara Guard, key: agent }], decide: go }\n`
      const unclear = await at.here(live(runbook(gate), '--answers', answers(approve('Bert', 'agent'))))
      expect(unclear.exit).toBe(1)
      expect(unclear.err).toContain('several keys')
      const named = answers(approve('Bert', `agent:${fingerprint(keys[0] ?? '')}`))
      const done = await at.here(['resume', at.runs()[0] ?? '', '--answers', named])
      expect(done).toMatchObject({ exit: 0, err: '' })
    } finally {
      delete process.env['SSH_AUTH_SOCK']
    }
  })

  test('are not given by practice keys, keys that are not there, or locked ones without their passphrase', async () => {
    inventory(at, server, [{ name: 'app1' }])
    const locked = makeKey(join(at.folder, 'locked'), { passphrase: 'open sesame' })
    const path = runbook('  - { id: go, kind: gate, title: Go, approvals: { owner: 1 }, duration: { expected: 1m } }\n')
    const approve = (key: string) =>
      answers(`  - { question: gate, step: go, approvals: [{ role: owner, as: Bert, key: ${key} }], decide: go }\n`)
    const practice = await at.here(live(path, '--answers', approve('practice')))
    expect(practice).toMatchObject({ exit: 1, err: expect.stringContaining('only under --practice') })
    const run = at.runs()[0] ?? ''
    for (const key of ['missing', locked])
      expect((await at.here(['resume', run, '--answers', approve(key)])).exit).toBe(1)
    expect(at.entries(run).filter(({ type }) => type.startsWith('approval'))).toEqual([])
    const asked: [string, boolean][] = []
    const unlocked = await at.here(['resume', run, '--answers', approve(locked)], (question, isSecret) => {
      asked.push([question, isSecret])
      return question.startsWith('Passphrase of Bert') ? 'open sesame' : '1'
    })
    expect(unlocked).toMatchObject({ exit: 0, err: '' })
    expect(asked[0]).toEqual([`Passphrase of Bert’s key ${locked}: `, true])
  })
})

describe('a host key', () => {
  test('that is new is accepted by an answer that names it, as an act', async () => {
    inventory(at, server, [{ name: 'app1' }])
    const path = runbook(script('work', noting()))
    const waiting = await at.here(live(path))
    expect(waiting.exit).toBe(3)
    const run = runOf(waiting)
    expect(at.entries(run).find(({ type }) => type === 'cell.ended')?.data).toMatchObject({
      failure: 'host-key-unknown',
    })
    const print = execFileSync('ssh-keygen', ['-lf', '-'], {
      input: server.hostKeys.ed25519 ?? '',
      encoding: 'utf8',
    }).split(' ')[1]
    const other = `SHA256:${'A'.repeat(43)}`
    const wrong = answers(`  - { question: host-key, host: app1, decide: accept, fingerprint: "${other}" }\n`)
    expect((await at.here(['resume', run, '--answers', wrong])).exit).toBe(3)
    expect(starts()).toEqual([])
    expect(existsSync(join(at.dataDir, 'known_hosts'))).toBe(false)
    // After a restart the key is offered again by the next try to connect.
    const right = answers(
      `  - { question: failure, step: work, host: app1, decide: retry }\n  - { question: host-key, host: app1, decide: accept, fingerprint: "${print}" }\n`,
    )
    const done = await at.here(['resume', run, '--answers', right])
    expect(done).toMatchObject({ exit: 0, err: '' })
    expect(starts()).toEqual([`${run}/work/app1/main-1`])
    const accepted = at.entries(run).find(({ type }) => type === 'host-key.accepted')
    expect(accepted).toMatchObject({
      data: { host: 'app1', key: server.hostKeys.ed25519 },
      act: { act: 'accept-host-key' },
    })
    expect(readFileSync(join(at.dataDir, 'known_hosts'), 'utf8')).toContain(server.hostKeys.ed25519 ?? 'none')
  })

  test('that is new is accepted beforehand in an unattended run', async () => {
    inventory(at, server, [{ name: 'app1' }, { name: 'app2', address: '127.0.0.2' }])
    const accept = ['app1', 'app2'].map((host) => `  - { question: host-key, host: ${host}, decide: accept }\n`)
    const said = await at.here(live(runbook(script('work', noting())), '--answers', answers(accept.join(''))))
    expect(said).toMatchObject({ exit: 0, err: '' })
    expect(starts().toSorted()).toEqual(['app1', 'app2'].map((host) => `${runOf(said)}/work/${host}/main-1`))
  })

  test('is shown to a person, whose no is not asked again', async () => {
    inventory(at, server, [{ name: 'app1' }])
    const said: string[] = []
    const no = await at.here(live(runbook(script('work', noting()))), (question) => {
      said.push(question)
      if (question.startsWith('Accept this key')) return 'no'
      return question.startsWith('Reason') ? 'Not our host' : '2'
    })
    expect(said.filter((question) => question.startsWith('Accept'))).toHaveLength(1)
    expect(no.out).toMatch(/offered {2}ssh-ed25519 SHA256:/)
    expect(starts()).toEqual([])
    expect(at.entries(runOf(no)).find(({ type }) => type === 'cells.skipped')).toBeDefined()
    expect(existsSync(join(at.dataDir, 'known_hosts'))).toBe(false)
  })

  test('that has changed stops the cell, and says what was known', async () => {
    inventory(at, server, [{ name: 'app1' }, { name: 'app2', address: '127.0.0.2' }])
    knows(at, server)
    const other = readFileSync(`${makeKey(join(at.folder, 'other'))}.pub`, 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')
    writeFileSync(
      join(at.dataDir, 'known_hosts'),
      `[127.0.0.1]:${server.port} ${other}\n[127.0.0.2]:${server.port} ${server.hostKeys.ed25519}\n`,
    )
    const said = await at.here(live(runbook(script('work', noting()))))
    expect(said.exit).toBe(3)
    const failed = at.entries(runOf(said)).find(({ type, data }) => type === 'cell.ended' && data['state'] === 'failed')
    expect(failed).toMatchObject({ data: { target: 'app1', failure: 'host-key-changed' } })
    expect(starts()).toEqual([`${runOf(said)}/work/app2/main-1`])
  })

  test('that has changed is accepted only by an answer that names it', async () => {
    inventory(at, server, [{ name: 'app1' }])
    knowsAnother()
    const path = runbook(script('work', noting()))
    const blind = answers('  - { question: host-key, host: app1, decide: accept }\n')
    const waiting = await at.here(live(path, '--answers', blind))
    expect(waiting.exit).toBe(3)
    const print = fingerprintOf(server.hostKeys.ed25519)
    expect(waiting.out).toContain(`app1 offers ${print}: the key has changed`)
    expect(waiting.err).toContain(`host-key: app1 has another key than the one that is known, ${print}`)
    const run = runOf(waiting)
    expect(at.entries(run).filter(({ type }) => type === 'host-key.accepted')).toEqual([])
    expect(starts()).toEqual([])
    const named = answers(
      `  - { question: failure, step: work, host: app1, decide: retry }\n  - { question: host-key, host: app1, decide: accept, fingerprint: "${print}" }\n`,
    )
    expect(await at.here(['resume', run, '--answers', named])).toMatchObject({ exit: 0, err: '' })
    expect(starts()).toEqual([`${run}/work/app1/main-1`])
  })

  test('that has changed before something is undone is accepted as well, and the backout tried again', async () => {
    inventory(at, server, [{ name: 'app1' }])
    knows(at, server)
    const path = runbook(
      script('work', noting()).replace('{ none: Nothing to undo }', `{ run: '${noting()}', duration: 1m }`) +
        '  - { id: look, kind: manual, title: Look, needs: [work], instructions: Look., duration: { expected: 1m }, backout: { none: It only looks } }\n',
    )
    expect(await at.here(live(path))).toMatchObject({ exit: 3 })
    const [run = ''] = at.runs()
    knowsAnother()
    const list = answers(`  - { question: manual, step: look, decide: failed, reason: It does not answer }
  - { question: failure, step: look, decide: back-out, reason: It does not answer }
  - { question: host-key, host: app1, decide: accept, fingerprint: "${fingerprintOf(server.hostKeys.ed25519)}" }
  - { question: close, result: backed-out }
`)
    expect(await at.here(['resume', run, '--answers', list])).toMatchObject({ exit: 1, err: '' })
    const ends = at.entries(run).filter(({ type }) => type === 'backout.ended')
    expect(ends.map(({ data }) => [data['state'], data['failure']])).toEqual([
      ['failed', 'host-key-changed'],
      ['passed', null],
    ])
    expect(at.entries(run).find(({ type }) => type === 'backout.retried')?.act).toMatchObject({ name: 'Anna' })
    expect(starts()).toEqual([`${run}/work/app1/main-1`, `${run}/work/app1/backout-1`])
  })
})

/** As if app1 had been met before with another key. */
function knowsAnother(): void {
  const other = readFileSync(`${makeKey(join(at.folder, 'another'))}.pub`, 'utf8')
  knows(at, server)
  writeFileSync(
    join(at.dataDir, 'known_hosts'),
    `[127.0.0.1]:${server.port} ${other.split(' ').slice(0, 2).join(' ')}\n`,
  )
}

test('a host that is not there fails by itself, without an attempt, and is excluded by an answer', async () => {
  const nobody = await freePort('127.0.0.1')
  inventory(at, server, [{ name: 'app1' }, { name: 'app2', port: nobody }])
  knows(at, server)
  const list = '  - { question: failure, step: work, host: app2, decide: exclude, reason: Powered off last week }\n'
  const said = await at.here(
    live(runbook(script('work', noting()) + script('next', noting(), ', needs: [work]')), '--answers', answers(list)),
  )
  expect(said).toMatchObject({ exit: 0, err: '' })
  const run = runOf(said)
  expect(starts()).toEqual([`${run}/work/app1/main-1`, `${run}/next/app1/main-1`])
  const about = at.entries(run).filter(({ data }) => data['target'] === 'app2')
  expect(about.find(({ type }) => type === 'cell.ended')?.data).toMatchObject({ state: 'failed', failure: 'refused' })
  expect(about.filter(({ type }) => type === 'attempt.started')).toEqual([])
})

test('a link that is cut while a script runs leaves it unknown; a person looks, settles, and the run goes on', async () => {
  await using proxy = await startProxy(server)
  inventory(at, server, [{ name: 'app1', port: proxy.port }])
  knows(at, server, [proxy.port])
  const gate = join(at.folder, 'gate')
  const path = runbook(
    script(
      'work',
      `${noting()}; while [ -d ${at.folder} ] && [ ! -e ${gate} ]; do sleep 0.05; done; echo ended >>${at.folder}/ended`,
    ) + script('next', noting(), ', needs: [work]'),
  )
  const running = at.here(live(path))
  await until(() => starts().length === 1)
  proxy.cut()
  const said = await running
  expect(said.exit).toBe(4)
  const run = runOf(said)
  const lost = at.entries(run).find(({ type }) => type === 'attempt.finished')
  expect(lost?.data).toMatchObject({ outcome: { kind: 'lost', code: 'link-lost' } })
  expect(said.err).toContain('unknown: Step work on app1')
  const again = await at.here(['resume', run])
  expect(again.exit).toBe(4)
  expect(starts()).toEqual([`${run}/work/app1/main-1`])
  at.write('gate', '')
  await until(() => existsSync(join(at.folder, 'ended')))
  const settle = answers(
    '  - { question: unknown, step: work, host: app1, decide: passed, reason: It says ended on the host }\n',
  )
  const done = await at.here(['resume', run, '--answers', settle])
  expect(done).toMatchObject({ exit: 0, err: '' })
  expect(starts()).toEqual([`${run}/work/app1/main-1`, `${run}/next/app1/main-1`])
  expect(JSON.parse((await at.here(['journal', 'verify', '--json'])).out)).toMatchObject({ ok: true })
})

test('an unknown is tried again only by a decision, as a try of its own', async () => {
  await using proxy = await startProxy(server)
  inventory(at, server, [{ name: 'app1', port: proxy.port }])
  knows(at, server, [proxy.port])
  const gate = join(at.folder, 'gate')
  const running = at.here(
    live(runbook(script('work', `${noting()}; while [ -d ${at.folder} ] && [ ! -e ${gate} ]; do sleep 0.05; done`))),
  )
  await until(() => starts().length === 1)
  proxy.cut()
  expect((await running).exit).toBe(4)
  at.write('gate', '')
  const run = at.runs()[0] ?? ''
  const retry = answers(
    '  - { question: unknown, step: work, host: app1, decide: retry, reason: It is safe to run twice }\n',
  )
  expect(await at.here(['resume', run, '--answers', retry])).toMatchObject({ exit: 0, err: '' })
  expect(starts()).toEqual([`${run}/work/app1/main-1`, `${run}/work/app1/main-2`])
  expect(at.entries(run).find(({ type }) => type === 'cell.retried')).toMatchObject({ act: { act: 'retry' } })
})

test('an unknown is looked at by the step’s verify: what is not there settles nothing, what is there does', async () => {
  await using proxy = await startProxy(server)
  inventory(at, server, [{ name: 'app1', port: proxy.port }])
  knows(at, server, [proxy.port])
  const [gate, ended] = [join(at.folder, 'gate'), join(at.folder, 'ended')]
  at.write(
    'probes/ended.yaml',
    `holdpoint: probe/v1
id: ended
title: The work has ended
description: Whether the file that the work leaves is there.
values:
  there: { type: boolean, description: It is there }
require: { fail: "!there" }
script: |
  if [ -e ${ended} ]; then echo there=true; else echo there=false; fi
`,
  )
  const waits = `${noting()}; while [ -d ${at.folder} ] && [ ! -e ${gate} ]; do sleep 0.05; done; : >${ended}`
  const running = at.here(
    live(
      runbook(
        script('work', waits, ', verify: { probe: probes/ended.yaml }') + script('next', noting(), ', needs: [work]'),
      ),
    ),
  )
  await until(() => starts().length === 1)
  proxy.cut()
  const run = runOf(await running)
  const verify = answers('  - { question: unknown, step: work, host: app1, decide: verify, reason: A look }\n')
  expect((await at.here(['resume', run, '--answers', verify])).exit).toBe(4)
  at.write('gate', '')
  await until(() => existsSync(ended))
  expect(await at.here(['resume', run, '--answers', verify])).toMatchObject({ exit: 0, err: '' })
  const looked = at.entries(run).filter(({ data }) => data['purpose'] === 'verify')
  expect(looked.filter(({ type }) => type === 'attempt.finished').map(({ data }) => data['verdict'])).toEqual([
    'fail',
    'pass',
  ])
  expect(at.entries(run).filter(({ type }) => type === 'verify.asked')).toMatchObject([
    { act: { act: 'verify', subject: 'work on app1' } },
    { act: { act: 'verify' } },
  ])
  expect(at.entries(run).find(({ type }) => type === 'cell.verified')?.data).toMatchObject({ state: 'passed' })
  expect(starts()).toEqual([`${run}/work/app1/main-1`, `${run}/next/app1/main-1`])
  expect(JSON.parse((await at.here(['journal', 'verify', '--json'])).out)).toMatchObject({ ok: true })
})

test('the passphrase of an identity is asked at the terminal; without one nobody is waited for', async () => {
  const locked = makeKey(join(at.folder, 'identity'), { passphrase: 'open sesame' })
  server.authorize(readFileSync(`${locked}.pub`, 'utf8'))
  inventory(at, { ...server, port: server.port, identity: locked }, [{ name: 'app1' }])
  knows(at, server)
  const path = runbook(script('work', noting()))
  const alone = await at.here(live(path))
  expect(alone.exit).toBe(3)
  expect(at.entries(runOf(alone)).find(({ type }) => type === 'cell.ended')?.data).toMatchObject({
    failure: 'authentication-refused',
  })
  const asked: [string, boolean][] = []
  const done = await at.here(['resume', runOf(alone)], (question, isSecret) => {
    asked.push([question, isSecret])
    return question.startsWith(locked) ? 'open sesame' : '1'
  })
  expect(done).toMatchObject({ exit: 0, err: '' })
  expect(asked).toContainEqual([`${locked}: Passphrase of this key: `, true])
  expect(starts()).toEqual([`${runOf(alone)}/work/app1/main-1`])
})

test('the operator’s own key may be locked: its passphrase comes from a descriptor, and is asked for each time', async () => {
  inventory(at, server, [{ name: 'app1' }])
  knows(at, server)
  const key = makeKey(join(at.folder, 'anna'), { passphrase: 'open sesame' })
  const path = runbook(
    '  - { id: look, kind: manual, title: Look, instructions: Look., duration: { expected: 1m }, backout: { none: It only looks } }\n',
  )
  const passphrase = (text: string) => String(openSync(at.write('passphrase', `${text}\n`), 'r'))
  const locked = await at.here(live(path, '--key', key))
  expect(locked).toMatchObject({ exit: 2, err: expect.stringContaining('passphrase') })
  expect(existsSync(join(at.dataDir, 'journal.db'))).toBe(false)
  expect((await at.here(live(path, '--key', key, '--passphrase-fd', passphrase('wrong')))).exit).toBe(2)
  const waiting = await at.here(live(path, '--key', key, '--passphrase-fd', passphrase('open sesame')))
  expect(waiting.exit).toBe(3)
  const run = runOf(waiting)
  expect(at.entries(run)[0]?.act).toMatchObject({ name: 'Anna', key: fingerprint(key) })
  const list = answers('  - { question: manual, step: look, decide: passed }\n')
  expect(await at.here(['resume', run, '--answers', list])).toMatchObject({
    exit: 2,
    err: expect.stringContaining('locked'),
  })
  const done = await at.here(['resume', run, '--answers', list, '--passphrase-fd', passphrase('open sesame')])
  expect(done).toMatchObject({ exit: 0, err: '' })
})

test('a run that is gone on with takes only answers and values that are its own, and names the line of others', async () => {
  inventory(at, server, [{ name: 'app1' }])
  knows(at, server)
  const look =
    '{ id: look, kind: manual, title: Look, instructions: Look., duration: { expected: 1m }, backout: { none: It only looks } }'
  const path = runbook(`  - ${look}\n`)
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('steps:', 'variables: { version: { type: string, default: "15" } }\nsteps:'),
  )
  expect((await at.here(live(path))).exit).toBe(3)
  const [run = ''] = at.runs()
  const size = at.entries(run).length
  const given = (text: string) =>
    at.here(['resume', run, '--answers', at.write('other.yaml', `holdpoint: answers/v1\n${text}`)])
  const passed = 'answers:\n  - { question: manual, step: look, decide: passed }\n'
  const wrong: [string, RegExp][] = [
    [`${passed}  - { question: manual, step: zzz, decide: passed }\n`, /other\.yaml:4: the runbook has no step zzz/],
    [`${passed}secrets:\n  pasword: x\n`, /other\.yaml:5: the runbook has no secret pasword/],
    [`${passed}variables:\n  version: "16"\n`, /other\.yaml:5: the run was not planned with this value of version/],
    [`${passed}variables:\n  verison: "15"\n`, /other\.yaml:5: .* verison/],
  ]
  for (const [text, message] of wrong)
    expect(await given(text)).toMatchObject({ exit: 2, err: expect.stringMatching(message) })
  expect(
    at
      .entries(run)
      .map(({ type }) => type)
      .slice(size),
  ).toEqual(['run.held'])
  expect(await given(`${passed}variables:\n  version: "15"\n`)).toMatchObject({ exit: 0, err: '' })
})

test('a log is one person’s: another name or key is refused, with whose it is, and nothing is recorded', async () => {
  inventory(at, server, [{ name: 'app1' }])
  knows(at, server)
  const anna = makeKey(join(at.folder, 'anna'))
  const bert = makeKey(join(at.folder, 'bert'))
  const path = runbook(
    '  - { id: look, kind: manual, title: Look, instructions: Look., duration: { expected: 1m }, backout: { none: It only looks } }\n',
  )
  expect((await at.here(live(path, '--key', anna))).exit).toBe(3)
  const runs = at.runs()
  const whose = `This log is Anna’s, with the key ${fingerprint(anna)}`
  const others = [
    ['--operator', 'Bert'],
    ['--operator', 'Bert', '--key', bert],
    ['--key', bert],
    ['--key', join(at.folder, 'none')],
  ]
  for (const other of others)
    expect(await at.here(['run', path, '--live', ...other])).toMatchObject({
      exit: 2,
      err: expect.stringContaining(whose),
    })
  expect(at.runs()).toEqual(runs)
  // Saying again who it is changes nothing.
  expect((await at.here(live(path, '--key', anna))).exit).toBe(3)
  expect(at.runs()).toHaveLength(runs.length + 1)
  for (const command of [
    ['resume', runs[0] ?? ''],
    ['sync', join(at.folder, 'archive')],
  ])
    expect(await at.here([...command, '--operator', 'Bert'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining("unknown option '--operator'"),
    })
})

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((done) => setTimeout(done, 10))
}

function fingerprintOf(key: string | undefined): string {
  return execFileSync('ssh-keygen', ['-lf', '-'], { input: key ?? '', encoding: 'utf8' }).split(' ')[1] ?? ''
}

function fingerprint(path: string): string {
  return execFileSync('ssh-keygen', ['-lf', `${path}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? ''
}

async function startAgent(keys: readonly string[]): Promise<AsyncDisposable & { readonly socket: string }> {
  const socket = join(at.folder, 'agent.sock')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  await until(() => existsSync(socket))
  execFileSync('ssh-add', ['-q', ...keys], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
  return {
    socket,
    async [Symbol.asyncDispose]() {
      const gone = once(agent, 'exit')
      agent.kill('SIGTERM')
      await gone
    },
  }
}
