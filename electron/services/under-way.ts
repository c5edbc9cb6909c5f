/** What would be in doubt if the console ended now. */
import { openOnHosts } from '../../shared/run/on-hosts.ts'
import type { Station } from '../engine/station.ts'

/** How many attempts run on hosts, over all open runs. */
export function underWay(station: Station): number {
  const runs = (station.console()?.runs() ?? []).map((handle) => handle.log.state())
  return runs.filter((run) => run.phase === 'running').reduce((sum, run) => sum + openOnHosts(run).length, 0)
}
