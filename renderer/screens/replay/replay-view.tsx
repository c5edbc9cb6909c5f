/** One run, at one of its entries. */
import { IconFileText, IconLink } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { schedule } from '../../../shared/run/schedule.ts'
import { Board } from '../../parts/board/board.tsx'
import type { Chosen } from '../../parts/board/board-props.ts'
import { useBoard } from '../../parts/board/use-board.ts'
import { Button } from '../../parts/button.tsx'
import { stepTitle } from '../../parts/cell-words.ts'
import { instrumentsOf, momentsOf } from '../../parts/instruments.ts'
import { useKeys } from '../../parts/keys.ts'
import { Notice, Problem } from '../../parts/notice.tsx'
import { Grow, TopBar } from '../../parts/page.tsx'
import { Strip } from '../../parts/strip.tsx'
import { ModeTag, ReplayTag } from '../../parts/tag.tsx'
import { localZone } from '../../parts/zone.ts'
import { ask } from '../../store/connection.ts'
import { goQuietly } from '../../store/route.ts'
import type { History } from './history.ts'
import { MarkList } from './mark-list.tsx'
import { decisionBeside, marksOf } from './marks.ts'
import styles from './replay.module.css'
import { Scrubber } from './scrubber.tsx'
import { ThenAndNow } from './then-and-now.tsx'
import { usePlaying } from './use-playing.ts'

export function ReplayView(props: { readonly history: History; readonly id: string; readonly seq: number | null }) {
  const { history, id } = props
  const { entries } = history
  const first = useMemo(() => entries.findIndex((entry) => entry.type === 'run.started'), [entries])
  const asked = props.seq === null ? -1 : entries.findIndex((entry) => entry.ref.seq === props.seq)
  const index = asked >= 0 ? asked : props.seq === null ? entries.length - 1 : Math.max(0, first)
  const entry = entries[index]
  const moment = useMemo(() => history.at(index), [history, index])
  const end = useMemo(() => history.at(entries.length - 1), [history, entries])
  const marks = useMemo(() => marksOf(entries, (step) => stepTitle(end.words, step)), [entries, end])
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const goTo = (to: number): void => {
    const at = entries[Math.min(entries.length - 1, Math.max(0, to))]
    if (at !== undefined) goQuietly({ page: 'replay', run: id, seq: at.ref.seq })
  }
  const playing = usePlaying(entries, index, goTo)
  const toDecision = (by: 1 | -1): void => {
    const mark = decisionBeside(marks, index, by)
    if (mark !== null) goTo(mark.index)
  }
  useKeys({
    ArrowLeft: () => goTo(index - 1),
    ArrowRight: () => goTo(index + 1),
    '[': () => toDecision(-1),
    ']': () => toDecision(1),
    Home: () => goTo(0),
    End: () => goTo(entries.length - 1),
    ' ': playing.toggle,
  })
  const { stop } = playing
  useEffect(() => stop, [stop])

  const report = async (): Promise<void> => {
    const answer = await ask((client) => client.runs.report({ run: id, format: 'md' }))
    if (isRefusal(answer)) setProblem(answer.message)
    else download(`${id}.md`, answer.text)
  }

  const { run, words } = moment
  const zone = end.run?.window?.zone ?? localZone()
  return (
    <>
      <TopBar
        title={end.words.title}
        before={
          <>
            <ReplayTag />
            {end.run === null ? null : <ModeTag mode={end.run.mode} isPractice={end.run.isPractice} />}
          </>
        }
        note={id}
      >
        <Grow />
        <Problem message={problem} />
        <Button
          look="quiet"
          icon={<IconLink size={16} stroke={1.25} />}
          onClick={() => void navigator.clipboard?.writeText(location.href)}
        >
          Copy link to entry
        </Button>
        <Button icon={<IconFileText size={16} stroke={1.25} />} onClick={() => void report()}>
          Report
        </Button>
      </TopBar>
      <Scrubber
        history={history}
        marks={marks}
        index={index}
        zone={zone}
        playing={playing}
        onGo={goTo}
        onDecision={toDecision}
      />
      {index < entries.length - 1 ? (
        <Notice state="waiting" title="Then is not now">
          This is what could be seen when entry {entry?.ref.seq} was written. Nothing here can be acted on.
        </Notice>
      ) : (
        <Notice
          state="waiting"
          title={end.run?.phase === 'closed' ? 'The end of the run' : 'The newest entry when this was opened'}
        >
          Go back with the arrow keys, or from decision to decision with the brackets.
        </Notice>
      )}
      <div className={styles.body}>
        <MarkList marks={marks} index={index} zone={zone} onGo={goTo} />
        {run === null || entry === undefined ? (
          <div className={styles.middle} />
        ) : (
          <MomentView
            run={run}
            words={words}
            atMs={Date.parse(entry.at)}
            zone={zone}
            chosen={chosen}
            onChoose={setChosen}
          />
        )}
        {run === null || end.run === null || entry === undefined ? (
          <div className={styles.middle} />
        ) : (
          <ThenAndNow entry={entry} then={run} now={end.run} words={end.words} zone={zone} />
        )}
      </div>
    </>
  )
}

type MomentProps = {
  readonly run: NonNullable<ReturnType<History['at']>['run']>
  readonly words: ReturnType<History['at']>['words']
  readonly atMs: number
  readonly zone: string
  readonly chosen: Chosen | null
  readonly onChoose: (chosen: Chosen) => void
}

function MomentView({ run, words, atMs, zone, chosen, onChoose }: MomentProps) {
  const times = useMemo(() => schedule(run, atMs), [run, atMs])
  const moments = useMemo(() => momentsOf(run, times), [run, times])
  const board = useBoard({
    run,
    words,
    schedule: times,
    moments,
    nowMs: atMs,
    zone,
    chosen: chosen?.step ?? null,
    isLive: false,
  })
  return (
    <div className={styles.middle}>
      <Strip
        instruments={instrumentsOf({ run, words, schedule: times, moments, nowMs: atMs, zone, clockLabel: 'Then' })}
        spoken=""
      />
      <Board
        {...board}
        label="Board then"
        chosen={chosen}
        onChoose={onChoose}
        onOpen={() => undefined}
        hasHostKeys={false}
      />
    </div>
  )
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
