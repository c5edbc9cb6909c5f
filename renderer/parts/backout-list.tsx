/** The backout plan, newest work first: what would be undone, or how far undoing has come. */
import type { ShownState } from '../../shared/model/cell.ts'
import type { BackoutScope } from '../../shared/model/events.ts'
import { NO_HOST } from '../../shared/model/words.ts'
import { backoutPlan } from '../../shared/run/backout.ts'
import { backoutsOf, cellAt, stepAt } from '../../shared/run/lookup.ts'
import { shownCell } from '../../shared/run/shown.ts'
import type { Backout, Run } from '../../shared/run/state.ts'
import type { RunWords } from '../../shared/run/wording.ts'
import { showDuration } from '../../shared/text/duration.ts'
import styles from './backout-list.module.css'
import { stepTitle } from './cell-words.ts'
import { Glyph } from './glyph.tsx'
import { inHostOrder, showHosts } from './host-names.ts'
import { STATE_WORDS } from './states.ts'

type Line = {
  readonly order: number
  readonly step: string
  readonly hosts: readonly string[]
  readonly state: ShownState
  readonly note: string
}

/** What is being undone. */
export function BackoutProgress(props: { readonly run: Run; readonly words: RunWords }) {
  return <Lines lines={grouped(props.run, backoutsOf(props.run), progressNote)} words={props.words} run={props.run} />
}

/** What would be undone now. */
export function BackoutPreview(props: { readonly run: Run; readonly words: RunWords; readonly scope: BackoutScope }) {
  const planned = backoutPlan(props.run, props.scope)
  const lines = grouped(props.run, planned, (run, step) => showDuration(stepAt(run, step)?.backout?.expectedMs ?? 0))
  return lines.length === 0 ? (
    <p className={styles.nothing}>Nothing that ran here can be undone.</p>
  ) : (
    <Lines lines={lines} words={props.words} run={props.run} />
  )
}

function Lines(props: { readonly lines: readonly Line[]; readonly words: RunWords; readonly run: Run }) {
  return (
    <ol className={styles.list} tabIndex={0} aria-label="Backout plan, newest first">
      {props.lines.map((line) => (
        <li key={`${line.order} ${line.step} ${line.state}`}>
          <span className={styles.number}>{props.run.order.indexOf(line.step) + 1}</span>
          <Glyph state={line.state} isLabelled />
          <span className={styles.what}>
            {stepTitle(props.words, line.step)}
            {line.hosts.length === 0 ? '' : <span> on {showHosts(inHostOrder(line.hosts))}</span>}
          </span>
          <span className={styles.note}>{line.note}</span>
        </li>
      ))}
    </ol>
  )
}

type Entry = { readonly step: string; readonly target: string; readonly order: number } & Partial<
  Pick<Backout, 'state' | 'last' | 'sinceMs'>
>

function grouped<E extends Entry>(
  run: Run,
  all: readonly E[],
  note: (run: Run, step: string, entry: E) => string,
): readonly Line[] {
  const lines = new Map<string, Line>()
  for (const entry of all.toSorted((a, b) => a.order - b.order)) {
    const cell = cellAt(run, entry.step, entry.target)
    if (cell === undefined) continue
    const state = shownCell(cell, entry.state === undefined ? undefined : (entry as never))
    const text = note(run, entry.step, entry)
    const key = `${entry.order} ${entry.step} ${state} ${text}`
    const line = lines.get(key)
    const hosts = entry.target === NO_HOST ? [] : [entry.target]
    lines.set(key, {
      order: entry.order,
      step: entry.step,
      state,
      note: text,
      hosts: [...(line?.hosts ?? []), ...hosts],
    })
  }
  return [...lines.values()]
}

function progressNote(run: Run, step: string, backout: Backout): string {
  const expected = showDuration(stepAt(run, step)?.backout?.expectedMs ?? 0)
  switch (backout.state) {
    case 'waiting':
      return `then, ${expected}`
    case 'ready':
      return `next, ${expected}`
    case 'running':
      return `of ${expected}`
    case 'passed':
      return backout.last === null ? 'undone' : showDuration(backout.last.durationMs)
    case 'failed':
      return 'failed'
    case 'given-up':
      return 'given up'
    case 'unknown':
      return STATE_WORDS.unknown
  }
}
