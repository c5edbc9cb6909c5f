/** What is wrong with a text that a person wrote: where, which rule, what to do. The same for every format read here. */
import { z } from 'zod'

export const Fault = z.strictObject({
  /** Stable id of the rule, for people who look it up and for programs that filter. */
  rule: z.string(),
  severity: z.enum(['fault', 'warning']),
  /** 1-based. */
  line: z.int().min(1),
  /** 1-based, in UTF-16 units, as editors count. */
  column: z.int().min(1),
  message: z.string(),
  /** What to do about it. */
  fix: z.string(),
})
export type Fault = z.infer<typeof Fault>

export type Place = { readonly line: number; readonly column: number; readonly offset: number }

export const START: Place = { line: 1, column: 1, offset: 0 }

export function fault(rule: string, at: Place, message: string, fix: string): Fault {
  return { rule, severity: 'fault', line: at.line, column: at.column, message, fix }
}

export function warning(rule: string, at: Place, message: string, fix: string): Fault {
  return { ...fault(rule, at, message, fix), severity: 'warning' }
}

/** Reading order, each said once. */
export function inOrder(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>()
  return faults
    .toSorted((a, b) => a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .filter((one) => {
      const key = `${one.line}:${one.column}:${one.rule}:${one.message}`
      return seen.has(key) ? false : (seen.add(key), true)
    })
}

export function hasFault(faults: readonly Fault[]): boolean {
  return faults.some((one) => one.severity === 'fault')
}
