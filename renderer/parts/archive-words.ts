/** The archive's state in a word and its shape. One wording for log, archive and whoever asks. */
import type { ArchiveStatus } from '../../shared/api/archive.ts'
import type { VerifyAnswer } from '../../shared/api/progress.ts'
import type { ShownState } from '../../shared/model/cell.ts'
import { showCount } from '../../shared/text/quantity.ts'

type Words = { readonly state: ShownState; readonly word: string }

/** That all was sent says nothing where what is there was found to be wrong. */
export function foundWords(archive: ArchiveStatus, found: VerifyAnswer | null): Words {
  const isWrong = found !== null && !found.ok && found.origins.length > 0 && archive.state !== 'sending'
  return isWrong ? { state: 'failed', word: 'has problems' } : archiveWords(archive)
}

export function archiveWords(archive: ArchiveStatus): Words {
  switch (archive.state) {
    case 'none':
      return { state: 'waiting', word: 'not set' }
    case 'sending':
      return { state: 'running', word: 'sending' }
    case 'failed':
      return { state: 'failed', word: 'last sync failed' }
    case 'idle':
      if (archive.receipt === null) return { state: 'waiting', word: 'nothing sent yet' }
      return archive.behind === 0
        ? { state: 'passed', word: 'has everything' }
        : { state: 'waiting', word: `${showCount(archive.behind)} behind` }
  }
}
