/**
 * Key files with a passphrase, each form of them: opened in a worker, never in the thread that holds the connections, and
 * a wrong passphrase is told as just that. The worker's program is a text: what it refers to must be in that text.
 */
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPrivateKey } from '../../../electron/ssh/private-key.ts'
import { makeKey } from '../../support/sshd.ts'

const BAD_DECRYPT = 'ERR_OSSL_BAD_DECRYPT'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-keys-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What becomes of the workers that are begun during the work: one that throws has failed, and its work is done here. */
async function withWorkers<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly workers: string[] }> {
  const ends: Promise<string>[] = []
  const onWorker = (worker: Worker) => {
    ends.push(
      new Promise((done) => {
        worker.once('message', () => done('answered'))
        worker.once('error', (error) => done(`failed: ${error instanceof Error ? error.message : String(error)}`))
      }),
    )
  }
  process.on('worker', onWorker)
  try {
    const result = await work()
    return { result, workers: await Promise.all(ends) }
  } finally {
    process.off('worker', onWorker)
  }
}

describe.each([
  ['ed25519', 'ssh-ed25519', { type: 'ed25519' }],
  ['rsa in PEM', 'ssh-rsa', { type: 'rsa', more: ['-b', '2048', '-m', 'PEM'] }],
  ['rsa in PKCS #8', 'ssh-rsa', { type: 'rsa', more: ['-b', '2048', '-m', 'PKCS8'] }],
  ['ecdsa in PEM', 'ecdsa-sha2-nistp256', { type: 'ecdsa', more: ['-m', 'PEM'] }],
  ['ecdsa in PKCS #8', 'ecdsa-sha2-nistp256', { type: 'ecdsa', more: ['-m', 'PKCS8'] }],
] as const)('%s', (name, type, options) => {
  let text: string
  beforeAll(() => {
    text = readFileSync(
      makeKey(join(folder, name.replaceAll(/\W/g, '-')), { ...options, passphrase: 'correct horse' }),
      'utf8',
    )
  })

  test('opens, in a worker', async () => {
    const { result, workers } = await withWorkers(() => openPrivateKey(text, 'correct horse'))
    expect(result).toMatchObject({ type })
    expect(workers).toEqual(['answered'])
  })

  test.each(['correct hors', ''])('the wrong passphrase %j is told as such, by the worker', async (wrong) => {
    const { result, workers } = await withWorkers(() => openPrivateKey(text, wrong))
    expect(result).toBe('passphrase')
    expect(workers).toEqual(['answered'])
  })

  test('no passphrase is told as one that is missing', async () => {
    expect(await openPrivateKey(text, null)).toBe('passphrase')
  })
})

test('a wrong passphrase that leaves a good padding is told as such', async () => {
  const path = makeKey(join(folder, 'padding'), { type: 'ecdsa', passphrase: 'right', more: ['-m', 'PEM'] })
  const text = readFileSync(path, 'utf8')
  const codeOf = (passphrase: string) => {
    try {
      return String(createPrivateKey({ key: text, passphrase }).type)
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : ''
    }
  }
  // About one in 256 does.
  const wrong = Array.from({ length: 5000 }, (_, index) => `wrong${index}`).find((one) => codeOf(one) !== BAD_DECRYPT)
  expect(wrong).toBeDefined()
  expect(await openPrivateKey(text, wrong ?? '')).toBe('passphrase')
})

test('a file that is damaged is not told as a wrong passphrase', async () => {
  const text = readFileSync(makeKey(join(folder, 'damaged'), { passphrase: 'x' }), 'utf8')
  const lines = text.split('\n')
  const { result } = await withWorkers(() => openPrivateKey([...lines.slice(0, 2), ...lines.slice(-2)].join('\n'), 'x'))
  expect(result).toBeInstanceOf(Error)
})
