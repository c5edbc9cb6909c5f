/** Entries of one kind, or that match what a person typed: read from the newest down, page after page as they scroll. */
import { useEffect, useRef, useState } from 'react'
import type { Recorded } from '../../../shared/model/events.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { ask } from '../../store/connection.ts'

export type Show = 'all' | 'acts' | 'decisions' | 'outcomes'
export type Sought = {
  readonly entries: readonly Recorded[]
  /** null: there are no more. */
  readonly next: number | null
  /** Nothing is known yet of what is now asked for. */
  readonly isLooking: boolean
  readonly problem: string | null
  /** Reads the next page, unless one is being read. */
  more(): void
}

const PAGE = 200
/** A person who types is waited for. */
const TYPED_MS = 180

type State = Omit<Sought, 'more' | 'isLooking'> & { readonly key: string }

/** @param top the size of the log that is looked through: what came later is not shown until a person asks */
export function useSought(show: Show, find: string, top: number, isOn: boolean): Sought {
  const key = `${show} ${top} ${find}`
  const [state, setState] = useState<State>({ key: '', entries: [], next: null, problem: null })
  const underWay = useRef<string | null>(null)
  const read = async (before: number, so: readonly Recorded[]): Promise<void> => {
    underWay.current = key
    const answer = await ask((client) => client.log.page({ before, limit: PAGE, show, find }))
    if (underWay.current !== key) return
    underWay.current = null
    if (isRefusal(answer)) setState((was) => ({ ...was, key, problem: answer.message }))
    else setState({ key, entries: [...so, ...answer.entries], next: answer.next, problem: null })
  }
  const latest = useRef(read)
  useEffect(() => {
    latest.current = read
  })
  useEffect(() => {
    if (!isOn || top === 0) return
    const timer = setTimeout(() => void latest.current(top, []), find === '' ? 0 : TYPED_MS)
    return () => {
      clearTimeout(timer)
      underWay.current = null
    }
  }, [key, isOn, top, find])
  return {
    ...state,
    isLooking: state.key !== key,
    more: () => {
      if (state.key === key && state.next !== null && underWay.current === null) void read(state.next, state.entries)
    },
  }
}
