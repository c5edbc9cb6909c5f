/** Ends the run for good, with its result. */
import { useState } from 'react'
import type { RunResult } from '../../../../shared/model/events.ts'
import { isOver } from '../../../../shared/run/rules.ts'
import { TextArea } from '../../../parts/field.tsx'
import { RESULT_WORDS } from '../../../parts/run-words.ts'
import type { RunScene } from '../scene.ts'
import { ActForm } from './act-form.tsx'
import { Choices } from './choices.tsx'

const MEANINGS: Readonly<Record<RunResult, string>> = {
  done: 'Every step passed or was skipped with a reason.',
  failed: 'It did not reach its aim, and was not wholly undone.',
  'backed-out': 'Everything that ran was undone.',
  abandoned: 'It ends with things open; nobody looked further.',
}

export function CloseDialog(props: { readonly scene: RunScene; readonly onClose: () => void }) {
  const { run } = props.scene
  const isOpen = !isOver(run)
  const [result, setResult] = useState<RunResult>(
    isOpen ? 'abandoned' : run.backingOut === null ? 'done' : 'backed-out',
  )
  const [reason, setReason] = useState('')
  const text = reason.trim()
  return (
    <ActForm
      scene={props.scene}
      title="Close the run"
      act={{ do: 'close', result, ...(text === '' ? {} : { reason: text }) }}
      missing={isOpen && text === '' ? 'Things are open: write the reason first.' : null}
      sign={`Sign and close as ${RESULT_WORDS[result]}`}
      isDanger={isOpen}
      scope={isOpen ? `close as ${RESULT_WORDS[result]}` : null}
      harmless="Keep it open"
      onClose={props.onClose}
    >
      <Choices
        label="Result"
        value={result}
        options={(Object.keys(MEANINGS) as RunResult[]).map((one) => ({
          value: one,
          title: `Close as ${RESULT_WORDS[one]}`,
          text: MEANINGS[one],
        }))}
        onChange={setResult}
      />
      <TextArea label={isOpen ? 'Reason, required' : 'Reason, if there is one'} value={reason} onChange={setReason} />
    </ActForm>
  )
}
