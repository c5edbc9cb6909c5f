/** The acts that a person may begin at any time, each in its dialog. */
import type { RunScene } from '../scene.ts'
import { BackOutDialog } from './back-out-dialog.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { DeviateDialog } from './deviate-dialog.tsx'
import { ExcludeDialog } from './exclude-dialog.tsx'
import { HoldDialog } from './hold-dialog.tsx'
import { NoteDialog } from './note-dialog.tsx'
import { TakeOverDialog } from './take-over-dialog.tsx'

export type OpenAct = 'hold' | 'resume' | 'back-out' | 'note' | 'exclude' | 'deviate' | 'close' | 'take-over'

export function ActDialogs(props: {
  readonly scene: RunScene
  readonly act: OpenAct | null
  readonly onClose: () => void
}) {
  const { scene, act, onClose } = props
  switch (act) {
    case null:
      return null
    case 'hold':
    case 'resume':
      return <HoldDialog scene={scene} isResume={act === 'resume'} onClose={onClose} />
    case 'back-out':
      return <BackOutDialog scene={scene} onClose={onClose} />
    case 'note':
      return <NoteDialog scene={scene} onClose={onClose} />
    case 'exclude':
      return <ExcludeDialog scene={scene} onClose={onClose} />
    case 'deviate':
      return <DeviateDialog scene={scene} onClose={onClose} />
    case 'close':
      return <CloseDialog scene={scene} onClose={onClose} />
    case 'take-over':
      return <TakeOverDialog scene={scene} onClose={onClose} />
  }
}
