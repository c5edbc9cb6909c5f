/** Whom one talks to: known, unknown, changed and revoked host keys, in every form that known_hosts has for them. */
import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookUp, parseKnownHosts } from '../../../electron/ssh/known-hosts.ts'
import { createTransport } from '../../../electron/ssh/transport.ts'
import { makeKey, type Sshd, startSshd } from '../../support/sshd.ts'
import { NOBODY, openSession } from './session.ts'

let server: Sshd
beforeAll(async () => {
  server = await startSshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] })
})
afterAll(() => server[Symbol.asyncDispose]())

let files = 0
const file = (text: string) => {
  const path = join(server.folder, `known_hosts_${++files}`)
  writeFileSync(path, text)
  return path
}
const missing = () => join(server.folder, 'own', `known_hosts_${++files}`)
const transport = (own: string, user: readonly string[] = []) =>
  createTransport({ credentials: NOBODY, knownHosts: { own, user }, defaultUser: server.user, agentSocket: null })
const ed25519 = () => server.hostKeys.ed25519 ?? ''
const fingerprint = (publicKey: string) =>
  execFileSync('ssh-keygen', ['-l', '-f', '-'], { input: publicKey, encoding: 'utf8' }).split(' ')[1]
const place = () => `[${server.address}]:${server.port}`

