/** How `holdpoint open` finds a running console, and who else does not get a link. */
import { spawnSync } from 'node:child_process'
import { createServer, connect } from 'node:net'
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Announced, announceHost } from '../../../electron/host/announce.ts'
import { HostFile, isAlive, readHostFile } from '../../../electron/host/host-file.ts'
import { requestLink } from '../../../electron/host/request-link.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { enterByLink, knock, secrets, type Stage, startStage, tokenOf } from './stage.ts'

async function newFolder(name = 'data') {
  const root = await mkdtemp(join(tmpdir(), 'holdpoint-data-'))
  const path = join(root, name)
  await mkdir(path, { mode: 0o700 })
  return { path, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) }
}

async function announce(stage: Stage, dataDir: string, log: string[] = []): Promise<Announced> {
  const announced = await announceHost({ dataDir, host: stage.host, secrets, log: (line) => log.push(line) })
  if (isRefusal(announced)) throw new Error(announced.message)
  return announced
}

async function fileIn(dataDir: string): Promise<HostFile> {
  return HostFile.parse(JSON.parse(await readFile(join(dataDir, 'host.json'), 'utf8')))
}

/** Says a line on the control socket; what comes back until it closes. */
function say(path: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(path, () => socket.write(line))
    socket.on('data', (bytes) => {
      heard += bytes.toString('utf8')
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(heard))
  })
}

/** The number of a process that was, and is no more. */
function deadPid(): number {
  const { pid } = spawnSync(process.execPath, ['--version'])
  expect(isAlive(pid)).toBe(false)
  return pid
}

test('a running console gives a new link each time, and each lets one page in', async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  await using _announced = await announce(stage, folder.path)
  const links = [await requestLink(folder.path), await requestLink(folder.path)]
  expect(new Set(links).size).toBe(2)
  for (const link of links) {
    expect(link?.startsWith(`${stage.host.url}#token=`)).toBe(true)
    expect((await knock(stage.host.port, { token: tokenOf(link ?? '') })).answer).toHaveProperty('session')
  }
})

test('only the owner may read the file and reach the socket', async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  await using _announced = await announce(stage, folder.path)
  const file = await fileIn(folder.path)
  expect(file).toMatchObject({ pid: process.pid, port: stage.host.port })
  expect(file.control.path).toBe(join(folder.path, 'host.sock'))
  expect((await stat(join(folder.path, 'host.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(file.control.path)).mode & 0o777).toBe(0o600)
})

test('who does not know the secret gets no link; who does, beside it, gets one', async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  const log: string[] = []
  await using _announced = await announce(stage, folder.path, log)
  const { control } = await fileIn(folder.path)
  const asks = [
    { secret: 'A'.repeat(43), ask: 'link' },
    { ask: 'link' },
    { secret: control.secret, ask: 'everything' },
    { secret: control.secret, ask: 'link', more: 1 },
    'link',
  ]
  for (const ask of asks) expect(await say(control.path, `${JSON.stringify(ask)}\n`)).toBe('')
  expect(await say(control.path, 'no JSON\n')).toBe('')
  expect(await say(control.path, 'x'.repeat(5_000))).toBe('')
  expect(log).toHaveLength(7)
  expect(log.join()).not.toContain(control.secret)
  const answer = await say(control.path, `${JSON.stringify({ secret: control.secret, ask: 'link' })}\n`)
  expect(JSON.parse(answer)).toEqual({ pid: process.pid, link: expect.stringContaining('#token=') })
})

test('closing takes the file and the socket away', async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  const announced = await announce(stage, folder.path)
  expect(await readdir(folder.path)).toEqual(['host.json', 'host.sock'])
  await announced.close()
  expect(await readdir(folder.path)).toEqual([])
  expect(await requestLink(folder.path)).toBeNull()
  // The console itself goes on.
  expect(await (await enterByLink(stage)).client.add({ a: 1, b: 1 })).toBe(2)
})

test('where no console runs there is no link', async () => {
  await using folder = await newFolder()
  expect(await requestLink(folder.path)).toBeNull()
  expect(await requestLink(join(folder.path, 'absent'))).toBeNull()
})

test('a console that was killed leaves a file that is known to be stale, and the next one replaces it', async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  // As after kill -9: the file and the socket's name are there, nobody listens.
  const killed = await announce(stage, folder.path)
  const left = await fileIn(folder.path)
  await killed.close()
  await writeFile(join(folder.path, 'host.json'), JSON.stringify({ ...left, pid: deadPid() }))
  await writeFile(left.control.path, '')
  expect(await requestLink(folder.path)).toBeNull()
  await using _announced = await announce(stage, folder.path)
  expect(await requestLink(folder.path)).toContain('#token=')
  expect((await fileIn(folder.path)).pid).toBe(process.pid)
})

