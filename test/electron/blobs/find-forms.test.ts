import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { formFinder } from '../../../electron/blobs/find-forms.ts'

/** The plain way: each pattern by itself. */
function oneByOne(forms: readonly Buffer[], bytes: Buffer): string[] {
  const found = forms.flatMap((form) => {
    const places: string[] = []
    for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, at + 1))
      places.push(`${at}-${at + form.length}`)
    return places
  })
  return found.toSorted()
}

test('all that looking for each pattern by itself would find is found, in order', () => {
  // Few letters, so that patterns overlap, begin alike and stand at both ends; one pattern at least is in the text.
  const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 300 })
  const run = fc.record({
    forms: fc.array(words, { minLength: 1, maxLength: 6 }),
    around: fc.array(words, { minLength: 1, maxLength: 4 }),
  })
  fc.assert(
    fc.property(run, ({ forms, around }) => {
      const patterns = [...new Set(forms)].map((form) => Buffer.from(form))
      const bytes = Buffer.from(around.join(forms[0]))
      const found = formFinder(patterns)(bytes)
      expect(found.map(({ from, to }) => `${from}-${to}`).toSorted()).toEqual(oneByOne(patterns, bytes))
      expect(found.map(({ from }) => from)).toEqual(found.map(({ from }) => from).toSorted((a, b) => a - b))
    }),
    { numRuns: 1000 },
  )
})

test('bytes of any value, and patterns longer than a step of the window', () => {
  const long = Buffer.from(Array.from({ length: 700 }, (_, at) => (at * 37 + 1) % 256))
  const bytes = Buffer.concat([Buffer.alloc(500, 0xff), long, Buffer.alloc(3), long])
  expect(formFinder([long, Buffer.from([0, 0, 0])])(bytes)).toEqual([
    { from: 500, to: 1200 },
    { from: 1200, to: 1203 },
    { from: 1203, to: 1903 },
  ])
})
