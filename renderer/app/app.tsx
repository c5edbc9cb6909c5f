/** Which page is shown: the way in, the first start, or a screen in its frame. */
import { useEffect } from 'react'
import { Empty } from '../parts/empty.tsx'
import { FirstStart } from '../screens/first-start/first-start.tsx'
import { useConnection } from '../store/connection.ts'
import { useConsole, watchConsole } from '../store/console.ts'
import { followAddress, type Route, useRoute, writeRoute } from '../store/route.ts'
import { Guard } from './guard.tsx'
import { Frame } from './frame.tsx'
import { Screen } from './screen.tsx'

export function App() {
  useEffect(() => watchConsole(), [])
  const isIn = useConsole((state) => state.info !== null)
  const needsSetup = useConsole((state) => state.info?.needsSetup === true)
  // The address is read once this page is let in: until then it may carry the token.
  useEffect(() => (isIn ? followAddress() : undefined), [isIn])
  const connection = useConnection()
  const address = useRoute((state) => writeRoute(pageOf(state.route)))

  if (connection.state === 'refused') {
    return (
      <main>
        <title>Holdpoint</title>
        <Empty title="This page was not let in">{connection.message}</Empty>
      </main>
    )
  }
  if (!isIn) {
    return (
      <main>
        <title>Holdpoint</title>
        {connection.state === 'lost' ? (
          <Empty title="The console does not answer">
            {connection.why} It is asked again every few seconds. If it was ended, start it again.
          </Empty>
        ) : null}
      </main>
    )
  }
  if (needsSetup) return <FirstStart />
  return (
    <Frame>
      <Guard key={address}>
        <Screen />
      </Guard>
    </Frame>
  )
}

/** A replay that is scrubbed stays the same page. */
function pageOf(route: Route): Route {
  return route.page === 'replay' || route.page === 'log' ? { ...route, seq: null } : route
}
