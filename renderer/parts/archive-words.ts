/** The archive's state in a word and its shape. One wording for log, archive and whoever asks. */
import type { ArchiveStatus } from '../../shared/api/archive.ts'
import type { ShownState } from '../../shared/model/cell.ts'
import { showCount } from '../../shared/text/quantity.ts'

export function archiveWords(archive: ArchiveStatus): { readonly state: ShownState; readonly word: string } {
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