describe('a host', () => {
  test('that is met for the first time shows its fingerprint, and is connected to once that is accepted', async () => {
    const own = missing()
    await using way = transport(own)
    const failed = await way.open(server.host())
    expect(failed).toMatchObject({ code: 'host-key-unknown', hostKey: { known: [], offered: { type: 'ssh-ed25519' } } })
    if (!('failed' in failed) || failed.hostKey === undefined) throw new Error('it connected')
    expect(failed.hostKey.offered.fingerprint).toBe(fingerprint(ed25519()))
    expect(failed.message).toContain(failed.hostKey.offered.fingerprint)
    expect(server.log()).not.toContain('Accepted publickey')

    await way.acceptHostKey(server.host(), failed.hostKey.offered)
    expect((await openSession(way, server.host())).isOpen()).toBe(true)
    expect(readFileSync(own, 'utf8')).toBe(`${place()} ${ed25519()}\n`)
    expect(statSync(own).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(server.folder, 'own')).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  test('that has changed is not connected to, and both keys are shown', async () => {
    await using changing = await startSshd()
    const known = `${changing.knownHosts}`
    const own = join(changing.folder, 'own')
    writeFileSync(own, known)
    await using way = transport(own)
    expect((await openSession(way, changing.host())).isOpen()).toBe(true)
    const before = changing.hostKeys.ed25519 ?? ''
    await changing.restart({ newHostKeys: true })
    await using anew = transport(own)
    const failed = await anew.open(changing.host())
    expect(failed).toMatchObject({
      code: 'host-key-changed',
      hostKey: {
        offered: { publicKey: changing.hostKeys.ed25519 },
        known: [{ publicKey: before, fingerprint: fingerprint(before), source: `${own}:1` }],
      },
    })
    if (!('failed' in failed) || failed.hostKey === undefined) throw new Error('it connected')
    await anew.acceptHostKey(changing.host(), failed.hostKey.offered)
    expect((await openSession(anew, changing.host())).isOpen()).toBe(true)
    // What was known is replaced, not kept beside it.
    const place = `[${changing.address}]:${changing.port}`
    expect(readFileSync(own, 'utf8')).toBe(`@revoked ${place} ${before}\n${place} ${changing.hostKeys.ed25519}\n`)
  })

  test('whose changed key was accepted is trusted with none of its old ones, wherever they stand', async () => {
    await using changing = await startSshd({ hostKeys: ['ed25519', 'ecdsa'] })
    const names = ['host_ed25519', 'host_ed25519.pub', 'host_ecdsa', 'host_ecdsa.pub']
    const save = () =>
      names.map((name) => [join(changing.folder, name), readFileSync(join(changing.folder, name))] as const)
    const user = join(changing.folder, 'user')
    const own = join(changing.folder, 'own')
    writeFileSync(user, `*,!db1 ${changing.hostKeys.ed25519}\n${changing.knownHosts}`)
    const old = { keys: changing.hostKeys, files: save() }
    const accept = async (code: string, knows: number) => {
      await using way = transport(own, [user])
      const failed = await way.open(changing.host())
      expect(failed).toMatchObject({ code, hostKey: { offered: { publicKey: changing.hostKeys.ed25519 } } })
      if (!('failed' in failed) || failed.hostKey === undefined) throw new Error('it connected')
      expect(failed.hostKey.known).toHaveLength(knows)
      await way.acceptHostKey(changing.host(), failed.hostKey.offered)
      expect((await openSession(way, changing.host())).isOpen()).toBe(true)
    }
    await changing.restart({ newHostKeys: true })
    await accept('host-key-changed', 3)

    // Who has the old key, of either type, is not this host any more.
    for (const type of ['ed25519', 'ecdsa'] as const) {
      const known = lookUp(parseKnownHosts(readFileSync(own, 'utf8'), own), changing.address, changing.port)
      const blob = Buffer.from(old.keys[type]?.split(' ')[1] ?? '', 'base64')
      expect(known.judge(blob).verdict).toBe('revoked')
    }
    const anew = changing.hostKeys.ed25519 ?? ''
    for (const [name, bytes] of old.files) writeFileSync(name, bytes)
    await changing.restart()
    // Accepted again on purpose, it is trusted again, and the one in between is not.
    await accept('host-key-revoked', 1)
    expect(readFileSync(own, 'utf8')).toContain(`@revoked [${changing.address}]:${changing.port} ${anew}\n`)
    expect(readFileSync(own, 'utf8')).not.toContain(
      `@revoked [${changing.address}]:${changing.port} ${old.keys.ed25519}\n`,
    )
    expect(readFileSync(user, 'utf8')).toContain(old.keys.ed25519)
  })

  test('of which another key is known and still shown loses none by accepting one', async () => {
    const own = file(`${place()} ${ed25519()}\n`)
    const user = file(`${place()} ${server.hostKeys.rsa}\n`)
    await using way = transport(own, [user])
    await way.acceptHostKey(server.host(), { type: 'ssh-ed25519', fingerprint: 'SHA256:x', publicKey: ed25519() })
    expect(readFileSync(own, 'utf8')).toBe(`${place()} ${ed25519()}\n`)
  })

  test('whose key is revoked is not connected to, known or not', async () => {
    await using way = transport(file(`${server.knownHosts}@revoked * ${ed25519()}\n`))
    const failed = await way.open(server.host())
    expect(failed).toMatchObject({ code: 'host-key-revoked', hostKey: { offered: { publicKey: ed25519() } } })
  })

  test('is known by a hashed name, as ssh-keygen -H writes it', async () => {
    const path = file(server.knownHosts)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' })
    expect(readFileSync(path, 'utf8')).toMatch(/^\|1\|/)
    await using way = transport(missing(), [path])
    expect((await openSession(way, server.host())).isOpen()).toBe(true)
  })

  test('is known from the user’s file, which is never written to', async () => {
    const path = file(server.knownHosts)
    chmodSync(path, 0o400)
    await using way = transport(missing(), [path])
    expect((await openSession(way, server.host())).isOpen()).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe(server.knownHosts)
  })

  test('is known once the file says so: it is read again', async () => {
    const path = file('# nothing yet\n')
    await using way = transport(missing(), [path])
    expect(await way.open(server.host())).toMatchObject({ code: 'host-key-unknown' })
    writeFileSync(path, server.knownHosts)
    expect((await openSession(way, server.host())).isOpen()).toBe(true)
  })

  test.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'of which only its %s key is known is asked for that one',
    async (type) => {
      await using way = transport(file(`${place()} ${server.hostKeys[type]}\n`))
      expect((await openSession(way, server.host())).isOpen()).toBe(true)
    },
  )

  test('that has none of the known types any more has changed', async () => {
    await using other = await startSshd({ hostKeys: ['ecdsa'] })
    await using way = transport(file(`[${other.address}]:${other.port} ${ed25519()}\n`))
    expect(await way.open(other.host())).toMatchObject({ code: 'host-key-changed' })
  })

  test('that a certificate authority vouches for is still asked about, and that is said', async () => {
    await using way = transport(file(`@cert-authority * ${ed25519()}\n`))
    const failed = await way.open(server.host())
    expect(failed).toMatchObject({ code: 'host-key-unknown' })
    expect(failed).toHaveProperty('message', expect.stringContaining('certificate authority'))
  })

  test('on another port is another host', async () => {
    await using way = transport(file(`[${server.address}]:22 ${ed25519()}\n${server.address} ${ed25519()}\n`))
    expect(await way.open(server.host())).toMatchObject({ code: 'host-key-unknown' })
  })

  test('accepted many times at once: every one is in the file', async () => {
    const own = missing()
    await using way = transport(own)
    const key = { type: 'ssh-ed25519', fingerprint: 'SHA256:x', publicKey: ed25519() }
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => way.acceptHostKey(server.host({ address: `10.0.0.${index}` }), key)),
    )
    expect(readFileSync(own, 'utf8').trim().split('\n')).toHaveLength(20)
  })
})

