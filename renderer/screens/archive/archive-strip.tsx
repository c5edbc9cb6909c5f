/** What is known of the archive: what its last receipt proves, and how far the log has gone on since. */
import type { ArchiveStatus } from '../../../shared/api/archive.ts'
import type { VerifyAnswer } from '../../../shared/api/progress.ts'
import type { ShownState } from '../../../shared/model/cell.ts'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { foundWords } from '../../parts/archive-words.ts'
import { BoxStrip } from '../../parts/box-strip.tsx'
import { shortHash } from '../../parts/origin-words.ts'
import { problemsOf } from '../../parts/verdict.tsx'
import { answerOf, type Job } from '../../store/jobs.ts'
import { showMoment, showMomentMs } from './times.ts'

export function ArchiveStrip(props: {
  readonly archive: ArchiveStatus
  readonly checked: Job['ended']
  readonly zone: string
}) {
  const { archive, checked, zone } = props
  const { receipt } = archive
  const verified = answerOf(checked)
  const { state, word } = foundWords(archive, verified)
  return (
    <BoxStrip
      label="Archive"
      boxes={[
        { key: 'state', label: 'State', state, value: word, note: stateNote(archive, verified) },
        {
          key: 'holds',
          label: 'Proved to hold',
          state: null,
          value: receipt === null ? '–' : showNumberOf(receipt.size, 'entry', 'entries'),
          note: receipt === null ? 'nothing was read back yet' : `0 to ${showCount(Math.max(0, receipt.size - 1))}`,
        },
        {
          key: 'root',
          label: 'Root',
          state: null,
          value: receipt === null ? '–' : shortHash(receipt.root),
          note: receipt === null ? '' : <span title={receipt.root}>recomputed, the log’s own</span>,
          isMinor: true,
        },
        {
          key: 'read',
          label: 'Read back',
          state: receipt === null ? null : 'passed',
          value: receipt === null ? 'never' : showMoment(receipt.at, zone),
          note: receipt === null ? '' : 'every byte, on record',
        },
        {
          key: 'behind',
          label: 'Behind',
          state: null,
          value: archive.path === null ? '–' : showNumberOf(archive.behind, 'entry', 'entries'),
          note:
            archive.path === null
              ? ''
              : archive.behind === 0
                ? 'nothing is missing there'
                : 'here, not proved to be there',
        },
        {
          key: 'verified',
          label: 'Verified',
          ...verifiedWords(verified),
          note:
            verified === null || checked === null
              ? 'Verify reads all of it again'
              : `${showNumberOf(verified.origins.length, 'log')}, ${showMomentMs(checked.atMs, zone)}`,
        },
      ]}
    />
  )
}

function isBad(answer: VerifyAnswer): boolean {
  return !answer.ok && answer.origins.length > 0
}

/** An empty folder is not whole: there is nothing in it that could be. */
function verifiedWords(answer: VerifyAnswer | null): { readonly state: ShownState; readonly value: string } {
  if (answer === null) return { state: 'waiting', value: 'not in this session' }
  if (answer.origins.length === 0) return { state: 'waiting', value: 'holds no log' }
  return answer.ok
    ? { state: 'passed', value: 'whole' }
    : { state: 'failed', value: showNumberOf(problemsOf(answer), 'problem') }
}

function stateNote(archive: ArchiveStatus, verified: VerifyAnswer | null): string {
  if (verified !== null && isBad(verified)) return 'see what Verify found'
  switch (archive.state) {
    case 'none':
      return 'the log is on this disk only'
    case 'sending':
      return 'runs go on meanwhile'
    case 'failed':
      return 'runs go on; nothing was lost'
    case 'idle':
      return archive.behind === 0 ? 'to the last entry' : 'sent when you sync'
  }
}
