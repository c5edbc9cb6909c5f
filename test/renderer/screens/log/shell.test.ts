import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { actText } from '../../../../shared/journal/act.ts'
import { actCommands, chainCommands, signerId } from '../../../../renderer/screens/log/shell.ts'
import { quoted } from '../../../../renderer/parts/shell-words.ts'

const ORIGIN = 'holdpoint/6f0c1d2e-0000-4000-8000-00000000d021/00000002'
const folder = mkdtempSync(join(tmpdir(), 'holdpoint-shell-'))
afterAll(() => rmSync(folder, { recursive: true }))

function sh(script: string) {
  return spawnSync('sh', ['-eu'], { input: script, cwd: folder, encoding: 'utf8' })
}

function signed(name: string, subject: string) {
  const key = join(folder, 'key')
  rmSync(key, { force: true })
  rmSync(`${key}.pub`, { force: true })
  expect(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]).status).toBe(0)
  const text = actText({
    v: 1,
    nonce: '0'.repeat(32),
    origin: ORIGIN,
    run: 'run-1',
    act: 'go',
    subject,
    role: 'lead',
    content: 'a'.repeat(64),
    reason: null,
    after: { size: 4, root: 'b'.repeat(64) },
  })
  const signing = spawnSync('ssh-keygen', ['-Y', 'sign', '-f', key, '-n', 'holdpoint-act'], {
    input: text,
    encoding: 'utf8',
  })
  expect(signing.status).toBe(0)
  const publicKey = readFileSync(`${key}.pub`, 'utf8').trim()
  return { seq: 73, text, armoured: signing.stdout, name, publicKey }
}

test.each([
  ['Katrin Vogel', 'go'],
  ["Ana María O'Neill, lead *", 'it\'s $(touch bad) `touch bad` \\ "go"'],
  ['责任者', 'ACTor'],
])('the commands for an act of %s, pasted, have ssh-keygen find the signature good', (name, subject) => {
  const answer = sh(actCommands(signed(name, subject)))
  expect(answer.stderr).toBe('')
  expect(answer.stdout).toContain('Good "holdpoint-act" signature')
  expect(answer.status).toBe(0)
})

test('a text that is not the one that was signed is refused by the same commands', () => {
  const act = signed('Katrin Vogel', 'go')
  const answer = sh(actCommands({ ...act, text: act.text.replace('subject:  go', 'subject:  no') }))
  expect(answer.status).not.toBe(0)
})

test('without a key in the signature the commands use the file that the reader brings', () => {
  const act = signed('Katrin Vogel', 'go')
  writeFileSync(join(folder, 'allowed_signers'), `${signerId(act.name)} ${act.publicKey}\n`)
  const commands = actCommands({ ...act, publicKey: null })
  expect(commands).not.toContain('> allowed_signers')
  expect(sh(commands).status).toBe(0)
})

test('the commands for the chain print the hash that they promise', () => {
  const header = `{"data":{"step":"it's $(x) \`y\`"},"seq":0}`
  const hash = createHash('sha256').update(header).digest('hex')
  const entry = { seq: 0, header, hash, hasNext: true }
  expect(sh(chainCommands({ ...entry, archive: null })).stdout).toBe(`${hash}  -\n`)

  const archive = { path: join(folder, "the archive's place"), origin: ORIGIN }
  const log = join(archive.path, '6f0c1d2e-0000-4000-8000-00000000d021/00000002')
  mkdirSync(log, { recursive: true })
  writeFileSync(join(log, 'journal.jsonl'), `${header}\n{"prev":"${hash}","seq":1}\n`)
  expect(sh(chainCommands({ ...entry, archive })).stdout).toBe(`${hash}  -\n1\n`)
})

test('a word of the shell stays one word', () => {
  for (const word of ['/plain/path', "it's", 'a b', '$HOME', '"', '\\', '*'])
    expect(sh(`printf %s ${quoted(word)}`).stdout).toBe(word)
})
