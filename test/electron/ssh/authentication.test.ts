/** Every way of proving who one is, against a real sshd, and what is said when none was good enough. */
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Credentials } from '../../../electron/engine/ports.ts'
import { openPrivateKey } from '../../../electron/ssh/private-key.ts'
import { makeAccount, makeKey, type Sshd, startSshd } from '../../support/sshd.ts'
import { NOBODY, openSession, run, transportTo } from './session.ts'

let server: Sshd
beforeAll(async () => {
  server = await startSshd()
})
afterAll(() => server[Symbol.asyncDispose]())

const key = (name: string, options: Parameters<typeof makeKey>[1] = {}) => {
  const path = makeKey(join(server.folder, name), options)
  server.authorize(readFileSync(`${path}.pub`, 'utf8'))
  return path
}

/** Counts how often it was asked. */
function answering(passphrase: string | null): Credentials & { asked: number } {
  const credentials = {
    ...NOBODY,
    asked: 0,
    passphrase: () => {
      credentials.asked++
      return Promise.resolve(passphrase)
    },
  }
  return credentials
}

async function startAgent(keys: readonly string[]): Promise<AsyncDisposable & { readonly socket: string }> {
  const socket = join(server.folder, `agent-${Math.random().toString(36).slice(2)}`)
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise((done) => child.stdout.once('data', done))
  for (const path of keys) {
    execFileSync('ssh-add', ['-q', path], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
  }
  return {
    socket,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((done) => child.once('exit', done))
      child.kill()
      await gone
    },
  }
}

describe('key files', () => {
  test.each([
    ['ed25519', { type: 'ed25519' }],
    ['ecdsa 256', { type: 'ecdsa' }],
    ['ecdsa 521', { type: 'ecdsa', more: ['-b', '521'] }],
    ['rsa', { type: 'rsa', more: ['-b', '2048'] }],
    ['rsa in PEM', { type: 'rsa', more: ['-b', '2048', '-m', 'PEM'] }],
    ['ecdsa in PKCS #8', { type: 'ecdsa', more: ['-m', 'PKCS8'] }],
  ] as const)('%s opens', async (name, options) => {
    await using transport = transportTo(server)
    const identity = key(name.replaceAll(/\W/g, '-'), options)
    const session = await openSession(transport, server.host({ identity }))
    expect((await run(session, 'exit 5')).outcome).toMatchObject({ code: 5 })
  })

  test.each([
    ['ed25519', { type: 'ed25519', more: ['-a', '16'] }],
    ['rsa', { type: 'rsa', more: ['-b', '2048'] }],
    ['ecdsa in another cipher', { type: 'ecdsa', more: ['-Z', 'aes256-gcm@openssh.com'] }],
    ['rsa in PEM', { type: 'rsa', more: ['-b', '2048', '-m', 'PEM'] }],
    ['ecdsa in PKCS #8', { type: 'ecdsa', more: ['-m', 'PKCS8'] }],
  ] as const)('%s with a passphrase opens, asked for once however many hosts', async (name, options) => {
    const identity = key(`sealed-${name.replaceAll(/\W/g, '-')}`, { ...options, passphrase: 'correct horse' })
    const credentials = answering('correct horse')
    await using transport = transportTo(server, { credentials })
    const hosts = ['app1', 'app2', 'app3'].map((host) => server.host({ name: host, identity }))
    const sessions = await Promise.all(hosts.map((host) => openSession(transport, host)))
    expect(sessions.every((session) => session.isOpen())).toBe(true)
    expect(credentials.asked).toBe(1)
  })

  test('a wrong passphrase is not tried for ever, and is named', async () => {
    const identity = key('wrong', { passphrase: 'right' })
    const credentials = answering('not right')
    await using transport = transportTo(server, { credentials })
    const failed = await transport.open(server.host({ identity }))
    expect(failed).toMatchObject({ code: 'authentication-refused' })
    expect(failed).toHaveProperty('message', expect.stringContaining('the passphrase is wrong'))
    expect(credentials.asked).toBe(2)
  })

  test('nobody knows the passphrase', async () => {
    const identity = key('nobody', { passphrase: 'right' })
    await using transport = transportTo(server)
    const failed = await transport.open(server.host({ identity }))
    expect(failed).toHaveProperty('message', expect.stringContaining('no passphrase was given'))
  })

  test('a key that the host does not know: its passphrase is not even asked for', async () => {
    const identity = makeKey(join(server.folder, 'stranger'), { passphrase: 'right' })
    const credentials = answering('right')
    await using transport = transportTo(server, { credentials })
    const failed = await transport.open(server.host({ identity }))
    expect(failed).toMatchObject({ code: 'authentication-refused' })
    expect(failed).toHaveProperty('message', expect.stringMatching(/stranger \(SHA256:.+It accepts: publickey/))
    expect(credentials.asked).toBe(0)
  })

  test('no such file', async () => {
    await using transport = transportTo(server)
    const failed = await transport.open(server.host({ identity: '/nowhere/id' }))
    expect(failed).toHaveProperty('message', expect.stringContaining('/nowhere/id (there is no such file)'))
  })

  test('opening one does not stop the program', async () => {
    const path = makeKey(join(server.folder, 'slow'), { passphrase: 'x', more: ['-a', '64'] })
    let ticks = 0
    const ticking = setInterval(() => ticks++, 5)
    const opened = await openPrivateKey(readFileSync(path, 'utf8'), 'x')
    clearInterval(ticking)
    expect(opened).toHaveProperty('type', 'ssh-ed25519')
    expect(ticks).toBeGreaterThan(10)
  })
})

describe('ssh-agent', () => {
  test('one of its keys opens', async () => {
    await using agent = await startAgent([makeKey(join(server.folder, 'unknown')), key('held', { type: 'rsa' })])
    await using transport = transportTo(server, { agentSocket: agent.socket })
    const session = await openSession(transport, server.host({ identity: null }))
    expect((await run(session, 'exit 5')).outcome).toMatchObject({ code: 5 })
  })

  test('it holds the sealed identity open: nobody is asked', async () => {
    const identity = key('held-sealed')
    await using agent = await startAgent([identity])
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', identity])
    const credentials = answering('secret')
    await using transport = transportTo(server, { agentSocket: agent.socket, credentials })
    expect((await openSession(transport, server.host({ identity }))).isOpen()).toBe(true)
    expect(credentials.asked).toBe(0)
  })

  test('the identity is a public key whose private half only the agent has', async () => {
    const identity = key('held-public')
    await using agent = await startAgent([identity])
    rmSync(identity)
    await using transport = transportTo(server, { agentSocket: agent.socket })
    expect((await openSession(transport, server.host({ identity }))).isOpen()).toBe(true)
  })

  test('a certificate in it does not spoil the other keys', async () => {
    const authority = makeKey(join(server.folder, 'authority'))
    const certified = makeKey(join(server.folder, 'certified'))
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'x', '-n', 'root', `${certified}.pub`], {
      stdio: 'ignore',
    })
    await using agent = await startAgent([certified, key('plain')])
    await using transport = transportTo(server, { agentSocket: agent.socket })
    expect((await openSession(transport, server.host({ identity: null }))).isOpen()).toBe(true)
  })

  test('an agent that is gone is said, and is no reason to crash', async () => {
    await using transport = transportTo(server, { agentSocket: join(server.folder, 'gone') })
    const identity = key('half')
    rmSync(identity)
    const failed = await transport.open(server.host({ identity }))
    expect(failed).toHaveProperty('message', expect.stringContaining('ssh-agent (Failed to connect'))
  })
})

