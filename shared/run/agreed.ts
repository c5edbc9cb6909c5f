/** What was agreed about a step beforehand, as the plan and its words tell it. */
import type { AgreedOnStep, StepPlan, StepWords } from '../model/plan.ts'

/** @param deputy of the workstream, where the step names none */
export function agreedOf(
  plan: Pick<StepPlan, 'timeboxMs' | 'silentMs' | 'hasVerify'> | undefined,
  words: Pick<StepWords, 'deputy' | 'waitsFor' | 'contingency'> | undefined,
  deputy?: string,
): AgreedOnStep {
  const { who, ticket, promisedAt } = words?.waitsFor ?? {}
  return {
    deputy: words?.deputy ?? deputy ?? null,
    waitsFor: [who, ticket, promisedAt].filter((one) => one !== undefined).join(', ') || null,
    timeboxMs: plan?.timeboxMs ?? null,
    silentMs: plan?.silentMs ?? null,
    hasVerify: plan?.hasVerify ?? false,
    contingency: words?.contingency ?? null,
  }
}
