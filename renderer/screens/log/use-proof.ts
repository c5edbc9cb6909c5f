/** Reads the proof of the chosen entry, once the choice has come to rest. */
import { useEffect, useState } from 'react'
import { isRefusal } from '../../../shared/model/commands.ts'
import { ask, useConnection } from '../../store/connection.ts'
import { type Read, readProof } from './proof.ts'

const REST_MS = 80

export type Shown = { readonly seq: number; readonly read: Read | null; readonly problem: string | null }

/** @param hasNext whether the log goes on after it: then the one after it says where it points */
export function useProof(seq: number | null, hasNext: boolean): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null)
  const isConnected = useConnection((state) => state.client !== null)
  useEffect(() => {
    if (seq === null || !isConnected) return
    let isStale = false
    const timer = setTimeout(async () => {
      const [proof, next] = await Promise.all([
        ask((client) => client.log.entry({ seq })),
        hasNext ? ask((client) => client.log.entry({ seq: seq + 1 })) : null,
      ])
      if (isStale) return
      if (isRefusal(proof)) setShown({ seq, read: null, problem: proof.message })
      else setShown({ seq, read: readProof(proof, isRefusal(next) ? null : next), problem: null })
    }, REST_MS)
    return () => {
      isStale = true
      clearTimeout(timer)
    }
  }, [seq, hasNext, isConnected])
  return seq === null ? null : shown
}
