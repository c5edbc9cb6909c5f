/** Outcomes that are not known, as one question: settled alone or many at once. */
import type { CellId } from '../../../../shared/model/events.ts'
import { cellAt } from '../../../../shared/run/lookup.ts'
import type { Ended } from '../../../../shared/run/state.ts'
import { attemptWord, cellTitle, outcomeWords } from '../../../parts/cell-words.ts'
import { showClockSeconds } from '../../../../shared/text/time.ts'
import { Glyph } from '../../../parts/glyph.tsx'
import styles from './decision.module.css'
import type { BodyProps } from './body-props.ts'

function lastWords(last: Ended): string {
  const found = last.purpose === 'verify' && last.verdict !== null ? `${last.verdict}, ` : ''
  return `${attemptWord(last.purpose, last.try)}: ${found}${outcomeWords(last)}`
}

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
        const text = cellTitle(scene.words, one.step, one.target)
        return (
          <li key={`${one.step} ${one.target}`}>
            <label>
              {isOne ? (
                <Glyph state="unknown" />
              ) : (
                <input type="checkbox" checked={isOn(one)} onChange={() => toggle(one)} />
              )}
              <span>
                {text}
                <span>
                  {cell === undefined ? '' : `since ${showClockSeconds(cell.sinceMs, scene.zone)}`}
                  {cell?.last == null ? '' : `, ${lastWords(cell.last)}`}
                </span>
              </span>
            </label>
          </li>
        )
      })}
    </ul>
  )
}
