/** A refusal where there is nobody to choose otherwise ends the command. */
import { isRefusal, type Refusal } from '../../shared/model/commands.ts'
import { EXIT, Stop } from './exit-codes.ts'

export function must<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Stop(EXIT.notRight, answer.message)
  return answer
}
