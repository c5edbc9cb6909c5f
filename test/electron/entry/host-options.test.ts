/** What is typed wrong at the start of the console is said in words, with what there is. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { ROOT } from '../../support/command.ts'
import { HOST_USAGE, hostOptions } from '../../../electron/entry/host-options.ts'

test('are read', () => {
  expect(hostOptions([])).toEqual({ data: null, isPractice: false, port: 0 })
  expect(hostOptions(['--data', '/d', '--practice', '--port', '4711'])).toEqual({
    data: '/d',
    isPractice: true,
    port: 4711,
  })
  expect(hostOptions(['--help'])).toEqual({ help: HOST_USAGE })
})

test.each([
  [['--no-open'], "Unknown option '--no-open'"],
  [['here'], "Unexpected argument 'here'"],
  [['--data'], "Option '--data <value>' argument missing"],
  [['--port', '70000'], '--port takes a number from 0 to 65535, not 70000.'],
])('%j is told', (argv, said) => {
  expect(hostOptions(argv)).toMatchObject({ wrong: expect.stringContaining(said) })
})

test('the program ends with 2 and no stack; asked for help, it says it and builds nothing', () => {
  const said = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
    return { status, stdout, stderr }
  }
  const wrong = `Unknown option '--no-open'.\n${HOST_USAGE}\n`
  expect(said('electron/entry/host.ts', '--no-open')).toEqual({ status: 2, stdout: '', stderr: wrong })
  expect(said('electron/entry/start.ts', '--help')).toEqual({ status: 0, stdout: `${HOST_USAGE}\n`, stderr: '' })
})
