/** The scrubber: how much was written when, where people decided, where the replay stands. */
import { IconPlayerPause, IconPlayerPlay, IconPlayerSkipBack, IconPlayerSkipForward } from '@tabler/icons-react'
import { useMemo } from 'react'
import { showCount } from '../../../shared/text/quantity.ts'
import { showClockSeconds, showDay, zoneName } from '../../../shared/text/time.ts'
import { timeAxis } from '../../parts/board/axis.ts'
import { Button } from '../../parts/button.tsx'
import { classes } from '../../parts/classes.ts'
import { Glyph } from '../../parts/glyph.tsx'
import { Grow } from '../../parts/page.tsx'
import { Seg } from '../../parts/seg.tsx'
import { type History, indexAtTime } from './history.ts'
import type { Mark } from './marks.ts'
import styles from './scrubber.module.css'
import type { Playing } from './use-playing.ts'

const BINS = 96
const HIGHEST_PX = 26

export function Scrubber(props: {
  readonly history: History
  readonly marks: readonly Mark[]
  readonly index: number
  readonly zone: string
  readonly playing: Playing
  readonly onGo: (index: number) => void
  readonly onDecision: (by: 1 | -1) => void
}) {
  const { history, marks, index, zone, playing } = props
  const { entries } = history
  const times = useMemo(() => entries.map((entry) => Date.parse(entry.at)), [entries])
  const startMs = times[0] ?? 0
  const endMs = times.at(-1) ?? startMs
  const axis = useMemo(() => timeAxis(startMs, endMs, zone, 10), [startMs, endMs, zone])
  const bins = useMemo(() => histogram(times, startMs, endMs), [times, startMs, endMs])
  const atMs = times[index] ?? startMs
  const seq = entries[index]?.ref.seq ?? 0
  const spoken = `${showClockSeconds(atMs, zone)} ${zoneName(atMs, zone)}, entry ${showCount(seq)}`
  return (
    <section className={styles.scrubber} aria-label="Where the replay stands">
      <div className={styles.controls}>
        <Button
          size="small"
          icon={<IconPlayerSkipBack size={12} stroke={1.5} />}
          keys="["
          label="Decision before"
          onClick={() => props.onDecision(-1)}
        >
          Decision
        </Button>
        <Button
          size="small"
          look="ink"
          keys="Space"
          icon={
            playing.isPlaying ? <IconPlayerPause size={12} stroke={1.5} /> : <IconPlayerPlay size={12} stroke={1.5} />
          }
          onClick={playing.toggle}
        >
          {playing.isPlaying ? 'Pause' : 'Play'}
        </Button>
        <Button
          size="small"
          icon={<IconPlayerSkipForward size={12} stroke={1.5} />}
          keys="]"
          label="Decision after"
          onClick={() => props.onDecision(1)}
        >
          Decision
        </Button>
        <Seg
          label="Speed"
          value={playing.speed}
          options={[
            { value: '1', text: '1×' },
            { value: '10', text: '10×' },
            { value: '60', text: '60×' },
          ]}
          onChange={playing.setSpeed}
        />
        <b className={styles.at}>
          {showClockSeconds(atMs, zone)} {zoneName(atMs, zone)}
        </b>
        <span className={styles.where}>
          {showDay(atMs, zone)}, entry {showCount(seq)}, number {showCount(index + 1)} of {showCount(entries.length)}
        </span>
        <Grow />
        <span className={styles.legend}>
          <i className={styles.diamond} /> decision <Glyph state="failed" size={10} /> failure{' '}
          <Glyph state="unknown" size={10} /> unknown
        </span>
      </div>
      <div className={styles.track}>
        {/* The slider below it is for the keyboard and for readers; a click is the same for a pointer. */}
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
        <div
          className={styles.line}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect()
            const share = (event.clientX - box.left) / box.width
            props.onGo(indexAtTime(entries, startMs + share * (endMs - startMs)))
          }}
        >
          {bins.map((height, bin) => (
            <i
              key={bin}
              className={classes(styles.bin, startMs + ((bin + 0.5) / BINS) * (endMs - startMs) <= atMs && styles.past)}
              style={{ left: `${(bin / BINS) * 100}%`, height: `${height * HIGHEST_PX}px` }}
            />
          ))}
          {axis.ticks.map((tick) => (
            <span key={tick.ms} className={styles.tick} style={{ left: `${axis.place(tick.ms)}%` }}>
              {tick.text.length === 2 ? `${tick.text}:00` : tick.text}
            </span>
          ))}
          {marks.map((mark) => (
            <span
              key={mark.index}
              className={mark.decision === null ? styles.loud : styles.decision}
              style={{ left: `${axis.place(mark.ms)}%` }}
              title={mark.title}
            >
              {mark.decision === null ? (
                <Glyph state={mark.state ?? 'warned'} size={10} />
              ) : (
                <i className={styles.diamond} />
              )}
            </span>
          ))}
          <span className={styles.head} style={{ left: `${axis.place(atMs)}%` }} />
        </div>
        <input
          type="range"
          className={styles.slider}
          min={0}
          max={entries.length - 1}
          value={index}
          aria-label="Entry"
          aria-valuetext={spoken}
          onChange={(event) => props.onGo(Number(event.currentTarget.value))}
        />
      </div>
    </section>
  )
}

/** Entries for each piece of the time, 0 to 1. */
function histogram(times: readonly number[], startMs: number, endMs: number): readonly number[] {
  const bins = Array.from({ length: BINS }, () => 0)
  const width = Math.max(1, endMs - startMs)
  for (const ms of times) {
    const bin = Math.min(BINS - 1, Math.floor(((ms - startMs) / width) * BINS))
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  const most = Math.max(1, ...bins)
  // The square root keeps a quiet hour visible beside a busy minute.
  return bins.map((count) => Math.sqrt(count / most))
}
