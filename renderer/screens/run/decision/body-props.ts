/** What the body of a question is given. */
import type { Question } from '../../../../shared/run/question.ts'
import type { RunScene } from '../scene.ts'
import type { Answer } from './answer.ts'

export type BodyProps = {
  readonly scene: RunScene
  readonly question: Question
  readonly answer: Answer
  readonly onAnswer: (answer: Answer) => void
}
