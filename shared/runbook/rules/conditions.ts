/** Conditions (`when`): over declared variables and the verdicts of steps that are needed, and not always false. */
import { compileCondition } from '../../criteria/condition.ts'
import { type ExpressionProblem, isProblem, type ValueType } from '../../criteria/expression.ts'
import { type Fault, fault } from '../../text/fault.ts'
import { placeInText, type Sketch } from '../sketch.ts'
import { typeSeen } from '../variables.ts'

export function conditionFaults(sketch: Sketch): Fault[] {
  const { byId } = sketch
  const variables: Record<string, ValueType> = {}
  for (const [name, variable] of sketch.variables) {
    if (variable !== null && variable.type !== 'secret') variables[name] = typeSeen(variable.type)
  }
  return sketch.steps.flatMap((one) => {
    const source = one.step?.when
    if (source === undefined) return []
    const at = (offset: number) => placeInText(one.node('when'), offset, one.at('when'))
    const named = [...source.matchAll(/verdicts(?:\.|\[\s*["'])([a-z0-9-]+)/g)].map((match) => match[1] ?? '')
    const steps = named.filter((id) => id !== one.id && sketch.reach.needs(one.id ?? '', id))
    const compiled = compileCondition(source, { variables, steps })
    if (isProblem(compiled)) {
      return [
        fault(
          'condition',
          at(compiled.offset),
          `The condition cannot be used: ${compiled.problem}.`,
          fixOf(compiled, byId),
        ),
      ]
    }
    if (compiled.reads.size === 0 && compiled.run({}) === false) {
      return [
        fault(
          'unreachable',
          at(0),
          `"${one.id}" never runs: its condition is always false.`,
          'Correct the condition, or remove the step.',
        ),
      ]
    }
    return []
  })
}

function fixOf(problem: ExpressionProblem, byId: ReadonlyMap<string, unknown>): string {
  const step = /^"verdicts\.([a-z0-9-]+)"/.exec(problem.problem)?.[1]
  return step !== undefined && byId.has(step) ? `Add "${step}" to the needs of this step.` : problem.fix
}
