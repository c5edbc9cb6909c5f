/** What is known of one cell: its state and since when, how each try ended, what was measured, what people said. */
import type { ShownState } from '../../shared/model/cell.ts'
import { NO_HOST } from '../../shared/model/words.ts'
import { agreedOf } from '../../shared/run/agreed.ts'
import { backoutAt, cellAt, cellsOf, stepAt } from '../../shared/run/lookup.ts'
import { isSatisfied } from '../../shared/run/rules.ts'
import { shownCell } from '../../shared/run/shown.ts'
import type { Cell, Run } from '../../shared/run/state.ts'
import type { RunWords, Said } from '../../shared/run/wording.ts'
import { msOf, showClockSeconds, zoneName } from '../../shared/text/time.ts'
import { agreedRows } from './agreed.ts'
import styles from './cell-facts.module.css'
import { attemptWord, byStep, endedWords, failureWords, outcomeWords, stepTitle } from './cell-words.ts'
import { Facts } from './dialog.tsx'
import { State } from './glyph.tsx'
import { inHostOrder, showHosts } from './host-names.ts'
import { Markdown } from './markdown.tsx'
import { STATE_MEANINGS, STATE_ORDER, STATE_WORDS } from './states.ts'

type Props = {
  readonly run: Run
  readonly words: RunWords
  readonly step: string
  readonly target: string | null
  readonly zone: string
}

export function CellFacts(props: Props) {
  const cells = cellsOf(props.run, props.step)
  const target = props.target ?? (cells.length === 1 ? (cells[0]?.target ?? null) : null)
  const cell = target === null ? undefined : cellAt(props.run, props.step, target)
  return (
    <div className={styles.facts} tabIndex={0} role="region" aria-label="What is known">
      {cell === undefined ? <StepFacts {...props} /> : <OneCell {...props} cell={cell} />}
    </div>
  )
}

function StepFacts({ run, words, step }: Props) {
  const plan = stepAt(run, step)
  const shown = cellsOf(run, step).map((cell) => ({
    ...cell,
    shown: shownCell(cell, backoutAt(run, step, cell.target)),
  }))
  return (
    <>
      <Facts
        rows={[
          ...STATE_ORDER.flatMap((state) => {
            const hosts = shown.filter((cell) => cell.shown === state).map((cell) => cell.target)
            return hosts.length === 0 ? [] : [{ term: STATE_WORDS[state], value: showHosts(inHostOrder(hosts)) }]
          }),
          ...agreedRows(agreedOf(plan, words.steps[step])),
        ]}
        termWidth={88}
      />
      {plan === undefined ? null : <Needs run={run} words={words} step={step} />}
    </>
  )
}

/** States whose word alone leaves open what a person may count on. */
const NEEDS_MEANING: readonly ShownState[] = ['waiting', 'ready', 'unknown', 'cancelled', 'backout-failed']

function OneCell({ run, words, step, cell, zone }: Props & { readonly cell: Cell }) {
  const backout = backoutAt(run, step, cell.target)
  const state = shownCell(cell, backout)
  const said = words.cells[step]?.[cell.target]
  const last = said?.attempts[`${cell.last?.purpose}-${cell.last?.try}`]
  const time = (ms: number): string => `${showClockSeconds(ms, zone)} ${zoneName(ms, zone)}`
  const instructions = words.steps[step]?.instructions
  return (
    <>
      <Facts
        termWidth={72}
        rows={[
          {
            term: 'State',
            value: (
              <>
                <State state={state} /> since {time(backout?.sinceMs ?? cell.sinceMs)}
              </>
            ),
          },
          ...(NEEDS_MEANING.includes(state) ? [{ term: 'Meaning', value: STATE_MEANINGS[state] }] : []),
          ...(cell.open === null
            ? []
            : [
                {
                  term: 'Runs',
                  value: `${attemptWord(cell.open.purpose, cell.open.try)} since ${time(cell.open.startedAtMs)}`,
                },
              ]),
          ...(cell.last === null
            ? []
            : [
                {
                  term: 'Ended',
                  value: endedWords(cell.last),
                },
              ]),
          ...(cell.failure === null ? [] : [{ term: 'Because', value: failureWords(cell.failure) }]),
          ...(backout?.last == null
            ? []
            : [{ term: 'Backout', value: `try ${backout.last.try}: ${outcomeWords(backout.last)}` }]),
          ...(last?.message ? [{ term: 'Message', value: last.message }] : []),
          ...agreedRows(agreedOf(stepAt(run, step), words.steps[step])),
          ...(last?.values ?? []).map((value) => ({
            term: value.name,
            value: `${value.value ?? 'not measured'}${value.unit === undefined ? '' : ` ${value.unit}`}`,
          })),
        ]}
      />
      <Needs run={run} words={words} step={step} />
      {instructions === undefined || cell.target !== NO_HOST ? null : <Markdown text={instructions} />}
      <SaidList said={said?.said ?? []} zone={zone} />
    </>
  )
}

function Needs({ run, words, step }: { readonly run: Run; readonly words: RunWords; readonly step: string }) {
  const open = (stepAt(run, step)?.needs ?? []).filter((need) => !isSatisfied(run, need))
  if (open.length === 0) return null
  const steps = byStep(open.map((need) => ({ step: need, target: NO_HOST })))
  return <p className={styles.needs}>Waits for {steps.map(({ step: need }) => stepTitle(words, need)).join(', ')}</p>
}

export function SaidList(props: { readonly said: readonly Said[]; readonly zone: string }) {
  const said = props.said.filter((one) => one.reason !== null || one.message !== null || one.evidence !== null)
  if (said.length === 0) return null
  return (
    <ul className={styles.said}>
      {said.map((one) => (
        <li key={`${one.ref.origin} ${one.ref.seq}`}>
          <span className={styles.who}>
            {showClockSeconds(msOf(one.at), props.zone)} {one.by ?? 'console'}
            {one.doneBy === null ? '' : `, for ${one.doneBy}`}
            {one.occurredAt === null ? '' : `, happened ${showClockSeconds(msOf(one.occurredAt), props.zone)}`}
          </span>
          {[one.reason, one.message, one.evidence]
            .filter((text) => text !== null)
            .map((text) => (
              <p key={text}>{text}</p>
            ))}
        </li>
      ))}
    </ul>
  )
}
