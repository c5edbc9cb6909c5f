/** The text with line numbers. A fault is marked on its line, under the word it is about, and named at its end. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import type { OpenRunbook } from '../../../shared/api/runbooks.ts'
import type { Fault } from '../../../shared/text/fault.ts'
import { classes } from '../../parts/classes.ts'
import { Glyph } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import styles from './text.module.css'
import { splitTokens, wordEnd, yamlTokens } from './yaml-tokens.ts'

const LINE_PX = 18

export function TextPanel(props: {
  readonly book: OpenRunbook
  readonly line: number
  readonly chosen: string | null
  readonly onChoose: (line: number) => void
}) {
  const { book, line } = props
  const lines = useMemo(() => book.text.replace(/\r?\n$/, '').split(/\r?\n/), [book.text])
  const faults = useMemo(() => new Map(book.faults.toReversed().map((fault) => [fault.line, fault])), [book.faults])
  const block = blockOf(book, props.chosen, lines.length)
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  })
  useEffect(() => {
    rows.scrollToIndex(Math.max(0, line - 1), { align: 'center' })
  }, [rows, line])
  const file = book.summary.path.split(/[\\/]/).at(-1) ?? book.summary.path
  return (
    <Panel title={file} note={`line ${line} of ${lines.length}`} className={styles.panel}>
      <div className={styles.code} ref={scroller} tabIndex={0} role="region" aria-label={`Text of ${file}`}>
        <div className={styles.all} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const number = row.index + 1
            return (
              // The list of steps and the list of faults do the same from the keyboard.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
              <div
                key={row.key}
                className={classes(
                  styles.line,
                  number >= block.from && number < block.to && styles.block,
                  number === line && styles.current,
                  faults.has(number) && styles[faults.get(number)?.severity ?? 'fault'],
                )}
                style={{ transform: `translateY(${row.start}px)` }}
                onClick={() => props.onChoose(number)}
              >
                <i>{number}</i>
                <Line text={lines[row.index] ?? ''} fault={faults.get(number) ?? null} />
              </div>
            )
          })}
        </div>
      </div>
    </Panel>
  )
}

function Line(props: { readonly text: string; readonly fault: Fault | null }) {
  const { text, fault } = props
  const from = fault === null ? text.length : Math.min(fault.column - 1, Math.max(0, text.length - 1))
  const pieces = splitTokens(yamlTokens(text), from, fault === null ? from : wordEnd(text, from))
  let at = 0
  return (
    <>
      <code>
        {pieces.map((piece) => {
          at += piece.text.length
          return (
            <span key={at} className={classes(styles[piece.look], piece.isMarked && styles.marked)}>
              {piece.text}
            </span>
          )
        })}
      </code>
      {fault === null ? null : (
        <em>
          <Glyph state={fault.severity === 'fault' ? 'failed' : 'warned'} size={10} /> {fault.rule}
        </em>
      )}
    </>
  )
}

function blockOf(
  book: OpenRunbook,
  chosen: string | null,
  lines: number,
): { readonly from: number; readonly to: number } {
  const step = book.steps.find((one) => one.id === chosen)
  if (step === undefined) return { from: 0, to: 0 }
  const later = book.steps.map((one) => one.line).filter((line) => line > step.line)
  return { from: step.line, to: later.length === 0 ? lines + 1 : Math.min(...later) }
}
