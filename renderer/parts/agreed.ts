/** What was agreed about a step beforehand, for people: recorded and shown, and done by nobody by itself. */
import type { AgreedOnStep } from '../../shared/model/plan.ts'
import { showDuration } from '../../shared/text/duration.ts'

export function agreedRows(agreed: AgreedOnStep): { readonly term: string; readonly value: string }[] {
  const { deputy, waitsFor, timeboxMs, silentMs, hasVerify, contingency } = agreed
  return [
    ...(deputy === null ? [] : [{ term: 'Deputy', value: deputy }]),
    ...(waitsFor === null ? [] : [{ term: 'Waits for', value: waitsFor }]),
    ...(timeboxMs === null ? [] : [{ term: 'Timebox', value: `${showDuration(timeboxMs)}, then decide` }]),
    ...(silentMs === null ? [] : [{ term: 'Silent', value: `look after ${showDuration(silentMs)} without output` }]),
    ...(hasVerify ? [{ term: 'Verify', value: 'a check to run where the outcome is not known' }] : []),
    ...(contingency === null ? [] : [{ term: 'If it fails', value: contingency }]),
  ]
}