describe('known_hosts', () => {
  const verdict = (line: string, address: string, port = 22) => {
    const [, type = '', base64 = ''] = / (ssh-\S+) (\S+)/.exec(` ${ed25519()}`) ?? []
    const blob = Buffer.from(base64, 'base64')
    expect(type).toBe('ssh-ed25519')
    return lookUp(parseKnownHosts(`${line} ${ed25519()}`, 'file'), address, port).judge(blob).verdict
  }

  test.each([
    ['app1', 'app1', 22],
    ['APP1', 'app1', 22],
    ['app1', 'App1', 22],
    ['db1,app1', 'app1', 22],
    ['*.example.com', 'app1.example.com', 22],
    ['app?', 'app1', 22],
    ['10.0.*.7', '10.0.3.7', 22],
    ['[app1]:2222', 'app1', 2222],
    ['[*]:2222', 'app1', 2222],
    ['*,!db1', 'app1', 22],
    ['[app1]:22,app1', 'app1', 22],
    ['fe80::1', 'fe80::1', 22],
  ])('%s names %s port %i', (names, address, port) => {
    expect(verdict(names, address, port)).toBe('known')
  })

  test.each([
    ['app1', 'app11', 22],
    ['app1', 'app1', 2222],
    ['*.example.com', 'example.com', 22],
    ['app?', 'app', 22],
    ['*,!app1', 'app1', 22],
    ['!app1,*', 'app1', 22],
    ['app1 extra', 'extra', 22],
    ['#app1', 'app1', 22],
    ['@unheard app1', 'app1', 22],
    ['|1|AAAA|BBBB', 'app1', 22],
  ])('%s does not name %s port %i', (names, address, port) => {
    expect(verdict(names, address, port)).toBe('unknown')
  })

  test('agrees with ssh-keygen -F on hashed names', () => {
    const path = file(`app1,10.0.0.1 ${ed25519()}\n[app2]:2222 ${ed25519()}\n`)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' })
    const lines = parseKnownHosts(readFileSync(path, 'utf8'), path)
    for (const [name, address, port] of [
      ['app1', 'app1', 22],
      ['10.0.0.1', '10.0.0.1', 22],
      ['[app2]:2222', 'app2', 2222],
    ] as const) {
      expect(execFileSync('ssh-keygen', ['-F', name, '-f', path], { encoding: 'utf8' })).toContain('found')
      expect(lookUp(lines, address, port).types).toEqual(['ssh-ed25519'])
    }
    expect(lookUp(lines, 'app2', 22).types).toEqual([])
  })

  test('a pattern made to be slow is not', () => {
    const began = performance.now()
    expect(verdict('*a*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(5000))).toBe('unknown')
    expect(performance.now() - began).toBeLessThan(1000)
  })

  test('a line that is damaged is passed over, and the others hold', () => {
    const text = `app1\napp1 ssh-ed25519\napp1 ssh-ed25519 ****\napp1 ssh-rsa ${ed25519().split(' ')[1]}\napp1 ${ed25519()}\n`
    expect(lookUp(parseKnownHosts(text, 'file'), 'app1', 22).types).toEqual(['ssh-ed25519'])
  })

  test('a key that is not the known one is changed, not unknown', () => {
    const other = readFileSync(`${makeKey(join(server.folder, 'other'))}.pub`, 'utf8').split(' ')[1] ?? ''
    const known = lookUp(parseKnownHosts(`app1 ${ed25519()}`, 'file'), 'app1', 22)
    expect(known.judge(Buffer.from(other, 'base64')).verdict).toBe('changed')
  })
})
