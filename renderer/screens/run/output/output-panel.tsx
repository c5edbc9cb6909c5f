/** Output of the chosen attempt: both streams or one, followed until a person scrolls. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { backoutAt, cellAt } from '../../../../shared/run/lookup.ts'
import { showSize } from '../../../../shared/text/quantity.ts'
import { showClockSeconds } from '../../../../shared/text/time.ts'
import { Button } from '../../../parts/button.tsx'
import { attemptWord, outcomeWords } from '../../../parts/cell-words.ts'
import { SelectField } from '../../../parts/field.tsx'
import { useKeys } from '../../../parts/keys.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Seg } from '../../../parts/seg.tsx'
import { type TerminalHandle, TerminalView } from '../../../parts/terminal.tsx'
import { ask } from '../../../store/connection.ts'
import { onLiveOutput } from '../../../store/runs.ts'
import type { RunScene } from '../scene.ts'
import { type AttemptId, attemptKey, attemptsOf, mostTellingAttempt } from './attempts.ts'
import styles from './output.module.css'
import { type Feed, openFeed, type StreamName } from './output-feed.ts'

type Streams = 'both' | StreamName

export function OutputPanel(props: { readonly scene: RunScene; readonly choice: ReactNode }) {
  const { scene } = props
  const attempts = attemptsOf(scene.run, scene.chosen)
  const [picked, setPicked] = useState<string | null>(null)
  const cell = `${scene.chosen?.step} ${scene.chosen?.target}`
  const [pickedFor, setPickedFor] = useState(cell)
  const isPicked = picked !== null && pickedFor === cell
  const attempt =
    (isPicked ? attempts.find((one) => attemptKey(one) === picked) : undefined) ??
    mostTellingAttempt(scene.run, attempts)
  if (attempt === null) {
    return (
      <Panel title="Output" aside={props.choice}>
        <p className={styles.none}>{noneWords(scene)}</p>
      </Panel>
    )
  }
  return (
    <OneOutput
      key={`${attempt.step} ${attempt.target} ${attemptKey(attempt)}`}
      scene={scene}
      attempt={attempt}
      attempts={attempts}
      choice={props.choice}
      onPick={(key) => {
        setPicked(key)
        setPickedFor(cell)
      }}
    />
  )
}

function noneWords(scene: RunScene): string {
  const { chosen, run } = scene
  if (chosen === null) return 'Choose a step on a host to see what it wrote.'
  const kind = run.steps[chosen.step]?.kind
  if (kind !== 'script' && kind !== 'probe') return 'This step acts on no host and writes nothing.'
  return chosen.target === null ? 'Choose one of its hosts to see what it wrote there.' : 'Nothing has run here yet.'
}

function OneOutput(props: {
  readonly scene: RunScene
  readonly attempt: AttemptId
  readonly attempts: readonly AttemptId[]
  readonly choice: ReactNode
  readonly onPick: (key: string) => void
}) {
  const { scene, attempt, attempts } = props
  const [streams, setStreams] = useState<Streams>('both')
  const [totals, setTotals] = useState<Readonly<Record<StreamName, number>>>({ stdout: 0, stderr: 0 })
  const [isFollowing, setFollowing] = useState(true)
  const terminal = useRef<TerminalHandle>(null)
  const feed = useRef<Feed | null>(null)
  const segments = scene.words.cells[attempt.step]?.[attempt.target]?.attempts[attemptKey(attempt)]?.output ?? []
  const latestSegments = useRef(segments)
  useEffect(() => {
    latestSegments.current = segments
  })
  const { id: run } = scene.run

  useEffect(() => {
    const view = terminal.current
    if (view === null) return
    view.clear()
    const { step, target, purpose, try: number } = attempt
    const opened = openFeed({
      attempt,
      streams: streams === 'both' ? ['stdout', 'stderr'] : [streams],
      segments: latestSegments.current,
      fetch: (stream, from, limit) =>
        ask((client) =>
          client.runs.output({
            run,
            step,
            target,
            purpose,
            try: number,
            stream,
            from,
            limit: Math.min(limit, 1_048_576),
          }),
        ),
      write: (bytes, done) => view.write(bytes, done),
      onTotals: setTotals,
    })
    feed.current = opened
    const quiet = onLiveOutput(run, (piece) => {
      if (piece.step === step && piece.target === target && piece.purpose === purpose && piece.try === number)
        opened.live(piece)
    })
    return () => {
      quiet()
      opened.close()
      feed.current = null
    }
    // An attempt is named by its parts; the object is made anew each time. The panel is keyed by them.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [run, streams])
  // What was bound meanwhile and never came live (a link that dropped, a screen that slept) is fetched.
  useEffect(() => feed.current?.catchUp(), [segments.length])

  const follow = (): void => terminal.current?.follow()
  useKeys({ f: follow })
  return (
    <Panel
      title={
        <span className={attempts.length > 1 ? styles.picked : undefined}>
          {attemptWord(attempt.purpose, attempt.try)}
        </span>
      }
      note={<span className={styles.note}>{attemptNote(scene, attempt, totals.stdout + totals.stderr)}</span>}
      aside={
        <>
          {attempts.length > 1 ? (
            <span className={styles.pick}>
              <SelectField
                label="Attempt"
                isLabelHidden
                value={attemptKey(attempt)}
                onChange={props.onPick}
                options={attempts.map((one) => ({ value: attemptKey(one), text: attemptWord(one.purpose, one.try) }))}
              />
            </span>
          ) : null}
          <span className={styles.streams}>
            <Seg
              label="Streams"
              isSmall
              value={streams}
              options={[
                { value: 'both', text: 'Both' },
                { value: 'stdout', text: 'stdout' },
                { value: 'stderr', text: 'stderr' },
              ]}
              onChange={setStreams}
            />
          </span>
          <span className={styles.follow}>
            <Button size="small" isPressed={isFollowing} onClick={follow}>
              Follow
            </Button>
          </span>
          {props.choice}
        </>
      }
    >
      <TerminalView
        ref={terminal}
        label={`Output of ${attempt.step} on ${attempt.target}`}
        onFollowing={setFollowing}
      />
    </Panel>
  )
}

function attemptNote(scene: RunScene, attempt: AttemptId, size: number): string {
  const isBackout = attempt.purpose.startsWith('backout')
  const of = isBackout
    ? backoutAt(scene.run, attempt.step, attempt.target)
    : cellAt(scene.run, attempt.step, attempt.target)
  const is = (one: { readonly purpose: string; readonly try: number } | null | undefined): boolean =>
    one?.purpose === attempt.purpose && one.try === attempt.try
  const parts = [showSize(size)]
  if (of?.open != null && is(of.open)) parts.unshift(`runs since ${showClockSeconds(of.open.startedAtMs, scene.zone)}`)
  else if (of?.last != null && is(of.last)) {
    parts.unshift(outcomeWords(of.last))
    parts.push(`ended ${showClockSeconds(of.last.atMs, scene.zone)}`)
  }
  return parts.join(', ')
}
