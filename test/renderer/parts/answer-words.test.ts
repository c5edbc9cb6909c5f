import { expect, test } from 'vitest'
import {
  effectLines,
  optionNote,
  optionTitle,
  questionTitle,
  scopeToType,
  signLabel,
} from '../../../renderer/parts/answer-words.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { effectsOf } from '../../../shared/run/effects.ts'
import { questions } from '../../../shared/run/questions.ts'
import { StagedConsole } from '../stage/staged-console.ts'

const played = new StagedConsole({}).runs.get('orders-db-15-3')
if (played === undefined) throw new Error('the staged run is missing')
const { run, words } = played
const nowMs = Date.now()
const asked = questions(run, nowMs)
const failure = asked.find((question) => question.kind === 'failure')
if (failure === undefined) throw new Error('nothing failed')

function effectOf(key: string) {
  const option = failure?.options.find((one) => one.key === key)
  if (option === undefined) throw new Error(`there is no answer ${key}`)
  const effect = effectsOf(run, option.command, nowMs)
  if (isRefusal(effect)) throw new Error(effect.message)
  return { option, effect }
}

test('a question names the step and the host, as people do', () => {
  expect(questionTitle(failure, run, words)).toBe('Install orders 8.4, driver 15 on ord-app-07 failed. What next?')
})

test('an answer names its effect and scope', () => {
  const titles = failure.options.map((option) => optionTitle(option, failure, run, words))
  expect(titles).toContain('Skip ord-app-07')
  expect(titles).toContain('Back out the whole run')
})

test('each answer says what it does to which hosts before it is chosen', () => {
  const { effect } = effectOf('retry')
  expect(effectLines(effect, words).map((line) => line.text)).toContain(
    'Install orders 8.4, driver 15 on ord-app-07 starts now',
  )
  const excluded = effectLines(effectOf('exclude').effect, words)
  expect(excluded.some((line) => line.state === 'cancelled' && line.text.includes('steps are cancelled'))).toBe(true)
})

test('to verify is said to look only: what it settles, what it leaves, and that the host stays as it is', () => {
  const unknown = asked.find((question) => question.kind === 'unknown')
  const verify = unknown?.options.find((option) => option.key === 'verify')
  if (unknown === undefined || verify === undefined) throw new Error('nothing can be verified')
  expect(optionTitle(verify, unknown, run, words)).toBe('Verify')
  expect(signLabel(optionTitle(verify, unknown, run, words))).toBe('Sign: verify')
  expect(optionNote(verify)).toBe(
    'Runs the step’s own check, which only looks. A pass settles it; anything else stays unknown.',
  )
  expect(verify.isDestructive).toBe(false)
  const effect = effectsOf(run, verify.command, nowMs)
  if (isRefusal(effect)) throw new Error(effect.message)
  expect(effectLines(effect, words).map((line) => line.text)).toContain(
    'Rebuild the replicas on ord-db-2 is looked at now, and left as it is',
  )
})

test('no list of effects is longer than asked, and what is left out is counted', () => {
  const { effect } = effectOf('back-out-run')
  const lines = effectLines(effect, words, 3)
  expect(lines).toHaveLength(3)
  expect(lines[0]?.text).toMatch(/^Undoes \d+ steps on 15 hosts, newest first$/)
  expect(lines.at(-1)?.text).toMatch(/^and \d+ more$/)
})

test('what has to be typed names the scope, and two scopes are never the same words', () => {
  const whole = effectOf('back-out-run')
  const host = effectOf('back-out-host')
  expect(scopeToType(whole.option, whole.effect, words)).toBe('back out 15 hosts')
  expect(scopeToType(host.option, host.effect, words)).toBe('back out ord-app-07')
})
