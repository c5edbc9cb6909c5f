/**
 * A thread for what takes a good part of a second: deriving a key from a passphrase. It is made for one job and ends
 * with it, and what it was given goes with it.
 */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** @property text a private key file */
type OpenJob = { readonly do: 'open'; readonly text: string; readonly passphrase: string }
type DeriveJob = {
  readonly do: 'derive'
  readonly passphrase: string
  readonly salt: Uint8Array
  readonly rounds: number
  readonly length: number
}
export type OpenedText = { readonly pem: string; readonly comment: string } | { readonly fault: string }

// A thread made of text has no place of its own to find modules from: it is given their paths.
const JOBS = `
const { workerData, parentPort } = require('node:worker_threads')
const { createPrivateKey } = require('node:crypto')
const { job, ssh2, bcrypt } = workerData

function open({ text, passphrase }) {
  try {
    if (/-----BEGIN (ENCRYPTED |RSA |EC )?PRIVATE KEY-----/.test(text)) {
      const key = createPrivateKey({ key: text, passphrase })
      return { pem: key.export({ type: 'pkcs8', format: 'pem' }), comment: '' }
    }
    const parsed = require(ssh2).utils.parseKey(text, passphrase)
    if (parsed instanceof Error) throw parsed
    return { pem: parsed.getPrivatePEM(), comment: parsed.comment || '' }
  } catch (fault) {
    return { fault: String(fault.message) }
  }
}

function derive({ passphrase, salt, rounds, length }) {
  const given = Buffer.from(passphrase)
  const derived = new Uint8Array(length)
  require(bcrypt).pbkdf(given, given.length, salt, salt.length, derived, length, rounds)
  return derived
}

parentPort.postMessage(job.do === 'open' ? open(job) : derive(job))
`

export function onKeyThread(job: OpenJob): Promise<OpenedText>
export function onKeyThread(job: DeriveJob): Promise<Uint8Array>
export function onKeyThread(job: OpenJob | DeriveJob): Promise<OpenedText | Uint8Array> {
  const ssh2 = createRequire(import.meta.url).resolve('ssh2')
  const bcrypt = createRequire(ssh2).resolve('bcrypt-pbkdf')
  return new Promise((resolve, reject) => {
    const worker = new Worker(JOBS, { eval: true, workerData: { job, ssh2, bcrypt }, env: {} })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread ended without an answer')))
  })
}
