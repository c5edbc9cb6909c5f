/** What this session's first entry says of the high-water mark: the log was compared with it before anything was added. */
import { useEffect, useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { ask, useConnection } from '../../store/connection.ts'

export type BootMark = { readonly mark: string; readonly at: string; readonly seq: number }

/** `find` matches other texts too: a few are looked through. */
const LOOKED_AT = 20

export function useBootMark(origin: string | null): BootMark | null {
  const [boot, setBoot] = useState<(BootMark & { readonly origin: string }) | null>(null)
  const isConnected = useConnection((state) => state.client !== null)
  useEffect(() => {
    if (origin === null || !isConnected) return
    let isStale = false
    void ask((client) => client.log.page({ before: null, limit: LOOKED_AT, show: 'all', find: 'boot' })).then(
      (answer) => {
        if (isStale || isRefusal(answer)) return
        const entry = answer.entries.find((one) => one.type === 'boot')
        if (entry !== undefined) setBoot({ origin, mark: markOf(entry.data['mark']), at: entry.at, seq: entry.ref.seq })
      },
    )
    return () => {
      isStale = true
    }
  }, [origin, isConnected])
  return boot !== null && boot.origin === origin ? boot : null
}

function markOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
