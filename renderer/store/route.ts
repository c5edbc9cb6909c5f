/** Where the person is. Addresses live in the fragment: `#/runs/<id>`. */
import { create } from 'zustand'

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'runbook'; readonly id: string | null }
  | { readonly page: 'run'; readonly run: string | null }
  | { readonly page: 'replay'; readonly run: string | null; readonly seq: number | null }
  | { readonly page: 'log'; readonly seq: number | null }
  | { readonly page: 'archive' }
  | { readonly page: 'settings' }
export type Page = Route['page']

/** Any fragment is some page: what is not known is home. */
export function readRoute(fragment: string): Route {
  const [page = '', first, second] = fragment
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode)
  const word = first === undefined || first === '' ? null : first
  switch (page) {
    case 'runbook':
      return { page, id: word }
    case 'run':
      return { page, run: word }
    case 'replay':
      return { page, run: word, seq: count(second) }
    case 'log':
      return { page, seq: count(first) }
    case 'archive':
      return { page }
    case 'settings':
      return { page }
    default:
      return { page: 'home' }
  }
}

export function writeRoute(route: Route): string {
  const parts = (() => {
    switch (route.page) {
      case 'home':
        return []
      case 'runbook':
        return ['runbook', route.id]
      case 'run':
        return ['run', route.run]
      case 'replay':
        return ['replay', route.run, route.seq]
      case 'log':
        return ['log', route.seq]
      case 'archive':
      case 'settings':
        return [route.page]
    }
  })()
  return `#/${parts
    .filter((part) => part !== null)
    .map((part) => encodeURIComponent(part))
    .join('/')}`
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
}

export const useRoute = create<{ readonly route: Route }>(() => ({ route: readRoute('') }))

export function go(route: Route): void {
  location.hash = writeRoute(route)
}

/** Changes the address without a step in the history: a scrubber that moves is not a journey. */
export function goQuietly(route: Route): void {
  history.replaceState(null, '', writeRoute(route))
  useRoute.setState({ route })
}

/** @returns ends it */
export function followAddress(): () => void {
  const read = (): void => useRoute.setState({ route: readRoute(location.hash) })
  read()
  window.addEventListener('hashchange', read)
  return () => window.removeEventListener('hashchange', read)
}
