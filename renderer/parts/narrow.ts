/** Whether the narrow layout is used: the same width as in the styles. */
import { useSyncExternalStore } from 'react'

const query = (): MediaQueryList => window.matchMedia('(max-width: 1200px)')

function subscribe(listener: () => void): () => void {
  const watched = query()
  watched.addEventListener('change', listener)
  return () => watched.removeEventListener('change', listener)
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query().matches)
}
