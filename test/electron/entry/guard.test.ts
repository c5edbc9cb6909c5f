/** An old Node is told so in words, and reads no further. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const GUARD = resolve(import.meta.dirname, '../../../electron/entry/guard.ts')

test('Node 20 is refused by name, with what to do', () => {
  const ended = runAs({ node: '20.20.2', napi: '9' })
  expect(ended.status).toBe(2)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).toContain('Holdpoint needs Node 24 or later; this is Node 20.20.2 (N-API 9, 10 is needed).')
  expect(ended.stderr).toContain('npm start')
})

test('a runtime that does not say its N-API is refused', () => {
  expect(runAs({ node: '1.0.0' }).status).toBe(2)
})

test('N-API 10 passes', () => {
  expect(runAs({ node: '24.0.0', napi: '10' })).toMatchObject({ status: 0, stdout: 'went on\n', stderr: '' })
})

/** Runs a program that begins with the guard on a Node that claims to be another. */
function runAs(versions: Readonly<Record<string, string>>) {
  const claim = `Object.defineProperty(process, 'versions', { value: ${JSON.stringify(versions)} })`
  const program = `await import(${JSON.stringify(GUARD)}); console.log('went on')`
  const preload = `data:text/javascript,${encodeURIComponent(claim)}`
  return spawnSync(process.execPath, ['--import', preload, '--input-type=module', '-e', program], { encoding: 'utf8' })
}
