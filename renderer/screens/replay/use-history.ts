/** Fetches all entries of a run, page by page. */
import { useEffect, useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import type { Recorded } from '../../../shared/model/events.ts'
import { ask, useConnection } from '../../store/connection.ts'
import { type History, historyOf } from './history.ts'

const PAGE = 2000

type Loaded = { readonly history: History | null; readonly fetched: number; readonly problem: string | null }

export function useHistory(run: string): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ history: null, fetched: 0, problem: null })
  const isConnected = useConnection((state) => state.client !== null)
  const isLoaded = loaded.history !== null
  useEffect(() => {
    if (!isConnected || isLoaded) return
    let isStale = false
    const load = async (): Promise<void> => {
      const all: Recorded[] = []
      for (let from = 0; ; ) {
        const page = await ask((client) => client.runs.events({ run, from, limit: PAGE }))
        if (isStale) return
        if (isRefusal(page)) {
          setLoaded((was) => ({ ...was, problem: page.message }))
          return
        }
        all.push(...page)
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE) break
        from = last.ref.seq + 1
        setLoaded((was) => ({ ...was, fetched: all.length }))
      }
      setLoaded({ history: historyOf(all), fetched: all.length, problem: null })
    }
    void load()
    return () => {
      isStale = true
    }
  }, [run, isConnected, isLoaded])
  return loaded
}
