/** `true` on two hundred hosts: our transport against clush, which starts an OpenSSH client for each host. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Session, Transport } from '../../electron/engine/ports.ts'
import { createTransport } from '../../electron/ssh/transport.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { startersOf } from '../support/starters.ts'
import { compared, type Row, type Size, timed } from './measure.ts'
import { runProgram } from './processes.ts'

const FANOUT = 64
const KEY_EXCHANGE = 'curve25519-sha256'
const CIPHER = 'aes128-gcm@openssh.com'

export async function fanOut(size: Size): Promise<readonly Row[]> {
  const rounds = size.rounds(5)
  const addresses = Array.from({ length: size.count(200) }, (_, index) => `127.0.7.${index + 1}`)
  await using server = await startSshd({
    addresses,
    // Both sides can only take these.
    config: [`KexAlgorithms ${KEY_EXCHANGE}`, `Ciphers ${CIPHER}`, 'MaxSessions 100'],
  })
  await using kept = openTransport(server)
  const open = opener(server, addresses)
  const sessions = await Promise.all(open(kept))
  const clush = clushTo(server, addresses)
  await using masters = await clush.openMasters()

  const cold: Pair = { ours: [], theirs: [] }
  const warm: Pair = { ours: [], theirs: [] }
  const throughMasters: number[] = []
  for (let round = -1; round < rounds; round++) {
    // The first round of all does not count.
    const take = (list: number[], ms: number) => (round < 0 ? 0 : list.push(ms / 1000))
    take(cold.ours, await coldRun(server, open))
    take(cold.theirs, await clush.run())
    take(warm.ours, await timed(() => trueOnAll(sessions)))
    // What makes the next start fast is got ready while nothing is measured.
    await allWait(server, addresses.length)
    take(warm.theirs, await clush.run())
    take(throughMasters, await masters.run())
  }
  const same = `${KEY_EXCHANGE}, ${CIPHER}, an ed25519 key, known hosts checked, sshd on ${addresses.length} loopback addresses`
  const warmWork = `${addresses.length} attempts at once over connections that are open, a start program waiting at each: each uploads its script, checks its digest, claims its folder, runs it with /bin/sh, brings the exit code`
  return [
    compared(
      {
        name: 'true on 200 hosts, cold',
        unit: 's',
        ourWork: `connect to ${addresses.length} hosts, ${FANOUT} at once, and run an attempt on each (Transport.open, Session.run); ${same}`,
        theirWork: `clush -f ${FANOUT}: an ssh for each host; ${same}`,
      },
      cold,
    ),
    compared(
      {
        name: 'true on 200 hosts, warm',
        unit: 's',
        ourWork: warmWork,
        theirWork: `clush -f ${FANOUT} once more, as it comes: it keeps no connections, so its second run connects anew`,
      },
      warm,
    ),
    compared(
      {
        name: 'true on 200 hosts, warm, clush over ControlMaster',
        unit: 's',
        ourWork: warmWork,
        theirWork: `clush -f ${FANOUT} with ControlMaster: an ssh for each host, over a master that is open; nothing is uploaded, checked or claimed`,
      },
      { ours: warm.ours, theirs: throughMasters },
    ),
  ]
}

type Pair = { readonly ours: number[]; readonly theirs: number[] }

export function openTransport(server: Sshd): Transport & AsyncDisposable {
  const own = join(server.folder, 'known_hosts')
  writeFileSync(own, server.knownHosts)
  return createTransport({
    credentials: {
      passphrase: () => Promise.resolve(null),
      password: () => Promise.resolve(null),
      prompt: () => Promise.resolve(null),
    },
    knownHosts: { own, user: [] },
    fanout: FANOUT,
    defaultUser: server.user,
    agentSocket: null,
  })
}

type Open = (transport: Transport) => readonly Promise<Session>[]

function opener(server: Sshd, addresses: readonly string[]): Open {
  return (transport) =>
    addresses.map(async (address, index) => {
      const session = await transport.open(server.host({ name: `host${index}`, address }))
      if ('failed' in session) throw new Error(session.message)
      return session
    })
}

/** Until the last host has answered; closing the connections is not waited for. */
async function coldRun(server: Sshd, open: Open): Promise<number> {
  const transport = openTransport(server)
  const ms = await timed(() => Promise.all(open(transport).map(async (session) => trueOn(await session))))
  await transport[Symbol.asyncDispose]()
  return ms
}

