/** The screen of the present address. */
import { assertNever } from '../../shared/model/words.ts'
import { Archive } from '../screens/archive/archive.tsx'
import { Home } from '../screens/home/home.tsx'
import { Log } from '../screens/log/log.tsx'
import { Replay } from '../screens/replay/replay.tsx'
import { RunbookScreen } from '../screens/runbook/runbook.tsx'
import { Cockpit } from '../screens/run/cockpit.tsx'
import { Settings } from '../screens/settings/settings.tsx'
import { useRoute } from '../store/route.ts'

export function Screen() {
  const route = useRoute((state) => state.route)
  switch (route.page) {
    case 'home':
      return <Home />
    case 'runbook':
      return <RunbookScreen id={route.id} />
    case 'run':
      return <Cockpit run={route.run} />
    case 'replay':
      return <Replay run={route.run} seq={route.seq} />
    case 'log':
      return <Log seq={route.seq} />
    case 'archive':
      return <Archive />
    case 'settings':
      return <Settings />
    default:
      return assertNever(route)
  }
}
