/** Steps by workstream; a fault is marked at its step. */
import { useEffect, useRef } from 'react'
import type { OpenRunbook, StepOutline } from '../../../shared/api/runbooks.ts'
import type { Fault } from '../../../shared/text/fault.ts'
import { showDuration } from '../../../shared/text/duration.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { classes } from '../../parts/classes.ts'
import { Cut } from '../../parts/cut.tsx'
import { Glyph } from '../../parts/glyph.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { Panel } from '../../parts/panel.tsx'
import styles from './runbook.module.css'

export function StepList(props: {
  readonly book: OpenRunbook
  readonly chosen: string | null
  readonly onChoose: (id: string) => void
}) {
  const { book, chosen } = props
  const groups = byWorkstream(book.steps)
  const current = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <Panel title="Steps" note={String(book.steps.length)} className={styles.steps}>
      <div className={styles.scroll}>
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <div className={styles.stream}>
              <b>{group.name}</b>
              <span className={styles.owner}>{group.owner}</span>
              <span>{showNumberOf(group.steps.length, 'step')}</span>
            </div>
            {group.steps.map((step) => (
              <button
                key={step.id}
                type="button"
                ref={step.id === chosen ? current : undefined}
                className={classes(styles.step, step.id === chosen && styles.chosen)}
                aria-current={step.id === chosen ? 'step' : undefined}
                onClick={() => props.onChoose(step.id)}
              >
                <span className={styles.number}>{book.steps.indexOf(step) + 1}</span>
                <span className={styles.title}>
                  <Cut text={step.title} />
                </span>
                <StepMark step={step} fault={faultOf(book, step)} />
                <span className={styles.kind}>{kindWord(step.kind)}</span>
                <span className={styles.time}>{step.expectedMs === null ? '' : showDuration(step.expectedMs)}</span>
              </button>
            ))}
          </section>
        ))}
      </div>
    </Panel>
  )
}

function StepMark(props: { readonly step: StepOutline; readonly fault: Fault | null }) {
  if (props.fault !== null) {
    return <Glyph state={props.fault.severity === 'fault' ? 'failed' : 'warned'} size={11} isLabelled />
  }
  if (!props.step.pointOfNoReturn) return <span />
  return (
    <svg
      width="9"
      height="12"
      viewBox="0 0 9 12"
      role="img"
      aria-label="point of no return"
      className={styles.noReturn}
    >
      <path d="M1 0h2v12H1zM6 0h2v12H6z" fill="currentColor" />
    </svg>
  )
}

/** The worst fault between this step's first line and the next one's. */
function faultOf(book: OpenRunbook, step: StepOutline): Fault | null {
  const next = Math.min(
    ...book.steps.map((one) => one.line).filter((line) => line > step.line),
    Number.POSITIVE_INFINITY,
  )
  const own = book.faults.filter((fault) => fault.line >= step.line && fault.line < next)
  return own.find((fault) => fault.severity === 'fault') ?? own[0] ?? null
}

type Group = { readonly name: string; readonly owner: string; readonly steps: StepOutline[] }

function byWorkstream(steps: readonly StepOutline[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const step of steps) {
    const group = groups.get(step.workstream) ?? { name: step.workstream, owner: step.owner, steps: [] }
    group.steps.push(step)
    groups.set(step.workstream, group)
  }
  return [...groups.values()]
}
