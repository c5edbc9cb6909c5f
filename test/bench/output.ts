/** 1 GiB of output of one step, kept as evidence, against `ssh host cat | tee file | sha256sum; sync`. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { blobStore } from '../../electron/blobs/blob-store.ts'
import { outputStore } from '../../electron/blobs/output-store.ts'
import type { Journal, Segment } from '../../electron/engine/ports.ts'
import { noteBy, RUN, type ScratchConsole, scratchConsole } from '../support/scratch-console.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'
import { openTransport } from './fan-out.ts'
import { compared, figure, inTurn, type Row, type Size, timed } from './measure.ts'
import { runProgram } from './processes.ts'

const KEY_EXCHANGE = 'curve25519-sha256'
const CIPHER = 'aes128-gcm@openssh.com'
/** What a run may know; none of it is in the output, and all of it is looked for. */
const SECRETS = ['correct horse battery staple', 'Tr0ub4dor&3/2026']

export async function output(size: Size): Promise<readonly Row[]> {
  await using server = await startSshd({ config: [`KexAlgorithms ${KEY_EXCHANGE}`, `Ciphers ${CIPHER}`] })
  await using console = await scratchConsole()
  const journal = await console.open()
  const bytes = size.count(1024) * 1024 * 1024
  const rows: Row[] = []
  for (const content of ['text', 'random'] as const) {
    const file = join(server.folder, `output.${content}`)
    const sha256 = await writeOutput(file, bytes, content)
    let blobBytes = 0
    const rounds = await inTurn(size.rounds(5), {
      ours: async () => {
        const taken = await keepOutput({ console, journal, server, file, sha256, bytes })
        blobBytes = taken.blobBytes
        return taken.ms / 1000
      },
      theirs: async () => (await copyOutput(console, server, file, sha256)) / 1000,
    })
    rmSync(file)
    rows.push(
      compared(
        {
          name: `1 GiB of output, ${content}`,
          unit: 's',
          ourWork: `connect, run a script that is \`cat FILE\`, take its output: ${SECRETS.length} secrets looked for in all their forms, segments of 1 MiB hashed (SHA-256, RFC 6962 over 64 KiB), packed where that helps (${figure(blobBytes / 2 ** 20)} MiB stored), each file and folder synced, each bound by a journal entry that is on disk; ${KEY_EXCHANGE}, ${CIPHER}`,
          theirWork: `ssh host cat FILE | tee COPY | sha256sum; sync COPY (OpenSSH’s client; only this file is synced); ${KEY_EXCHANGE}, ${CIPHER}`,
          notes: [
            `peak memory of our side so far: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB, all of Node in it`,
          ],
        },
        rounds,
      ),
    )
  }
  return rows
}

type Work = {
  readonly console: ScratchConsole
  readonly journal: Journal
  readonly server: Sshd
  readonly file: string
  readonly sha256: string
  readonly bytes: number
}

let attempts = 0

async function keepOutput(work: Work): Promise<{ ms: number; blobBytes: number }> {
  const { console, journal, server, file } = work
  const [act] = await journal.append([await noteBy(journal, console.lead)])
  const cause = act?.ref.seq ?? 0
  const folder = join(console.dataDir, `bench-${++attempts}`)
  const attempt = { run: RUN, step: 'export', target: 'app1', purpose: 'main', try: attempts }
  const segments: Segment[] = []
  const blobs = blobStore(folder)
  const script = Buffer.from(`exec cat ${file}\n`)
  const ms = await timed(async () => {
    const transport = openTransport(server)
    const session = await transport.open(server.host())
    if ('failed' in session) throw new Error(session.message)
    const writer = outputStore(blobs).open({
      attempt: `${RUN}/export/app1/main-${attempts}`,
      secrets: SECRETS,
      async onSegment({ blob, ...segment }) {
        await journal.append([
          { type: 'output.bound', data: { ...attempt, ...segment }, text: { blobs: [blob] }, cause },
        ])
        segments.push({ blob, ...segment })
      },
    })
    const end = await session.run(
      {
        name: `${RUN}/export/app1/main-${attempts}`,
        script,
        sha256: createHash('sha256').update(script).digest('hex'),
        variables: {},
        secrets: {},
        timeoutMs: null,
      },
      (stream, bytes) => writer.write(stream, bytes),
    )
    await writer.close()
    if (end.outcome.kind !== 'exit' || !end.outcome.ok) throw new Error(JSON.stringify(end))
    await transport[Symbol.asyncDispose]()
  })
  const blobBytes = await checkKept(work, segments, folder)
  rmSync(folder, { recursive: true })
  return { ms, blobBytes }
}

