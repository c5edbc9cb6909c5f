/** What would be in doubt if the console ended now. */
import { counts } from '../../shared/run/shown.ts'
import type { Station } from '../engine/station.ts'

/** How many pieces of work are under way, over all open runs. */
export function underWay(station: Station): number {
  const open = (station.console()?.runs() ?? []).filter((handle) => handle.log.state().phase === 'running')
  return open.reduce((sum, handle) => {
    const { running, 'backing-out': backingOut } = counts(handle.log.state())
    return sum + running + backingOut
  }, 0)
}
