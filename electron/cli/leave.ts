/**
 * Leaves a run before its end: nothing more is begun, what runs on hosts is followed until it has ended, and what cannot be
 * followed is named. Whoever reads the exit code must be able to rely on it that nothing is unknown, or that it says so.
 */
import { isRefusal } from '../../shared/model/commands.ts'
import type { CellId } from '../../shared/model/events.ts'
import { cellName } from '../../shared/model/words.ts'
import { openOnHosts } from '../../shared/run/on-hosts.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { Drive } from './drive-parts.ts'
import { defectStop, EXIT, Stop } from './exit-codes.ts'
import { type Changes, isUnderWay, unknownCells } from './under-way.ts'

const LEFT = 'The command line was left while this run was under way. What ran on hosts was followed to its end.'

/** @returns what the command ends with: the reason why it was left, or that something is unknown, which weighs more */
export async function leave(parts: Drive, changes: Changes, cause: unknown): Promise<Stop> {
  await follow(parts, changes)
  // How an attempt ended may be about to be recorded although nothing more begins.
  await parts.handle.log.idle()
  const run = parts.handle.log.state()
  const stop = stopOf(cause)
  const unknown = [...unknownCells(run), ...openOnHosts(run)]
  if (unknown.length === 0) return stop
  const names = [...new Set(unknown.map((cell) => nameOf(parts, cell)))]
  return new Stop(EXIT.unknown, `${stop.message}\nIt is not known how it ended: ${names.join(', ')}.`)
}

/** Until nothing runs on a host. Where the log cannot be written that would come to nothing. */
async function follow({ handle, context, progress, nowMs }: Drive, changes: Changes): Promise<void> {
  if (handle.broken() !== null || !isUnderWay(handle, handle.log.state(), nowMs())) return
  const isHeld = await handle.log.engine({ do: 'interrupt', because: 'left', message: LEFT }).then(
    () => true,
    () => false,
  )
  if (!isHeld) return
  if (openOnHosts(handle.log.state()).length > 0)
    progress.say('Nothing more is begun. What runs on hosts is followed to its end before this command ends.')
  for (;;) {
    await handle.log.idle()
    const seen = changes.count()
    for (const { id } of context.asking.pending()) context.asking.answer(id, null)
    const hasEnded = openOnHosts(handle.log.state()).length === 0 && !handle.isBusy()
    if (hasEnded || handle.broken() !== null) return
    await changes.after(seen)
  }
}

export function stopOf(cause: unknown): Stop {
  if (cause instanceof Stop) return cause
  if (isRefusal(cause)) return new Stop(EXIT.waiting, cause.message)
  if (!(cause instanceof Error) || errorCode(cause) === '') return defectStop(cause)
  // What could not be recorded changed nothing; what runs on hosts meanwhile is not known from here.
  return new Stop(EXIT.unknown, `The run cannot go on from this console: ${cause.message} What was recorded is kept.`)
}

function nameOf({ handle }: Drive, { step, target }: CellId): string {
  return cellName(handle.log.words().steps[step]?.title ?? step, target)
}
