/**
 * The whole log as rows, the newest at the time of reading first: entries are numbered without gaps, so a row's number is
 * known before the entry is read. Entries are read by pages, those on screen first; what lies far away is let go of.
 */
import { create } from 'zustand'
import type { Recorded } from '../../../shared/model/events.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { ask } from '../../store/connection.ts'

const PAGE = 100
const AT_ONCE = 2
const MOST_PAGES = 120

type WholeLog = {
  readonly origin: string | null
  /** Size of the log when a person last asked for the newest: rows are `top - 1` down to 0. */
  readonly top: number
  /** By number of the page: entries of `n * PAGE` to `n * PAGE + PAGE - 1`, newest first. */
  readonly pages: ReadonlyMap<number, readonly Recorded[]>
  readonly problem: string | null
}

export const useWholeLog = create<WholeLog>(() => ({ origin: null, top: 0, pages: new Map(), problem: null }))

const underWay = new Set<number>()
let wanted: { readonly from: number; readonly to: number } | null = null

/** Shows the log as it is at this size. What was read of it stays. */
export function showTo(origin: string, size: number): void {
  const was = useWholeLog.getState()
  if (was.origin === origin) useWholeLog.setState({ top: size })
  else useWholeLog.setState({ origin, top: size, pages: new Map(), problem: null })
  read()
}

/** Entries that a person looks at, from the lower number to the higher, both included. */
export function want(from: number, to: number): void {
  wanted = { from, to }
  read()
}

export function entryOf(log: WholeLog, seq: number): Recorded | null {
  const page = log.pages.get(Math.floor(seq / PAGE))
  const first = page?.[0]
  return first === undefined ? null : (page?.[first.ref.seq - seq] ?? null)
}

function read(): void {
  const log = useWholeLog.getState()
  if (wanted === null || log.top === 0) return
  const first = Math.floor(Math.max(0, wanted.from) / PAGE)
  for (let page = Math.floor(Math.min(wanted.to, log.top - 1) / PAGE); page >= first; page -= 1) {
    if (underWay.size >= AT_ONCE) return
    if (!underWay.has(page) && (log.pages.get(page)?.length ?? 0) < sizeOf(page, log.top)) void readPage(page, log)
  }
}

function sizeOf(page: number, top: number): number {
  return Math.min((page + 1) * PAGE, top) - page * PAGE
}

async function readPage(page: number, log: WholeLog): Promise<void> {
  underWay.add(page)
  const limit = sizeOf(page, log.top)
  const answer = await ask((client) => client.log.page({ before: page * PAGE + limit, limit, show: 'all', find: '' }))
  underWay.delete(page)
  const now = useWholeLog.getState()
  if (now.origin !== log.origin) return
  if (isRefusal(answer) || answer.entries.length < limit) {
    // Asked again when the person scrolls, or the connection is back: never in a loop.
    useWholeLog.setState({
      problem: isRefusal(answer) ? answer.message : 'The console did not give all of these entries.',
    })
    return
  }
  useWholeLog.setState({ pages: nearest(new Map(now.pages).set(page, answer.entries), page), problem: null })
  read()
}

function nearest(pages: Map<number, readonly Recorded[]>, around: number): ReadonlyMap<number, readonly Recorded[]> {
  if (pages.size <= MOST_PAGES) return pages
  const kept = [...pages].toSorted(([a], [b]) => Math.abs(a - around) - Math.abs(b - around)).slice(0, MOST_PAGES / 2)
  return new Map(kept)
}
