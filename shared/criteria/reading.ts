/** What a probe's script printed → typed values. Never guesses: what does not read as its type was not measured. */
import type { ProbeDefinition } from './probe.ts'

export type Reading = {
  /** Every declared value; null: not measured. */
  readonly values: Readonly<Record<string, number | string | boolean | null>>
  /** Why nothing can be concluded, as the script said it. */
  readonly unknown?: string
}

const LONGEST_VALUE = 4096
const MOST_LINES = 10_000

/**
 * Lines that are not `name=value` with a declared name are passed over (a login banner, a warning of a tool).
 * A value given twice with two meanings, and `!unknown why`, make the whole reading unknown.
 */
export function readProbeOutput(definition: ProbeDefinition, stdout: string): Reading {
  const values: Record<string, number | string | boolean | null> = {}
  for (const name of Object.keys(definition.values)) values[name] = null
  let unknown: string | undefined
  const printed = new Map<string, string>()
  for (const line of stdout.slice(0, 4 * 1024 * 1024).split('\n', MOST_LINES)) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text.startsWith('!unknown')) {
      unknown ??= text.slice('!unknown'.length).trim().slice(0, 400) || 'the probe could not measure'
      continue
    }
    const at = text.indexOf('=')
    const name = text.slice(0, Math.max(0, at))
    const type = Object.hasOwn(definition.values, name) ? definition.values[name]?.type : undefined
    if (at < 1 || type === undefined) continue
    const written = text.slice(at + 1)
    const before = printed.get(name)
    if (before !== undefined && before !== written) unknown ??= `${name} was printed twice, as two values`
    printed.set(name, written)
    values[name] = readValue(type, written)
  }
  return unknown === undefined ? { values } : { values, unknown }
}

function readValue(type: 'number' | 'string' | 'boolean', written: string): number | string | boolean | null {
  if (written.length > LONGEST_VALUE || !written.isWellFormed()) return null
  switch (type) {
    case 'string':
      return written === '' ? null : written
    case 'boolean':
      return written === 'true' ? true : written === 'false' ? false : null
    case 'number': {
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(written)) return null
      const value = Number(written)
      return Number.isFinite(value) ? (Object.is(value, -0) ? 0 : value) : null
    }
  }
}

/** As recorded: a number in its shortest form, text, true or false; null where it was not measured. */
export function recordedValues(
  definition: ProbeDefinition,
  reading: Reading,
): { name: string; value: string | null; unit?: string }[] {
  return Object.entries(definition.values).map(([name, declared]) => {
    const value = reading.values[name] ?? null
    const recorded = { name, value: value === null ? null : String(value) }
    return declared.unit === undefined ? recorded : { ...recorded, unit: declared.unit }
  })
}
