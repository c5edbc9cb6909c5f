/** The pages of the rail, in order: where each leads and its key after `g`. */
import {
  IconArchive,
  IconBook,
  IconChartBar,
  IconHistory,
  IconList,
  IconListDetails,
  IconAdjustmentsHorizontal,
} from '@tabler/icons-react'
import type { Page, Route } from '../store/route.ts'

type PageEntry = {
  readonly page: Page
  readonly word: string
  readonly icon: typeof IconList
  readonly key: string
  readonly route: Route
}

export const PAGES: readonly PageEntry[] = [
  { page: 'home', word: 'Changes', icon: IconList, key: 'c', route: { page: 'home' } },
  { page: 'runbook', word: 'Runbook', icon: IconBook, key: 'b', route: { page: 'runbook', id: null } },
  { page: 'run', word: 'Run', icon: IconChartBar, key: 'r', route: { page: 'run', run: null } },
  { page: 'replay', word: 'Replay', icon: IconHistory, key: 'p', route: { page: 'replay', run: null, seq: null } },
  { page: 'log', word: 'Log', icon: IconListDetails, key: 'l', route: { page: 'log', seq: null } },
  { page: 'archive', word: 'Archive', icon: IconArchive, key: 'a', route: { page: 'archive' } },
  { page: 'settings', word: 'Settings', icon: IconAdjustmentsHorizontal, key: 's', route: { page: 'settings' } },
]
