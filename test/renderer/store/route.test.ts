import { expect, test } from 'vitest'
import { readRoute, type Route, writeRoute } from '../../../renderer/store/route.ts'

const ROUTES: readonly Route[] = [
  { page: 'home' },
  { page: 'runbook', id: null },
  { page: 'runbook', id: 'sample:app-release' },
  { page: 'runbook', id: '/srv/cut over/ä#1/runbook.yaml' },
  { page: 'run', run: 'orders-db-15-3' },
  { page: 'replay', run: 'orders-db-15-3', seq: 4302 },
  { page: 'replay', run: null, seq: null },
  { page: 'log', seq: 0 },
  { page: 'archive' },
  { page: 'settings' },
]

test.each(ROUTES)('an address is read as it was written: %j', (route) => {
  expect(readRoute(writeRoute(route))).toEqual(route)
})

test('what is no address is home, and never an exception', () => {
  for (const fragment of ['', '#', '#token=abc', '#/nowhere', '#/%', '#/run/%E0%A4%A'])
    expect(['home', 'run']).toContain(readRoute(fragment).page)
  expect(readRoute('#/log/12x')).toEqual({ page: 'log', seq: null })
})
