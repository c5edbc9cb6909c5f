/** The archive for machines that may not run an Electron bundle: unpacked elsewhere, it runs with nothing but its own Node. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isShipped } from '../../resources/packaging/production-modules.ts'
import { packTarball } from '../../resources/packaging/tarball.ts'
import { ROOT } from '../support/command.ts'

const work = mkdtempSync(join(tmpdir(), 'holdpoint-archive-'))
const home = join(work, 'holdpoint-linux-x64')
const { version }: { version: string } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))

beforeAll(async () => {
  const archive = await packTarball(work)
  expect(spawnSync('tar', ['-xzf', archive, '-C', work]).status).toBe(0)
  rmSync(archive)
}, 240_000)
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('the unpacked archive', () => {
  test('says its version, also through a link to it', () => {
    expect(holdpoint(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
    const link = join(work, 'hp')
    symlinkSync(join(home, 'bin/holdpoint'), link)
    expect(spawnSync(link, ['--version'], { env: BARE, encoding: 'utf8' }).stdout).toBe(`${version}\n`)
  })

  test('checks the runbooks that it brings, and finds the fault in another', async () => {
    const samples = await readdir(join(home, 'app/resources/samples'))
    expect(samples.length).toBeGreaterThan(0)
    for (const sample of samples) {
      const checked = holdpoint(['check', join(home, 'app/resources/samples', sample, 'runbook.yaml')])
      expect(checked.status, checked.stderr + checked.stdout).toBe(0)
    }
    expect(holdpoint(['check', join(home, 'app/package.json')]).status).not.toBe(0)
  })

  test('runs a sample on its practice hosts, and its journal verifies', async () => {
    const [sample] = (await readdir(join(home, 'app/resources/samples'))).sort()
    const folder = join(home, 'app/resources/samples', sample ?? '')
    const data = join(work, 'data')
    const args = ['--practice', '--live', '--answers', join(folder, 'answers.yaml'), '--data', data]
    const ran = holdpoint(['run', join(folder, 'runbook.yaml'), ...args])
    // A sample may end backed out (1): what matters is that it ended by itself, with nothing waiting or unknown.
    expect([0, 1], ran.stdout + ran.stderr).toContain(ran.status)
    const verified = holdpoint(['journal', 'verify', '--data', data, '--json'])
    expect(verified.status, verified.stdout + verified.stderr).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true })
  }, 120_000)

  test('serves the screens, and ends when it is told to', async () => {
    const host = spawn(join(home, 'bin/holdpoint'), ['--browser', '--data', join(work, 'served')], {
      env: BARE,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise<number | null>((done) => host.once('close', done))
    try {
      const link = await linkOf(host.stdout)
      const page = await fetch(new URL('/', link))
      expect(page.status).toBe(200)
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await page.text()).toContain('<div id="root">')
    } finally {
      host.kill('SIGTERM')
    }
    expect(await ended).toBe(0)
  })

  test('holds no addon of ssh2, one binary of SQLite, and no source', async () => {
    const files = (await readdir(home, { recursive: true })).map((file) => `/${file}`)
    expect(files.filter((file) => file.endsWith('.node'))).toEqual([
      '/app/node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ])
    expect(files.filter((file) => /[.]tsx?$/.test(file) && !file.includes('/node_modules/'))).toEqual([])
  })
})

test('what is left out of the modules', () => {
  const path = (rest: string) => `/x/node_modules/${rest}`
  const shipped = (rest: string) => isShipped(path(rest), 'linux', 'x64')
  expect(shipped('ssh2/lib/client.js')).toBe(true)
  expect(shipped('ssh2/lib/protocol/crypto.js')).toBe(true)
  expect(shipped('ssh2/lib/protocol/crypto/poly1305.js')).toBe(true)
  expect(shipped('ssh2/lib/protocol/crypto/build/Release/sshcrypto.node')).toBe(false)
  expect(shipped('ssh2/lib/protocol/crypto/src/binding.cc')).toBe(false)
  expect(shipped('ssh2/test')).toBe(false)
  expect(shipped('better-sqlite3/prebuilds/linux-x64.node')).toBe(true)
  expect(shipped('better-sqlite3/prebuilds/win32-x64.node')).toBe(false)
  expect(shipped('better-sqlite3/deps/sqlite3.c')).toBe(false)
})

/** No Node on the path, no home of a developer: what the archive needs it must bring. */
const BARE = { PATH: '/usr/bin:/bin', HOME: work, LANG: 'C.UTF-8' }

function holdpoint(args: readonly string[]) {
  return spawnSync(join(home, 'bin/holdpoint'), args, { cwd: work, env: BARE, encoding: 'utf8' })
}

async function linkOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const link = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line)?.[0]
    if (link !== undefined) return link
  }
  throw new Error('the host ended without a word')
}
