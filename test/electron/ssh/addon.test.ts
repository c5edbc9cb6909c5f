/**
 * ssh2 has an addon in C that may or may not have been built on this machine. It is never shipped; with it and without
 * it, what is negotiated and what is run must be the same.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { type Sshd, startSshd } from '../../support/sshd.ts'

const ADDON = 'sshcrypto.node'
const HERE = pathToFileURL(import.meta.filename)

/** A console of its own, which sees the addon as `hide` says: gone, or (as a stand-in that is asked for) looked for. */
async function smoke(
  server: Sshd,
  addon: 'hidden' | 'as it is',
): Promise<{ exit: unknown; cipher: string; isBuilt: boolean }> {
  const own = join(server.folder, 'known')
  writeFileSync(own, server.knownHosts)
  const program = join(server.folder, `smoke-${addon.replaceAll(' ', '-')}.mjs`)
  mkdirSync(dirname(program), { recursive: true })
  writeFileSync(
    program,
    `
    import { createRequire, Module } from 'node:module'
    const require = createRequire(${JSON.stringify(HERE.href)})
    const load = Module._load
    let isBuilt = false
    Module._load = function (request, ...rest) {
      if (!request.endsWith(${JSON.stringify(ADDON)})) return load.call(this, request, ...rest)
      if (${addon === 'hidden'}) throw new Error('hidden by the test')
      const loaded = load.call(this, request, ...rest)
      isBuilt = true
      return loaded
    }
    const { createTransport } = await import(${JSON.stringify(new URL('../../../electron/ssh/transport.ts', HERE).href)})
    const ssh2 = require('ssh2')
    let cipher = ''
    const connect = ssh2.Client.prototype.connect
    ssh2.Client.prototype.connect = function (config) {
      this.on('handshake', (negotiated) => (cipher = negotiated.cs.cipher))
      return connect.call(this, config)
    }
    const nobody = async () => null
    const transport = createTransport({
      credentials: { passphrase: nobody, password: nobody, prompt: nobody },
      knownHosts: { own: ${JSON.stringify(own)}, user: [] },
      defaultUser: ${JSON.stringify(server.user)},
      agentSocket: null,
    })
    const session = await transport.open(${JSON.stringify(server.host())})
    if ('failed' in session) throw new Error(session.message)
    const script = Buffer.from('head -c 5000000 /dev/zero | tr "\\\\0" x; exit 4')
    const { createHash } = await import('node:crypto')
    let size = 0
    const end = await session.run(
      {
        name: ${JSON.stringify(`run1/addon/app1/main-${addon === 'hidden' ? 1 : 2}`)},
        script,
        sha256: createHash('sha256').update(script).digest('hex'),
        variables: {},
        secrets: {},
        timeoutMs: null,
      },
      async (_stream, bytes) => void (size += bytes.length),
    )
    await transport[Symbol.asyncDispose]()
    console.log(JSON.stringify({ exit: end.outcome, size, cipher, isBuilt }))
    `,
  )
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
  await new Promise((done) => child.once('close', done))
  const line = said.split('\n').find((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(said)
  return JSON.parse(line)
}

test('with and without the addon the same is negotiated and run', async () => {
  await using server = await startSshd()
  const same = { exit: { kind: 'exit', code: 4, ok: false }, size: 5_000_000, cipher: 'aes128-gcm@openssh.com' }
  expect(await smoke(server, 'hidden')).toEqual({ ...same, isBuilt: false })
  const ssh2 = dirname(createRequire(import.meta.url).resolve('ssh2/package.json'))
  const isBuilt = existsSync(join(ssh2, 'lib/protocol/crypto/build/Release', ADDON))
  expect(await smoke(server, 'as it is')).toEqual({ ...same, isBuilt })
})
