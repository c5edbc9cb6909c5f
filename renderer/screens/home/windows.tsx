/** The windows of the next ten days, in one strip. */
import type { RunbookSummary } from '../../../shared/api/runbooks.ts'
import type { RunSummary } from '../../../shared/api/runs.ts'
import type { ShownState } from '../../../shared/model/cell.ts'
import { msOf, showDay, showRange, zoneName } from '../../../shared/text/time.ts'
import { classes } from '../../parts/classes.ts'
import { Glyph, stateClass } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { runState } from '../../parts/run-words.ts'
import { localZone } from '../../parts/zone.ts'
import { writeRoute } from '../../store/route.ts'
import styles from './windows.module.css'

const DAYS = 10
const LANES = 2
/** Room that a label needs behind its bar, as a share of the strip. */
const LABEL_SHARE = 0.13

type Item = {
  readonly key: string
  readonly href: string
  readonly text: string
  readonly state: ShownState
  readonly startMs: number
  readonly endMs: number
}

export function Windows(props: {
  readonly runs: readonly RunSummary[]
  readonly runbooks: readonly RunbookSummary[]
  readonly nowMs: number
}) {
  const zone = localZone()
  const days = daysFrom(props.nowMs)
  const first = days[0] ?? props.nowMs
  const last = days[DAYS] ?? props.nowMs
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - first) / (last - first)))
  const items = placed(itemsOf(props.runs, props.runbooks), first, last, share)
  return (
    <Panel title="Windows" note={`next ten days, ${zoneName(props.nowMs, zone)}`}>
      <div className={styles.strip}>
        {days.slice(0, DAYS).map((ms, index) => {
          const [name = '', day = ''] = showDay(ms + 12 * 3_600_000, zone).split(' ')
          const isWeekend = name === 'Sat' || name === 'Sun'
          return (
            <span
              key={ms}
              className={classes(styles.day, isWeekend && styles.weekend)}
              style={{ left: percent(share(ms)), width: percent(share(days[index + 1] ?? last) - share(ms)) }}
            >
              {name} {day}
            </span>
          )
        })}
        {items.map(({ item, lane }) => {
          const left = share(item.startMs)
          const right = share(item.endMs)
          const isAtEnd = right > 1 - LABEL_SHARE
          return (
            <a
              key={item.key}
              href={item.href}
              className={classes(styles.item, stateClass(item.state))}
              style={{ top: 27 + lane * 20, left: percent(left), width: percent(Math.max(0, right - left)) }}
              title={`${item.text}, ${showRange(item.startMs, item.endMs, zone)}`}
            >
              <i />
              <span className={isAtEnd ? styles.before : styles.after}>
                <Glyph state={item.state} size={10} />
                {item.text}
              </span>
            </a>
          )
        })}
        {items.length === 0 ? <span className={styles.none}>No window in these days</span> : null}
        <i className={styles.now} style={{ left: percent(share(props.nowMs)) }} />
      </div>
    </Panel>
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}

/** Local midnights, the first of them before `nowMs`; eleven, so that each day has an end. */
function daysFrom(nowMs: number): readonly number[] {
  const today = new Date(nowMs)
  return Array.from({ length: DAYS + 1 }, (_, day) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + day).getTime(),
  )
}

function itemsOf(runs: readonly RunSummary[], runbooks: readonly RunbookSummary[]): readonly Item[] {
  const ofRuns = runs.flatMap((run): Item[] =>
    run.window === null || run.phase === 'closed'
      ? []
      : [
          {
            key: run.run,
            href: writeRoute({ page: 'run', run: run.run }),
            text: run.title,
            state: runState(run),
            startMs: msOf(run.window.start),
            endMs: msOf(run.window.end),
          },
        ],
  )
  const ofBooks = runbooks.flatMap((book): Item[] =>
    book.window === null
      ? []
      : [
          {
            key: book.id,
            href: writeRoute({ page: 'runbook', id: book.id }),
            text: book.title,
            state: book.faults > 0 ? 'failed' : 'waiting',
            startMs: msOf(book.window.start),
            endMs: msOf(book.window.end),
          },
        ],
  )
  return [...ofRuns, ...ofBooks]
}

/** Two lanes; what fits in neither is left to the table below. */
function placed(
  items: readonly Item[],
  first: number,
  last: number,
  share: (ms: number) => number,
): readonly { readonly item: Item; readonly lane: number }[] {
  const ends = Array.from({ length: LANES }, () => -1)
  return items
    .filter((item) => item.endMs > first && item.startMs < last)
    .toSorted((a, b) => a.startMs - b.startMs)
    .flatMap((item) => {
      const lane = ends.findIndex((end) => end <= share(item.startMs))
      if (lane < 0) return []
      ends[lane] = share(item.endMs) + LABEL_SHARE
      return [{ item, lane }]
    })
}
