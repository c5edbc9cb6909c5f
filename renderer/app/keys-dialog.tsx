/** All keys, on `?`. */
import { Button } from '../parts/button.tsx'
import { Dialog, DialogActs } from '../parts/dialog.tsx'
import { KeyGroups } from './key-groups.tsx'

export function KeysDialog(props: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" isOpen={props.isOpen} onClose={props.onClose} width={640}>
      <KeyGroups />
      <DialogActs>
        <Button onClick={props.onClose}>Close</Button>
      </DialogActs>
    </Dialog>
  )
}
