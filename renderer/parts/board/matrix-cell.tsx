/** One step on one host: 20 px of shape, colour and name. */
import { classes } from '../classes.ts'
import { Glyph } from '../glyph.tsx'
import styles from './matrix.module.css'
import type { BoardCell } from './rows.ts'

export function MatrixCell(props: {
  readonly id: string
  readonly cell: BoardCell
  readonly left: number
  readonly label: string
  readonly isChosen: boolean
  readonly isHot: boolean
  readonly isWaveStart: boolean
  readonly className: string
  readonly onChoose: () => void
}) {
  const { cell } = props
  return (
    // The grid itself answers the keyboard: arrows and Enter.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <span
      id={props.id}
      role="gridcell"
      aria-label={props.label}
      aria-selected={props.isChosen}
      className={classes(
        styles.cell,
        styles[`is-${cell.state}`],
        props.isHot && styles.hot,
        props.isWaveStart && styles.wave,
        props.isChosen && styles.chosenCell,
        cell.isNew && styles.fresh,
      )}
      style={{ left: props.left }}
      onClick={props.onChoose}
    >
      <Glyph state={cell.state} />
    </span>
  )
}
