/** What a verification found: of each console whether its log is whole, and each problem with its code and its entry. */
import type { VerifyAnswer } from '../../shared/api/progress.ts'
import { showDuration } from '../../shared/text/duration.ts'
import { showCount, showNumberOf } from '../../shared/text/quantity.ts'
import { showClockSeconds, zoneName } from '../../shared/text/time.ts'
import { Glyph } from './glyph.tsx'
import { shortOrigin, whoseLog } from './origin-words.ts'
import { problemTitle } from './problem-words.ts'
import { sentence } from './sentence.ts'
import styles from './verdict.module.css'

type Origin = VerifyAnswer['origins'][number]

/** More of one console tell nothing new, and would make the page heavy. */
const MOST = 50
const ALIKE = 3

export function problemsOf(answer: VerifyAnswer): number {
  return answer.origins.reduce((sum, origin) => sum + origin.problems.length, 0)
}

/** `06:52:10 CET, took 1.9 s`. */
export function verifiedWhen(atMs: number, tookMs: number, zone: string): string {
  return `${showClockSeconds(atMs, zone)} ${zoneName(atMs, zone)}, took ${showDuration(tookMs)}`
}

export function Verdict(props: {
  readonly answer: VerifyAnswer
  /** Origin of this console. */
  readonly own: string | null
  /** What was read, where all of it is good. */
  readonly good: string
  /** Address of an entry of this console. */
  readonly linkTo: (seq: number) => string
}) {
  const { answer } = props
  const count = problemsOf(answer)
  return (
    <div className={styles.verdict}>
      <h3>
        <Glyph state={answer.ok ? 'passed' : 'failed'} />
        {answer.ok ? props.good : `${showNumberOf(count, 'problem')} found`}
      </h3>
      <ul className={styles.origins}>
        {answer.origins.map((origin) => (
          <OneOrigin key={origin.origin} origin={origin} own={props.own} linkTo={props.linkTo} />
        ))}
      </ul>
      <p className={styles.trust}>
        {answer.ok
          ? trustWords(answer.trust)
          : 'Verifying wrote nothing. Leave the files as they are: they are evidence.'}
      </p>
    </div>
  )
}

function trustWords(trust: VerifyAnswer['trust']): string {
  return trust === 'pinned'
    ? 'Compared with what was pinned from outside.'
    : 'Self-asserted: a log that was rewritten as a whole by whoever holds its keys would pass too. What “holdpoint trust export” prints, kept elsewhere, tells.'
}

function OneOrigin(props: {
  readonly origin: Origin
  readonly own: string | null
  readonly linkTo: (seq: number) => string
}) {
  const { origin, size, root, problems } = props.origin
  const found = alike(problems)
  return (
    <li>
      <div className={styles.origin}>
        <Glyph state={problems.length === 0 ? 'passed' : 'failed'} size={10} isLabelled />
        <span>
          <b>{whoseLog(origin, props.own)}</b> <code title={origin}>{shortOrigin(origin)}</code>
        </span>
        <span className={styles.size}>{showNumberOf(size, 'entry', 'entries')}</span>
        <code className={styles.root}>{root === null ? 'no root: entries cannot be read' : `root ${root}`}</code>
      </div>
      {problems.length === 0 ? null : (
        <ol className={styles.problems}>
          {found.slice(0, MOST).map(({ first, more }, at) => (
            // Two findings may be alike in everything but their place in the list.
            <li key={at}>
              <b>{problemTitle(first.code)}</b>
              {sentence(first.message)}
              <div className={styles.where}>
                {first.seq === null ? (
                  <span>of the log as a whole</span>
                ) : origin === props.own ? (
                  <a href={props.linkTo(first.seq)}>Entry {showCount(first.seq)}</a>
                ) : (
                  <span>entry {showCount(first.seq)} of that log</span>
                )}
                <code>{first.code}</code>
                {more.length === 0 ? null : (
                  <span>
                    and {showCount(more.length)} more of it, to entry {showCount(more.at(-1)?.seq ?? 0)}
                  </span>
                )}
              </div>
            </li>
          ))}
          {found.length > MOST ? <li>and {showCount(found.length - MOST)} more</li> : null}
        </ol>
      )}
    </li>
  )
}

type Problem = Origin['problems'][number]
type Alike = { readonly first: Problem; readonly more: readonly Problem[] }

/** One change breaks every seal after it: what is found of one kind many times is told once. */
function alike(problems: readonly Problem[]): readonly Alike[] {
  const byCode = Map.groupBy(problems, (problem) => problem.code)
  return [...byCode.values()].flatMap((same): readonly Alike[] => {
    const [first, ...more] = same
    if (first === undefined) return []
    return same.length > ALIKE ? [{ first, more }] : same.map((one) => ({ first: one, more: [] }))
  })
}
