/** Plays entries in their own rhythm, faster: a pause of an hour is not an hour long. */
import { useCallback, useEffect, useState } from 'react'
import type { Recorded } from '../../../shared/model/events.ts'

export type Speed = '1' | '10' | '60'
export type Playing = {
  readonly isPlaying: boolean
  readonly speed: Speed
  readonly setSpeed: (speed: Speed) => void
  readonly toggle: () => void
  readonly stop: () => void
}

const SHORTEST_MS = 60
const LONGEST_MS = 2000

export function usePlaying(entries: readonly Recorded[], index: number, goTo: (index: number) => void): Playing {
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<Speed>('10')
  const isAtEnd = index >= entries.length - 1
  useEffect(() => {
    if (!isPlaying) return
    if (isAtEnd) {
      setPlaying(false)
      return
    }
    const gapMs = Date.parse(entries[index + 1]?.at ?? '') - Date.parse(entries[index]?.at ?? '')
    const timer = setTimeout(() => goTo(index + 1), Math.min(LONGEST_MS, Math.max(SHORTEST_MS, gapMs / Number(speed))))
    return () => clearTimeout(timer)
    // goTo is made anew with each entry, which is when this runs.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isPlaying, isAtEnd, index, speed, entries])
  const toggle = useCallback(() => setPlaying((was) => !was), [])
  const stop = useCallback(() => setPlaying(false), [])
  return { isPlaying, speed, setSpeed, toggle, stop }
}
