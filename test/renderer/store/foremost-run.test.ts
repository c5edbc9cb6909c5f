import { expect, test } from 'vitest'
import { foremostRun } from '../../../renderer/store/console.ts'
import { StagedConsole } from '../stage/staged-console.ts'

test('a live run on real hosts comes before a newer one on practice hosts', () => {
  const stage = new StagedConsole({})
  const practice = stage.plan('live')
  expect(stage.act(practice, { do: 'startRun' })).toBeNull()
  expect(foremostRun(stage.status())?.run).toBe('orders-db-15-3')
})
