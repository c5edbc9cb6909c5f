/** The strip of this run, with its counts. */
import { counts } from '../../../shared/run/shown.ts'
import type { Run } from '../../../shared/run/state.ts'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { showClockInZone } from '../../../shared/text/time.ts'
import { Glyph } from '../../parts/glyph.tsx'
import { STATE_ORDER, STATE_WORDS } from '../../parts/states.ts'
import { type Instrument, Strip, StripCounts } from '../../parts/strip.tsx'

const SHOWN = 8

export function RunStrip(props: {
  readonly run: Run
  readonly instruments: readonly Instrument[]
  readonly nowMs: number
  readonly zone: string
}) {
  const all = counts(props.run)
  const shown = STATE_ORDER.filter((state) => all[state] > 0).slice(0, SHOWN)
  const spoken = shown.map((state) => `${all[state]} ${STATE_WORDS[state]}`).join(', ')
  const minute = Math.floor(props.nowMs / 60_000) * 60_000
  return (
    <Strip instruments={props.instruments} spoken={`${showClockInZone(minute, props.zone)}: ${spoken}`}>
      <StripCounts label={`${showNumberOf(props.run.order.length, 'step')}, each on its hosts`}>
        {shown.map((state) => (
          <li key={state}>
            <Glyph state={state} />
            <b>{showCount(all[state])}</b> <span>{STATE_WORDS[state]}</span>
          </li>
        ))}
      </StripCounts>
    </Strip>
  )
}
