/** How one kind of step shows itself when a question is about it. */
import type { ComponentType, ReactNode } from 'react'
import type { Question } from '../../../../shared/run/question.ts'
import type { BodyProps } from '../decision/body-props.ts'
import type { RunScene } from '../scene.ts'

export type KindView = {
  readonly facts: (
    scene: RunScene,
    question: Question,
  ) => readonly { readonly term: string; readonly value: ReactNode }[]
  /** What stands between the facts and the answers. */
  readonly Body: ComponentType<BodyProps> | null
}
