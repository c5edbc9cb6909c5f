/** The facts that an answer needs, by what kind of question it is and what kind of step it is about. */
import { cellAt, stepAt } from '../../../../shared/run/lookup.ts'
import { showHosts } from '../../../parts/host-names.ts'
import { askedOf } from '../../../parts/answer-words.ts'
import { outcomeWords, failureWords, stepTitle } from '../../../parts/cell-words.ts'
import { Facts } from '../../../parts/dialog.tsx'
import { KIND_VIEWS } from '../kinds/registry.ts'
import type { BodyProps } from './body-props.ts'
import { UnknownCells } from './unknown-cells.tsx'

export function QuestionBody(props: BodyProps) {
  const { scene, question } = props
  const { run, words } = scene
  const plan = question.step === null ? undefined : stepAt(run, question.step)
  const KindBody = plan === undefined ? null : KIND_VIEWS[plan.kind].Body
  return (
    <>
      <Facts
        termWidth={64}
        rows={[
          { term: 'Asked of', value: askedOf(question, run, words) },
          ...(question.kind === 'failure' || question.kind === 'backout-failed' ? failureFacts(props) : []),
          ...(plan === undefined ? [] : KIND_VIEWS[plan.kind].facts(scene, question)),
          ...waitingFacts(props),
        ]}
      />
      {question.kind === 'unknown' && question.cells.length > 0 ? <UnknownCells {...props} /> : null}
      {KindBody === null ? null : <KindBody {...props} />}
    </>
  )
}

function failureFacts({ scene, question }: BodyProps) {
  const cell =
    question.step === null || question.target === null ? undefined : cellAt(scene.run, question.step, question.target)
  if (cell === undefined) return []
  const rows = []
  if (cell.last !== null) rows.push({ term: 'Failed', value: `try ${cell.last.try}, ${outcomeWords(cell.last)}` })
  else if (cell.failure !== null) rows.push({ term: 'Failed', value: failureWords(cell.failure) })
  const attempt = scene.words.cells[cell.step]?.[cell.target]?.attempts[`${cell.last?.purpose}-${cell.last?.try}`]
  const said = scene.words.cells[cell.step]?.[cell.target]?.said.at(-1)
  const message = attempt?.message ?? said?.message
  if (message) rows.push({ term: 'Message', value: message })
  return rows
}

/** What stands still until this is answered. */
function waitingFacts({ scene, question }: BodyProps) {
  const { run, words } = scene
  if (question.step === null || run.backingOut !== null) return []
  const id = question.step
  const steps = run.order.filter((other) => stepAt(run, other)?.needs.includes(id))
  const cell = question.target === null ? undefined : cellAt(run, id, question.target)
  const later =
    cell === undefined
      ? []
      : Object.values(run.cells[id] ?? {}).filter((one) => one.wave > cell.wave && one.state === 'waiting')
  const parts = [
    ...(later.length === 0 ? [] : [`next wave, ${showHosts(later.map((one) => one.target))}`]),
    ...steps.map((step) => stepTitle(words, step)),
  ]
  return parts.length === 0
    ? []
    : [
        {
          term: 'Waits',
          value: parts.slice(0, 4).join('; ') + (parts.length > 4 ? ` and ${parts.length - 4} more` : ''),
        },
      ]
}
