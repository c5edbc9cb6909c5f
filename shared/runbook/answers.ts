/**
 * Answers given beforehand (`--answers`, `holdpoint: answers/v1`): what a person would say at a terminal, in order, for each
 * step, host and question. See docs/answers.md.
 */
import { z } from 'zod'
import { HostName, Role, StepId } from '../model/words.ts'
import { type Fault, inOrder } from '../text/fault.ts'
import { schemaFaults, wordsOf } from '../text/schema-faults.ts'
import { valueOf } from '../text/tree.ts'
import { readYaml } from '../text/yaml.ts'

const text = z.string().min(1).max(4000)
const Scalar = z.union([z.string(), z.number(), z.boolean()])
const WrittenTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/)
  .describe('A time; without an offset it is local to the zone of the window')
const Name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)

const why = {
  reason: text.optional(),
  occurredAt: WrittenTime.optional().describe('When it happened, where that was earlier'),
  doneBy: text.optional().describe('Who did it, where that was someone else'),
}
const reasoned = { ...why, reason: text }
const onStep = { step: StepId, host: HostName.optional() }

export const Approval = z.strictObject({
  role: Role,
  as: text.describe('Name of the approver'),
  key: text.describe('Path of the approver’s private key; "agent"; or "practice": a practice approver’s own key'),
  decide: z.enum(['approve', 'refuse']).optional().describe('approve where nothing is said'),
  reason: text.optional(),
})

const GateAnswer = z.strictObject({
  ...why,
  step: StepId,
  question: z.literal('gate'),
  approvals: z.array(Approval).optional(),
  decide: z.enum(['go', 'conditional-go', 'no-go']),
  condition: text.optional(),
})
const ManualAnswer = z.strictObject({
  ...why,
  ...onStep,
  question: z.literal('manual'),
  decide: z.enum(['passed', 'warned', 'failed', 'skip']),
  evidence: text.optional(),
})
const FailureAnswer = z.strictObject({
  ...why,
  ...onStep,
  question: z.literal('failure'),
  decide: z.enum(['retry', 'skip', 'proceed', 'hold', 'back-out', 'exclude']),
  scope: z.enum(['run', 'step', 'workstream', 'host']).optional().describe('Of back-out; run where nothing is said'),
})
const NoGoAnswer = z.strictObject({
  ...why,
  step: StepId,
  question: z.literal('no-go').describe('After a gate was decided no-go'),
  decide: z.enum(['retry', 'hold', 'back-out', 'close']).describe('close: end the run as failed'),
  scope: z.enum(['run', 'step', 'workstream']).optional(),
})
const StuckAnswer = z.strictObject({
  ...reasoned,
  ...onStep,
  question: z.literal('stuck').describe('A step waits for what was undone or cancelled, and would wait for ever'),
  decide: z.enum(['skip', 'exclude', 'back-out', 'close']).describe('close: end the run as failed'),
})
const HeldAnswer = z.strictObject({ ...why, question: z.literal('held'), decide: z.enum(['resume', 'back-out']) })
const UnknownAnswer = z.strictObject({
  ...reasoned,
  ...onStep,
  question: z.literal('unknown'),
  decide: z.enum(['passed', 'failed', 'retry', 'verify']).describe('verify: run the step’s own; it may settle it'),
})
const BackoutFailedAnswer = z.strictObject({
  ...reasoned,
  ...onStep,
  question: z.literal('backout-failed'),
  decide: z.enum(['retry', 'give-up']),
})
const BackoutUnknownAnswer = z.strictObject({
  ...reasoned,
  ...onStep,
  question: z.literal('backout-unknown'),
  decide: z.enum(['passed', 'failed', 'retry', 'give-up']),
})
const BackoutManualAnswer = z.strictObject({
  ...why,
  ...onStep,
  question: z.literal('backout-manual'),
  decide: z.enum(['passed', 'failed']),
  evidence: text.optional(),
})
const HostKeyAnswer = z.strictObject({
  host: HostName,
  question: z.literal('host-key'),
  decide: z.enum(['accept', 'refuse']),
  fingerprint: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/)
    .optional()
    .describe('Accept only this key'),
})
const CloseAnswer = z.strictObject({
  ...why,
  question: z.literal('close'),
  result: z.enum(['done', 'failed', 'backed-out', 'abandoned']),
})

export const Answer = z.discriminatedUnion('question', [
  GateAnswer,
  ManualAnswer,
  FailureAnswer,
  NoGoAnswer,
  StuckAnswer,
  HeldAnswer,
  UnknownAnswer,
  BackoutFailedAnswer,
  BackoutUnknownAnswer,
  BackoutManualAnswer,
  HostKeyAnswer,
  CloseAnswer,
])
export type Answer = z.infer<typeof Answer>

export const Answers = z.strictObject({
  holdpoint: z.literal('answers/v1'),
  secrets: z.record(Name, z.string()).optional().describe('Values of secret variables: for practice and tests'),
  variables: z.record(Name, Scalar).optional(),
  answers: z
    .array(Answer)
    .max(10_000)
    .optional()
    .describe('Each is used once, in order, for its step, host and question'),
})
export type Answers = z.infer<typeof Answers>

const WORDS = wordsOf(Answers)

/** @returns the answers, or null with at least one fault; `lines[i]` is the line of answer i, to name one that was left over */
export function parseAnswers(source: string): { answers: Answers | null; faults: Fault[]; lines: number[] } {
  const { tree, faults } = readYaml(source)
  if (tree === null) return { answers: null, faults, lines: [] }
  const parsed = Answers.safeParse(valueOf(tree))
  if (!parsed.success) {
    return { answers: null, faults: inOrder([...faults, ...schemaFaults(parsed.error.issues, tree, WORDS)]), lines: [] }
  }
  const list = tree.kind === 'map' ? tree.entries.find((entry) => entry.key === 'answers')?.tree : undefined
  const lines = list?.kind === 'list' ? list.items.map((item) => item.at.line) : []
  return { answers: faults.length === 0 ? parsed.data : null, faults, lines }
}
