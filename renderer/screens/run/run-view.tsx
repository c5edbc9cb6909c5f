/** The cockpit: what goes on, what is asked, what each answer does. Everything shown is folded from the log. */
import { useMemo, useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { questions } from '../../../shared/run/questions.ts'
import { schedule } from '../../../shared/run/schedule.ts'
import type { Run } from '../../../shared/run/state.ts'
import { Board } from '../../parts/board/board.tsx'
import type { Chosen } from '../../parts/board/board-props.ts'
import { useBoard } from '../../parts/board/use-board.ts'
import { instrumentsOf, momentsOf } from '../../parts/instruments.ts'
import { isDialogOpen, isTyping, useKeys } from '../../parts/keys.ts'
import { LogTail } from '../../parts/log-tail.tsx'
import { localZone } from '../../parts/zone.ts'
import { useNow } from '../../store/clock.ts'
import { ask } from '../../store/connection.ts'
import { useConsole } from '../../store/console.ts'
import { writeRoute } from '../../store/route.ts'
import type { RunMirror } from '../../store/runs.ts'
import { ActDialogs, type OpenAct } from './acts/act-dialogs.tsx'
import { BottomPane } from './bottom-pane.tsx'
import { DecisionPanel } from './decision/decision-panel.tsx'
import { HostKeyDialog } from './host-key-dialog.tsx'
import { RunNotices } from './run-notices.tsx'
import { RunStrip } from './run-strip.tsx'
import styles from './run.module.css'
import { RunTopBar } from './run-top-bar.tsx'
import type { RunScene } from './scene.ts'
import { SecretsDialog } from './secrets-dialog.tsx'

/** Expectations move with the clock, not with each of its seconds. */
const RECKON_EVERY_MS = 5000

export function RunView(props: { readonly run: Run; readonly mirror: RunMirror }) {
  const { run, mirror } = props
  const { words } = mirror
  const origin = useConsole((state) => state.info?.origin ?? null)
  const isElsewhere = origin !== null && run.phase !== 'closed' && run.epoch.origin !== origin
  const nowMs = useNow()
  const reckonedMs = Math.max(Math.floor(nowMs / RECKON_EVERY_MS) * RECKON_EVERY_MS, run.lastAtMs)
  const zone = run.window?.zone ?? localZone()
  const times = useMemo(() => schedule(run, reckonedMs), [run, reckonedMs])
  const moments = useMemo(() => momentsOf(run, times), [run, times])
  const asked = useMemo(() => questions(run, reckonedMs), [run, reckonedMs])
  const [pinned, setPinned] = useState<string | null>(null)
  const [picked, setPicked] = useState<Chosen | null>(null)
  const [act, setAct] = useState<OpenAct | null>(null)
  const [later, setLater] = useState('')

  // A question stays until it is answered, whatever else is asked meanwhile: no live change takes it from under a hand.
  const question =
    asked.find((one) => one.id === pinned) ?? asked.find((one) => isAbout(one, picked)) ?? asked[0] ?? null
  const questionId = question?.id ?? null
  if (pinned !== questionId) setPinned(questionId)
  const chosen =
    picked ??
    (question?.step == null ? null : { step: question.step, target: question.target === '-' ? null : question.target })

  const choose = (next: Chosen): void => {
    setPicked(next)
    const own = asked.find((one) => isAbout(one, next))
    if (own !== undefined) setPinned(own.id)
  }
  const showQuestion = (by: number): void => {
    const next =
      asked[(asked.findIndex((one) => one.id === questionId) + by + asked.length) % Math.max(1, asked.length)]
    if (next === undefined) return
    setPinned(next.id)
    setPicked(next.step === null ? null : { step: next.step, target: next.target === '-' ? null : next.target })
  }

  const scene: RunScene = {
    run,
    words,
    nowMs,
    reckonedMs,
    zone,
    chosen,
    isElsewhere,
    send: async (command) => {
      const answer = await ask((client) => client.runs.act({ run: run.id, command }))
      return isRefusal(answer) ? answer.message : null
    },
  }
  const board = useBoard({
    run,
    words,
    schedule: times,
    moments,
    nowMs: run.closedAtMs ?? nowMs,
    zone,
    chosen: chosen?.step ?? null,
    isLive: true,
  })
  const openAct = (kind: OpenAct) => () => (run.phase === 'closed' || isElsewhere ? undefined : setAct(kind))
  useKeys({
    n: () => showQuestion(1),
    h: openAct(run.held === null ? 'hold' : 'resume'),
    b: openAct('back-out'),
    ArrowDown: focusBoard,
    ArrowUp: focusBoard,
  })

  return (
    <>
      <RunTopBar scene={scene} mirror={mirror} asked={asked.length} onAct={setAct} onSecrets={() => setLater('')} />
      <RunNotices scene={scene} onAct={setAct} />
      <RunStrip
        run={run}
        instruments={instrumentsOf({ run, words, schedule: times, moments, nowMs, zone, clockLabel: 'Now' })}
        nowMs={reckonedMs}
        zone={zone}
      />
      <div className={styles.body}>
        <Board
          {...board}
          label="Board"
          chosen={chosen}
          onChoose={choose}
          onOpen={() => document.querySelector<HTMLElement>('[data-pane] [tabindex="0"]')?.focus()}
        />
        <BottomPane scene={scene} />
        <div className={styles.side}>
          <DecisionPanel
            key={questionId ?? 'none'}
            scene={scene}
            question={question}
            place={question === null ? 0 : asked.indexOf(question) + 1}
            asked={asked.length}
            onNext={showQuestion}
          />
          <LogTail
            entries={mirror.tail}
            total={mirror.entries}
            zone={zone}
            rows={5}
            linkTo={(seq) => writeRoute({ page: 'log', seq })}
          />
        </div>
      </div>
      <ActDialogs scene={scene} act={act} onClose={() => setAct(null)} />
      <HostKeyDialog scene={scene} waiting={mirror.hostKeys} />
      <SecretsDialog scene={scene} names={mirror.secrets} later={later} onLater={setLater} />
    </>
  )
}

function isAbout(
  question: { readonly cells: readonly { readonly step: string; readonly target: string }[] },
  chosen: Chosen | null,
): boolean {
  if (chosen === null) return false
  return question.cells.some(
    (cell) => cell.step === chosen.step && (chosen.target === null || cell.target === chosen.target),
  )
}

/** The arrows go to the board from wherever nothing else wants them. */
function focusBoard(event: KeyboardEvent): void {
  if (isTyping(event.target) || isDialogOpen() || event.target instanceof HTMLInputElement) return
  const board = document.querySelector<HTMLElement>('[data-board]')
  if (board === null || board.contains(document.activeElement)) return
  board.focus()
  board.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: true }))
}