/** A fast way that lost something would be no way. @returns bytes on disk */
async function checkKept({ sha256, bytes }: Work, segments: readonly Segment[], folder: string): Promise<number> {
  const blobs = blobStore(folder)
  const all = createHash('sha256')
  let kept = 0
  for (const { blob } of segments) {
    for await (const piece of blobs.stream(blob.sha256) ?? []) {
      all.update(piece)
      kept += piece.length
    }
  }
  if (kept !== bytes || all.digest('hex') !== sha256) throw new Error(`${kept} of ${bytes} bytes were kept, or others`)
  const { stdout } = await runProgram('du', ['-sb', folder])
  return Number(stdout.split('\t')[0])
}

async function copyOutput(console: ScratchConsole, server: Sshd, file: string, sha256: string): Promise<number> {
  const config = join(server.folder, 'ssh_config')
  writeFileSync(
    config,
    [
      'Host *',
      `Port ${server.port}`,
      `User ${server.user}`,
      `IdentityFile ${server.identity}`,
      'IdentitiesOnly yes',
      'BatchMode yes',
      'StrictHostKeyChecking yes',
      `UserKnownHostsFile ${join(server.folder, 'known_hosts')}`,
      `KexAlgorithms ${KEY_EXCHANGE}`,
      `Ciphers ${CIPHER}`,
      '',
    ].join('\n'),
  )
  const copy = join(console.folder, 'copy')
  const line = `ssh -F ${config} ${server.address} cat ${file} | tee ${copy} | sha256sum; sync ${copy}`
  const { stdout, stderr, ms } = await runProgram('sh', ['-c', line], { limitMs: 300_000 })
  if (!stdout.startsWith(sha256)) throw new Error(`ssh brought something else: ${stderr}`)
  rmSync(copy)
  return ms
}

/**
 * Repeats a piece whose length is no multiple of a segment's, so that no two segments are alike.
 * @returns SHA-256 of the file
 */
async function writeOutput(path: string, bytes: number, content: 'text' | 'random'): Promise<string> {
  const length = 7 * 1024 * 1024 + 12_345
  const piece = content === 'random' ? randomBytes(length) : logLines(length)
  const file = await open(path, 'w')
  for (let left = bytes; left > 0; left -= length) await file.write(piece, 0, Math.min(left, length))
  await file.close()
  const sum = createHash('sha256')
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024 })) sum.update(part as Buffer)
  return sum.digest('hex')
}

function logLines(bytes: number): Buffer {
  const lines: string[] = []
  let length = 0
  for (let line = 0; length < bytes; line++) {
    const at = new Date(Date.UTC(2026, 11, 5, 22) + line * 137).toISOString()
    const [a = 0, b = 0, c = 0] = randomBytes(3)
    const text = `${at} orders-db[${4000 + a}]: checkpoint ${line} complete: wrote ${a * 97 + b} buffers (${(b / 2.55).toFixed(1)}%); sync=0.0${c} s, distance=${a * b * 3} kB\n`
    lines.push(text)
    length += text.length
  }
  return Buffer.from(lines.join('')).subarray(0, bytes)
}
