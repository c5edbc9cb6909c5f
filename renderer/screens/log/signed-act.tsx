/** The text a person signed, whether the signature fits it, and how to check that without this program. */
import type { EntryProof } from '../../../shared/api/log.ts'
import { Glyph } from '../../parts/glyph.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import styles from './entry-panel.module.css'

type Signature = NonNullable<EntryProof['signature']>

export function SignatureLine(props: { readonly signature: Signature; readonly publicKey: string | null }) {
  const { signature, publicKey } = props
  return (
    <section aria-label="Signature">
      <p className={styles.who}>
        <Glyph state={signature.isGood ? 'passed' : 'failed'} isLabelled />
        <span>
          {signature.isGood ? 'Signature good: ' : 'Signature BAD, it does not fit this text: '}
          <b>{signature.name}</b>, {publicKey?.split(' ')[0] ?? 'a key'} <code>{signature.key}</code>. Namespace{' '}
          <code>holdpoint-act</code>. Roles are asserted by whoever signs.
        </span>
      </p>
    </section>
  )
}

export function SignedText(props: { readonly signature: Signature; readonly seq: number }) {
  const { signature } = props
  return (
    <section aria-label="What was signed">
      <div className={styles.label}>
        <h3>What was signed, to the byte</h3>
        <CopyButton text={signature.text} word="Copy" what="the signed text" />
      </div>
      <div className={styles.signed}>{signature.text.trimEnd()}</div>
    </section>
  )
}
