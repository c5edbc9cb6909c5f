/** Outcomes that are not known, as one question: settled alone or many at once. */
import type { CellId } from '../../../../shared/model/events.ts'
import { cellAt } from '../../../../shared/run/lookup.ts'
import type { Cell } from '../../../../shared/run/state.ts'
import { showClockSeconds } from '../../../../shared/text/time.ts'
import { cellTitle, endedWords, failureWords } from '../../../parts/cell-words.ts'
import { Glyph } from '../../../parts/glyph.tsx'
import { sentence } from '../../../parts/sentence.ts'
import type { RunScene } from '../scene.ts'
import type { BodyProps } from './body-props.ts'
import styles from './decision.module.css'

export function UnknownCells({ scene, question, answer, onAnswer }: BodyProps) {
  const isOn = (cell: CellId): boolean =>
    answer.cells.some((one) => one.step === cell.step && one.target === cell.target)
  const isOne = question.cells.length === 1
  const toggle = (cell: CellId): void => {
    const without = answer.cells.filter((one) => one.step !== cell.step || one.target !== cell.target)
    onAnswer({
      ...answer,
      cells: isOn(cell) ? (without.length === 0 ? answer.cells : without) : [...answer.cells, cell],
    })
  }
  return (
    <ul className={styles.unknown} aria-label="Not known">
      {question.cells.map((one) => {
        const cell = cellAt(scene.run, one.step, one.target)
        return (
          <li key={`${one.step} ${one.target}`}>
            <label>
              {isOne ? (
                <Glyph state="unknown" />
              ) : (
                <input type="checkbox" checked={isOn(one)} onChange={() => toggle(one)} />
              )}
              <span>
                {/* Alone, its name is the question. */}
                {isOne ? null : cellTitle(scene.words, one.step, one.target)}
                {cell === undefined ? null : <Known scene={scene} cell={cell} />}
              </span>
            </label>
          </li>
        )
      })}
    </ul>
  )
}

/** Since when and why it is not known; below, what a verification found, which leaves it so. */
function Known({ scene, cell }: { readonly scene: RunScene; readonly cell: Cell }) {
  const { last, failure } = cell
  const since = `since ${showClockSeconds(cell.sinceMs, scene.zone)}`
  if (last?.purpose !== 'verify') return <span>{last === null ? since : `${since}, ${endedWords(last)}`}</span>
  const said = scene.words.cells[cell.step]?.[cell.target]?.attempts[`verify-${last.try}`]?.message
  return (
    <>
      <span>{failure === null ? since : `${since}, ${failureWords(failure)}`}</span>
      <span>
        {sentence(endedWords(last))} This does not say that it failed.{said ? ` It said: ${said}` : ''}
      </span>
    </>
  )
}