test('a stale file whose process number another program has by now is no console', async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  const killed = await announce(stage, folder.path)
  const left = await fileIn(folder.path)
  await killed.close()
  await writeFile(join(folder.path, 'host.json'), JSON.stringify({ ...left, pid: process.ppid }))
  expect(isAlive(process.ppid)).toBe(true)
  expect(await requestLink(folder.path)).toBeNull()
  await using _announced = await announce(stage, folder.path)
  expect(await requestLink(folder.path)).toContain('#token=')
})

test('a file that this program did not write is no console', async () => {
  await using folder = await newFolder()
  for (const text of ['', '{}', 'null', '{"pid":1}', JSON.stringify({ pid: 1, port: 0, control: null })]) {
    await writeFile(join(folder.path, 'host.json'), text)
    expect(await readHostFile(folder.path)).toBeNull()
    expect(await requestLink(folder.path)).toBeNull()
  }
})

test('a second console is refused while the first one answers, and does not take its file', async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  await using other = await startStage()
  await using _announced = await announce(stage, folder.path)
  const second = await announceHost({ dataDir: folder.path, host: other.host, secrets, log: () => {} })
  expect(second).toMatchObject({ refused: true, code: 'already-running' })
  expect((await fileIn(folder.path)).port).toBe(stage.host.port)
  expect(await requestLink(folder.path)).toContain(`:${stage.host.port}/`)
})

test("closing leaves another console's file alone", async () => {
  await using folder = await newFolder()
  await using stage = await startStage()
  const announced = await announce(stage, folder.path)
  const other = { pid: process.pid, port: 1, control: { path: '/nowhere', secret: 'B'.repeat(43) } }
  await writeFile(join(folder.path, 'host.json'), JSON.stringify(other))
  await announced.close()
  expect(await fileIn(folder.path)).toEqual(other)
})

test('a data folder whose path is too long for a socket has it elsewhere, in a folder of its own', async () => {
  await using folder = await newFolder('d'.repeat(120))
  await using stage = await startStage()
  const announced = await announce(stage, folder.path)
  const { control } = await fileIn(folder.path)
  expect(control.path.startsWith(folder.path)).toBe(false)
  expect((await stat(join(control.path, '..'))).mode & 0o777).toBe(0o700)
  expect(await requestLink(folder.path)).toContain('#token=')
  await announced.close()
  await expect(access(join(control.path, '..'))).rejects.toThrow('ENOENT')
})

test('a link that leads elsewhere is not passed on', async () => {
  await using folder = await newFolder()
  const path = join(folder.path, 'other.sock')
  const links = [
    'http://127.0.0.1:2/#token=A',
    'http://evil.example/#token=A',
    'javascript:0',
    'http://127.0.0.1:1/#token=A',
  ]
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(`${JSON.stringify({ pid: process.pid, link: links.shift() })}\n`))
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const file = { pid: process.pid, port: 1, control: { path, secret: 'A'.repeat(43) } }
  await writeFile(join(folder.path, 'host.json'), JSON.stringify(file))
  for (let time = 0; time < 3; time += 1) expect(await requestLink(folder.path)).toBeNull()
  expect(await requestLink(folder.path)).toBe('http://127.0.0.1:1/#token=A')
  await new Promise((resolve) => server.close(resolve))
})
