import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readProbeOutput } from '../../shared/criteria/reading.ts'
import { judge } from '../../shared/criteria/verdict.ts'
import { isRefusal } from '../../shared/model/commands.ts'
import type { Runbook, Step } from '../../shared/model/runbook.ts'
import { parseAnswers } from '../../shared/runbook/answers.ts'
import { checkRunbook } from '../../shared/runbook/check.ts'
import { compile } from '../../shared/runbook/compile.ts'
import { backoutOf, checksOf, filesOf } from '../../shared/runbook/references.ts'
import { probeEnvironment, resolveVariables, scriptEnvironment, secretNames } from '../../shared/runbook/variables.ts'
import { readSample, type Sample, SAMPLES } from '../shared/runbook/context.ts'
import { type Ran, runScript, SHELLS, type Shell } from './shells.ts'

function documentOf(sample: Sample): Runbook {
  const { document, faults } = checkRunbook(sample.text, sample.context)
  if (document === null) throw new Error(JSON.stringify(faults))
  return document
}

describe.each(SAMPLES)('%s', (name) => {
  const sample = readSample(name)
  const document = documentOf(sample)

  test('is clean, and compiles', () => {
    expect(checkRunbook(sample.text, sample.context).faults).toEqual([])
    expect(isRefusal(compile(document, { hosts: sample.context.hosts ?? [] }))).toBe(false)
  })

  test('has an answer to each gate and manual step, and no secret is left unanswered', () => {
    const { answers, faults } = parseAnswers(sample.answersText)
    expect(faults).toEqual([])
    const answered = answers?.answers?.map((answer) => ('step' in answer ? answer.step : answer.question)) ?? []
    // Steps after the failure that ends the run early are not asked about.
    const asked = document.steps.filter((step) => step.kind === 'gate' || step.kind === 'manual').map((step) => step.id)
    expect(answered).toEqual(expect.arrayContaining(asked))
    expect(answered.at(-1)).toBe('close')
    expect(Object.keys(answers?.secrets ?? {})).toEqual(secretNames(document))
  })

  test('has no file that nothing uses, and every script is one that /bin/sh reads', () => {
    expect([...(sample.context.files as ReadonlySet<string>)].toSorted()).toEqual(filesOf(document))
    for (const file of filesOf(document).filter((path) => path.endsWith('.sh'))) {
      expect(readFileSync(new URL(file, sample.folder), 'utf8')).toMatch(/^#!\/bin\/sh\n# /)
    }
  })
})

type Code = {
  readonly file?: string | undefined
  readonly with?: Readonly<Record<string, string | number | boolean>> | undefined
  readonly secrets?: Readonly<Record<string, string>> | undefined
}

/** Runs steps on a host's scratch home as the engine would, without the engine. */
function hostOf(sample: Sample, shell: Shell, home: string, secrets: Readonly<Record<string, string>>) {
  const document = documentOf(sample)
  const values = resolveVariables(document, {})
  if (isRefusal(values)) throw new Error(values.message)
  const stepOf = (id: string): Step => {
    const step = document.steps.find((one) => one.id === id)
    if (step === undefined) throw new Error(`no step ${id}`)
    return step
  }
  const script = (code: Code): Promise<Ran> => {
    const given = Object.fromEntries(
      Object.entries(code.secrets ?? {}).map(([env, name]) => [env, secrets[name] ?? '']),
    )
    const file = fileURLToPath(new URL(code.file ?? '', sample.folder))
    return runScript(shell, file, { HOME: home, ...scriptEnvironment(code.with, values), ...given })
  }
  const check = async (step: Step, path: string) => {
    const found = checksOf(step).find((one) => one.path.join('.') === path)?.check
    const definition = sample.context.probes?.get(found?.probe ?? '')
    if (found === undefined || definition === undefined) throw new Error(`no check ${path} in ${step.id}`)
    const file = join(home, 'probe.sh')
    writeFileSync(file, definition.script)
    const ran = await runScript(shell, file, { HOME: home, ...probeEnvironment(definition, found.with, values) })
    rmSync(file)
    return judge(definition, found.require, readProbeOutput(definition, ran.stdout)).verdict
  }
  return {
    run: (id: string) => {
      const step = stepOf(id)
      if (step.kind !== 'script') throw new Error(`${id} is no script`)
      return script(step)
    },
    undo: (id: string) => {
      const backout = backoutOf(stepOf(id))
      if (backout === null) throw new Error(`${id} has no backout`)
      return script(backout)
    },
    probe: (id: string) => check(stepOf(id), ''),
    check: (id: string) => check(stepOf(id), 'check'),
    backoutCheck: (id: string) => check(stepOf(id), 'backout.check'),
  }
}

const homes = mkdtempSync(join(tmpdir(), 'holdpoint-samples-'))
afterAll(() => rmSync(homes, { recursive: true }))
const shells = SHELLS.filter((shell) => ['sh', 'busybox sh'].includes(shell.name))

describe.each(shells)('on $name', (shell) => {
  // Again in the same homes: a second run of a sample starts from what the first left.
  const rounds = shell.name === 'sh' ? 2 : 1
  const homeOf = (name: string) => mkdtempSync(join(homes, `${name}-`))

  test('the release goes well on app1, has no room on app2, and is backed out on both, twice over', async () => {
    const sample = readSample('app-release')
    const [app1, app2] = [hostOf(sample, shell, homeOf('app1'), {}), hostOf(sample, shell, homeOf('app2'), {})]
    for (let round = 0; round < rounds; round++) {
      for (const app of [app1, app2]) expect(await app.run('lay-out')).toMatchObject({ status: 0, stderr: '' })
      expect(await app2.run('crowd')).toMatchObject({ status: 0 })
      for (const app of [app1, app2]) {
        expect(await app.run('stage')).toMatchObject({ status: 0 })
        expect(await app.probe('package')).toBe('pass')
        expect(await app.probe('healthy')).toBe('pass')
      }
      expect([await app1.probe('room'), await app2.probe('room')]).toEqual(['pass', 'warn'])
      expect(await app1.run('deploy')).toMatchObject({ status: 0 })
      expect(await app1.check('deploy')).toBe('pass')
      expect(await app1.run('deploy')).toMatchObject({ status: 0, stdout: '4.2.0 is current already\n' })
      expect(await app1.run('smoke')).toMatchObject({ status: 0 })
      expect(await app2.run('deploy')).toMatchObject({ status: 28, stderr: expect.stringContaining('quota exceeded') })
      expect(await app2.check('deploy')).toBe('fail')
      for (const app of [app2, app1, app1]) {
        expect(await app.undo('deploy')).toMatchObject({ status: 0 })
        expect(await app.backoutCheck('deploy')).toBe('pass')
      }
    }
  })

  test('the ledger is upgraded, can go back until it is opened, and its password is really needed', async () => {
    const sample = readSample('database-upgrade')
    const home = homeOf('db1')
    const db1 = hostOf(sample, shell, home, { password: 'correct' })
    const stranger = hostOf(sample, shell, home, { password: 'wrong' })
    for (let round = 0; round < rounds; round++) {
      expect(await db1.run('lay-out')).toMatchObject({ status: 0, stderr: '' })
      for (const id of ['space', 'memory', 'intact']) expect([id, await db1.probe(id)]).toEqual([id, 'pass'])
      expect(await db1.run('upgrade')).toMatchObject({ status: 12 })
      expect(await stranger.run('backup')).toMatchObject({ status: 11 })
      const backup = await db1.run('backup')
      expect(backup).toMatchObject({ status: 0, stdout: expect.stringContaining('ledger:correct@db1') })
      expect(await db1.run('upgrade')).toMatchObject({ status: 0 })
      expect(await db1.check('upgrade')).toBe('pass')
      expect(await db1.run('compare')).toMatchObject({ status: 0 })
      expect(await db1.undo('upgrade')).toMatchObject({ status: 0 })
      expect(await db1.backoutCheck('upgrade')).toBe('pass')
      expect(await db1.run('upgrade')).toMatchObject({ status: 0 })
      expect(await db1.run('compare')).toMatchObject({ status: 0 })
      for (let again = 0; again < 2; again++) {
        expect(await db1.run('open')).toMatchObject({ status: 0 })
        expect(await db1.check('open')).toBe('pass')
      }
    }
  })
})