async function allWait(server: Sshd, count: number): Promise<void> {
  const until = performance.now() + 60_000
  while (startersOf(server).length < count) {
    if (performance.now() > until) throw new Error(`start programs wait at fewer than ${count} hosts`)
    await new Promise((done) => setTimeout(done, 200))
  }
}

async function trueOnAll(sessions: readonly Session[]): Promise<void> {
  await Promise.all(sessions.map(trueOn))
}

const SCRIPT = Buffer.from('true\n')
const SHA256 = createHash('sha256').update(SCRIPT).digest('hex')
let attempts = 0

async function trueOn(session: Session): Promise<void> {
  const request = { script: SCRIPT, sha256: SHA256, variables: {}, secrets: {}, timeoutMs: 60_000 }
  const name = `bench/true/${session.host.name}/main-${++attempts}`
  const end = await session.run({ ...request, name }, () => Promise.resolve())
  if (end.outcome.kind !== 'exit' || !end.outcome.ok) throw new Error(`${name}: ${JSON.stringify(end)}`)
}

function clushTo(server: Sshd, addresses: readonly string[]) {
  const common = [
    'Host *',
    `Port ${server.port}`,
    `User ${server.user}`,
    `IdentityFile ${server.identity}`,
    'IdentitiesOnly yes',
    'BatchMode yes',
    'StrictHostKeyChecking yes',
    `UserKnownHostsFile ${join(server.folder, 'known_hosts')}`,
    'GlobalKnownHostsFile /dev/null',
    `KexAlgorithms ${KEY_EXCHANGE}`,
    `Ciphers ${CIPHER}`,
    'LogLevel ERROR',
  ]
  const plain = join(server.folder, 'clush_plain')
  const shared = join(server.folder, 'clush_shared')
  const socketOf = (address: string) => join(server.folder, `m-${address}`)
  writeFileSync(plain, `${common.join('\n')}\n`)
  writeFileSync(shared, `${[...common, `ControlPath ${socketOf('%h')}`].join('\n')}\n`)

  const run = async (config: string): Promise<number> => {
    const args = ['-q', '-S', '-f', String(FANOUT), '-u', '60', '-o', `-F ${config}`, '-w', addresses.join(','), 'true']
    const { code, stderr, ms } = await runProgram('clush', args, { limitMs: 180_000 })
    if (code !== 0) throw new Error(`clush ended with ${code}: ${stderr.slice(0, 500)}`)
    return ms
  }
  return {
    run: () => run(plain),
    /** One OpenSSH master for each host, ended with this program. */
    async openMasters() {
      const masters: ChildProcess[] = []
      const open = async (address: string) => {
        const args = ['-F', shared, '-o', 'ControlMaster=yes', '-N', address]
        const master = spawn('ssh', args, { stdio: ['ignore', 'ignore', 'inherit'] })
        masters.push(master)
        while (!existsSync(socketOf(address))) {
          if (master.exitCode !== null) throw new Error(`the master of ${address} ended with ${master.exitCode}`)
          await new Promise((done) => setTimeout(done, 20))
        }
      }
      const queue = [...addresses]
      const work = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) await open(next)
      }
      await Promise.all(Array.from({ length: 8 }, work))
      return {
        run: () => run(shared),
        async [Symbol.asyncDispose]() {
          const gone = masters.map((master) => new Promise((done) => master.once('exit', done)))
          for (const master of masters) master.kill()
          await Promise.all(gone)
        },
      }
    },
  }
}
