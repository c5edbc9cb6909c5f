/** gate: who has to approve, who has, and with whose key. */
import { useState } from 'react'
import { stepAt } from '../../../../shared/run/lookup.ts'
import { tally } from '../../../../shared/run/kinds/gate.ts'
import { Button } from '../../../parts/button.tsx'
import { Glyph } from '../../../parts/glyph.tsx'
import { Markdown } from '../../../parts/markdown.tsx'
import type { BodyProps } from '../decision/body-props.ts'
import { ApproveDialog } from './approve-dialog.tsx'
import type { KindView } from './kind-view.ts'
import styles from './kinds.module.css'

export const gate: KindView = { facts: () => [], Body: GateBody }

function GateBody({ scene, question }: BodyProps) {
  const [role, setRole] = useState<string | null>(null)
  const plan = question.step === null ? undefined : stepAt(scene.run, question.step)
  if (plan === undefined || question.kind !== 'gate') return null
  const roles = tally(scene.run, plan)
  const instructions = scene.words.steps[plan.id]?.instructions
  return (
    <>
      {instructions === undefined ? null : (
        <section aria-label="Instructions" className={styles.instructions}>
          <Markdown text={instructions} />
        </section>
      )}
      {roles.length === 0 ? null : (
        <ul className={styles.roles} aria-label="Approvals">
          {roles.map((one) => (
            <li key={one.role}>
              <Glyph state={one.refused > 0 ? 'failed' : one.given >= one.needed ? 'passed' : 'waiting'} />
              <span>
                {one.role}
                <span>
                  {one.given} of {one.needed} approved{one.refused > 0 ? `, ${one.refused} refused` : ''}
                </span>
              </span>
              <Button size="small" onClick={() => setRole(one.role)} label={`Approve or refuse as ${one.role}`}>
                {one.given >= one.needed ? 'Change…' : 'Approve…'}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {roles.every((one) => one.given >= one.needed) ? null : (
        <p className={styles.note}>Go is offered when all of these have approved.</p>
      )}
      {role === null ? null : <ApproveDialog scene={scene} gate={plan.id} role={role} onClose={() => setRole(null)} />}
    </>
  )
}
