/** The point of no return: passed with the first attempt of its step, or with the go or the passing of a step without one. */
import type { RunEvent } from '../model/events.ts'
import type { StepId } from '../model/words.ts'
import { stepAt } from './lookup.ts'
import type { Run } from './state.ts'

/** Where the step is the point of no return and the first to be: that it is passed. */
export function passNoReturn(run: Run, step: StepId): readonly RunEvent[] {
  if (stepAt(run, step)?.pointOfNoReturn !== true || run.noReturn !== null) return []
  return [{ type: 'noreturn.passed', data: { run: run.id, step }, text: {} }]
}
