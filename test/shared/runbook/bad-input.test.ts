import { expect, test } from 'vitest'
import { Inventory } from '../../../shared/model/inventory.ts'
import { Runbook } from '../../../shared/model/runbook.ts'
import { type CheckContext, checkRunbook } from '../../../shared/runbook/check.ts'
import { compile } from '../../../shared/runbook/compile.ts'
import { parseInventory, resolveHosts } from '../../../shared/runbook/inventory.ts'
import type { Fault } from '../../../shared/text/fault.ts'
import { wordsOf } from '../../../shared/text/schema-faults.ts'
import { MOST_MS, msOf } from '../text/pace.ts'
import { CONTEXT, fixture, readSample, SAMPLES } from './context.ts'
import { mutate } from './mutations.ts'

type Door = {
  readonly text: string
  readonly check: (text: string) => readonly Fault[]
  readonly words: ReadonlySet<string>
}

const BOOK_WORDS = new Set(wordsOf(Runbook))
const HOST_WORDS = new Set(wordsOf(Inventory))

function book(text: string, context: CheckContext): Door {
  const check = (changed: string) => {
    const { document, faults, isClean } = checkRunbook(changed, context)
    if (document !== null && isClean) compile(document, { hosts: context.hosts ?? [] })
    return faults
  }
  return { text, check, words: BOOK_WORDS }
}

function hosts(text: string): Door {
  const check = (changed: string) => {
    const { inventory, faults } = parseInventory(changed)
    if (inventory !== null) resolveHosts(inventory)
    return faults
  }
  return { text, check, words: HOST_WORDS }
}

const samples = SAMPLES.map(readSample)
const BOOKS = [
  book(fixture('example.yaml'), CONTEXT),
  book(fixture('clean.yaml'), CONTEXT),
  ...samples.map(({ text, context }) => book(text, context)),
]
const INVENTORIES = [hosts(fixture('hosts.yaml')), ...samples.map(({ hostsText }) => hosts(hostsText))]

test('what is damaged below is clean before', () => {
  for (const { text, check } of [...BOOKS, ...INVENTORIES]) expect(check(text)).toEqual([])
})

const MANY = 1000

test('a thousand damaged runbooks and inventories: none crashes or hangs, the fault is where the damage is', () => {
  const seen = new Map<string, { all: number; faulty: number }>()
  const elsewhere: string[] = []
  let faulty = 0
  for (let seed = 1; seed <= MANY; seed++) {
    const doors = seed % 4 === 0 ? INVENTORIES : BOOKS
    const { text, check, words } = doors[(seed >> 2) % doors.length] ?? BOOKS[0] ?? hosts('')
    const mutant = mutate(text, words, seed)
    const before = performance.now()
    const faults = check(mutant.text)
    if (performance.now() - before >= MOST_MS) expect(msOf(() => check(mutant.text))).toBeLessThan(MOST_MS)
    if (faults.length > 0) faulty += 1
    const count = seen.get(mutant.kind) ?? { all: 0, faulty: 0 }
    seen.set(mutant.kind, { all: count.all + 1, faulty: count.faulty + (faults.length > 0 ? 1 : 0) })
    const total = mutant.text.split('\n').length
    for (const { line, column, message, fix } of faults) {
      if (line < 1 || line > total || column < 1 || message === '' || fix === '')
        elsewhere.push(`${seed}: no such place ${line}`)
    }
    if (mutant.lines !== null && !faults.some((fault) => mutant.lines?.includes(fault.line))) {
      const said = faults.map((fault) => `${fault.line} ${fault.rule}`).join(', ')
      elsewhere.push(`seed ${seed}, ${mutant.kind} at ${mutant.lines[0]}: ${said}`)
    }
  }
  expect(elsewhere).toEqual([])
  expect(faulty / MANY).toBeGreaterThanOrEqual(0.3)
  // Every kind of damage was done, and found.
  expect(seen.size).toBe(9)
  expect([...seen].filter(([, { faulty }]) => faulty === 0)).toEqual([])
}, 120_000)

test('bytes of any kind are refused, not crashed on', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const text = mutate('\0'.repeat(400), new Set(), seed * 7 + 3).text
    expect(checkRunbook(text).isClean).toBe(false)
    expect(parseInventory(text).inventory).toBeNull()
  }
})
