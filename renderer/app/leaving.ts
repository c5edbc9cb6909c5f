/** Closing the window over work that is under way asks first. */
import { useEffect } from 'react'
import type { Status } from '../../shared/api/console.ts'
import { useConsole } from '../store/console.ts'

/** Whether ending the console now would leave something in doubt. */
export function isWorkUnderWay(status: Status | null): boolean {
  return (status?.runs ?? []).some((run) => run.openOnHosts > 0)
}

/** In the desktop shell only, where the console ends with its window; a browser's page may go and come. */
export function useAskBeforeLeaving(): void {
  const asks = useConsole((state) => isWorkUnderWay(state.status)) && location.protocol === 'app:'
  useEffect(() => {
    if (!asks) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [asks])
}