describe.runIf(process.getuid?.() === 0)('what a person types', () => {
  const asked = (answers: readonly (string | null)[]) => {
    const left = [...answers]
    return { count: () => answers.length - left.length, next: () => Promise.resolve(left.shift() ?? null) }
  }

  test('a password, asked for again after a wrong one', async () => {
    using account = makeAccount()
    await using own = await startSshd({ config: ['PasswordAuthentication yes', 'PubkeyAuthentication no'] })
    const answers = asked(['wrong', account.password])
    await using transport = transportTo(own, { credentials: { ...NOBODY, password: answers.next } })
    const session = await openSession(transport, own.host({ user: account.user, identity: null }))
    expect((await run(session, 'id -un')).stdout).toBe(`${account.user}\n`)
    expect(answers.count()).toBe(2)
  })

  test('the same wrong password is sent once: accounts are locked for that', async () => {
    using account = makeAccount()
    await using own = await startSshd({ config: ['PasswordAuthentication yes'] })
    await using transport = transportTo(own, { credentials: { ...NOBODY, password: () => Promise.resolve('wrong') } })
    const failed = await transport.open(own.host({ user: account.user, identity: null }))
    expect(failed).toMatchObject({ code: 'authentication-refused' })
    expect(failed).toHaveProperty(
      'message',
      expect.stringMatching(/Tried: .*password\. It accepts: publickey, password/),
    )
    expect(own.log().match(/Failed password/g)).toHaveLength(1)
  })

  test('keyboard-interactive, with what the host asks', async () => {
    using account = makeAccount()
    await using own = await startSshd({ config: ['UsePAM yes', 'KbdInteractiveAuthentication yes'] })
    const prompts: unknown[] = []
    await using transport = transportTo(own, {
      credentials: {
        ...NOBODY,
        prompt(host, shown) {
          prompts.push(host.name, ...shown)
          return Promise.resolve([account.password])
        },
      },
    })
    const session = await openSession(transport, own.host({ user: account.user, identity: null }))
    expect((await run(session, 'id -un')).stdout).toBe(`${account.user}\n`)
    expect(prompts).toEqual(['app1', { text: expect.stringContaining('Password'), echo: false }])
  })

  test('a key and then a password, where the host wants both', async () => {
    using account = makeAccount()
    await using own = await startSshd({
      config: ['PasswordAuthentication yes', 'AuthenticationMethods publickey,password'],
    })
    await using transport = transportTo(own, {
      credentials: { ...NOBODY, password: () => Promise.resolve(account.password) },
    })
    expect((await openSession(transport, own.host({ user: account.user }))).isOpen()).toBe(true)
  })

  test('nobody to ask: what was tried, and what the host takes, is said', async () => {
    await using own = await startSshd({ config: ['PasswordAuthentication yes'] })
    await using transport = transportTo(own)
    const failed = await transport.open(own.host({ identity: '/nowhere/id' }))
    expect(failed).toHaveProperty(
      'message',
      expect.stringMatching(
        /\/nowhere\/id \(there is no such file\); password \(none was given\)\. It accepts: publickey, password/,
      ),
    )
  })

  test('the time a person takes does not count', async () => {
    using account = makeAccount()
    await using own = await startSshd({ config: ['PasswordAuthentication yes'] })
    const slowly = () => new Promise<string>((done) => setTimeout(() => done(account.password), 3500))
    await using transport = transportTo(own, { connectTimeoutMs: 3000, credentials: { ...NOBODY, password: slowly } })
    expect((await openSession(transport, own.host({ user: account.user, identity: null }))).isOpen()).toBe(true)
  })
})

test('a file that is no key is named', async () => {
  const identity = join(server.folder, 'nonsense')
  writeFileSync(identity, 'nonsense\n')
  await using transport = transportTo(server)
  const failed = await transport.open(server.host({ identity }))
  expect(failed).toHaveProperty('message', expect.stringContaining('it cannot be read'))
})
