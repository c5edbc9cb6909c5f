/** How many acts a verified log holds. Counted once it was verified: that has just read all of it anyway. */
import { useEffect, useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { ask } from '../../store/connection.ts'
import type { Checked } from './checked.ts'

const PAGE = 500

export function useActCount(checked: Checked | null): number | null {
  const [counted, setCounted] = useState<{ readonly atMs: number; readonly acts: number } | null>(null)
  const atMs = checked?.atMs ?? null
  const size = checked?.size ?? 0
  useEffect(() => {
    if (atMs === null) return
    let isStale = false
    void countActs(size).then((acts) => {
      if (!isStale && acts !== null) setCounted({ atMs, acts })
    })
    return () => {
      isStale = true
    }
  }, [atMs, size])
  return counted !== null && counted.atMs === atMs ? counted.acts : null
}

async function countActs(size: number): Promise<number | null> {
  let acts = 0
  for (let before: number | null = size; before !== null; ) {
    const from: number = before
    const answer = await ask((client) => client.log.page({ before: from, limit: PAGE, show: 'acts', find: '' }))
    if (isRefusal(answer)) return null
    acts += answer.entries.length
    before = answer.next
  }
  return acts
}
