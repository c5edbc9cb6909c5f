/** A probe: a small script that measures, what it is given, what it yields. One file each, `holdpoint: probe/v1`. */
import { z } from 'zod'

const text = z.string().min(1)
const Name = z.string().regex(/^[a-z][a-z0-9_]{0,40}$/)

export const ProbeParameter = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean']),
  default: z.union([z.string(), z.number(), z.boolean()]).optional().describe('Without one, the step must give it'),
  description: text,
})

export const ProbeValue = z.strictObject({
  type: z.enum(['number', 'string', 'boolean']),
  unit: text.optional().describe('B, s, %, …; sizes are in bytes, times in seconds'),
  description: text,
})

export const ProbeRequire = z.strictObject({
  fail: text.optional().describe('CEL over the values; true: the check fails'),
  warn: text.optional().describe('CEL over the values; true: the check warns'),
})

export const ProbeFile = z.strictObject({
  holdpoint: z.literal('probe/v1'),
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(\.[a-z][a-z0-9_]*)*$/)
    .describe('How a runbook names it: disk.free'),
  title: text,
  description: text.optional(),
  with: z.record(Name, ProbeParameter).optional().describe('What a step may give; the script finds it as HP_NAME'),
  values: z.record(Name, ProbeValue).describe('What the script prints, one name=value a line'),
  require: ProbeRequire.optional().describe('The criterion where a step gives none'),
  script: text.describe('POSIX sh. Prints name=value lines; a line "!unknown why" says that it cannot be measured'),
})
export type ProbeDefinition = z.infer<typeof ProbeFile>

/** Probes by the name that runbooks use: the id of a built-in one, or the path of a file beside the runbook. */
export type Probes = ReadonlyMap<string, ProbeDefinition>

/** The environment variable that carries a parameter. */
export function parameterName(name: string): string {
  return `HP_${name.toUpperCase()}`
}
