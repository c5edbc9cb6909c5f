/** One entry with its proof: what it says, its place in the chain, its bytes, and who signed it. */
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { showCount, showSize } from '../../../shared/text/quantity.ts'
import { utf8Of } from '../../../shared/journal/bytes.ts'
import { Commands } from '../../parts/commands.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { LoadingRows } from '../../parts/empty.tsx'
import { State } from '../../parts/glyph.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Panel } from '../../parts/panel.tsx'
import { problemTitle } from '../../parts/problem-words.ts'
import { ChainLinks } from './chain-links.tsx'
import { EntryFacts } from './entry-facts.tsx'
import styles from './entry-panel.module.css'
import { JsonText } from './json-text.tsx'
import type { Read } from './proof.ts'
import { Redacted } from './redacted.tsx'
import { actCommands, chainCommands } from './shell.ts'
import { SignatureLine, SignedText } from './signed-act.tsx'
import type { Shown } from './use-proof.ts'

export type EntryPanelHandle = { focus(): void }

export function EntryPanel(props: {
  readonly shown: Shown | null
  readonly zone: string
  /** Folder of the archive, where it has this entry. */
  readonly archive: string | null
  /** What the last verification found of it. */
  readonly problem: string | null
  readonly ref: Ref<EntryPanelHandle>
}) {
  const { shown } = props
  const scroller = useRef<HTMLDivElement>(null)
  useImperativeHandle(props.ref, () => ({ focus: () => scroller.current?.focus() }))
  useEffect(() => {
    scroller.current?.scrollTo(0, 0)
  }, [shown?.seq])
  const read = shown?.read ?? null
  return (
    <Panel
      title={shown === null ? 'Entry' : `Entry ${showCount(shown.seq)}`}
      note={read?.entry === null || read === null ? undefined : <span className={styles.type}>{read.entry.type}</span>}
      aside={
        read === null ? null : <CopyButton text={read.proof.header} word="Copy header" what="the header’s bytes" />
      }
      className={styles.panel}
    >
      <div className={styles.scroll} ref={scroller} tabIndex={0} role="region" aria-label="The entry and its proof">
        {shown === null ? <LoadingRows what="Reading the entry" rows={8} /> : null}
        {shown?.problem == null ? null : (
          <Notice state="failed" title="This entry could not be read" isAlert>
            {shown.problem}
          </Notice>
        )}
        {props.problem === null ? null : (
          <State state="failed">{problemTitle(props.problem)}: see the verification</State>
        )}
        {read === null ? null : <Body {...props} read={read} />}
      </div>
    </Panel>
  )
}

function Body(props: { readonly read: Read; readonly zone: string; readonly archive: string | null }) {
  const { read, archive } = props
  const { proof, header } = read
  const { signature } = proof
  return (
    <>
      {read.entry === null ? (
        <Notice state="failed" title="These bytes are no header" isAlert>
          They are shown as they are. Nothing in them is believed.
        </Notice>
      ) : (
        <EntryFacts entry={read.entry} clockStepMs={read.proof.clockStepMs} zone={props.zone} />
      )}
      <ChainLinks read={read} />
      {signature === null ? null : <SignatureLine signature={signature} publicKey={read.publicKey} />}
      <section aria-label="Header">
        <div className={styles.label}>
          <h3>Header, {sizeOf(proof.header)}, canonical; spaces added for reading</h3>
        </div>
        <JsonText text={proof.header} />
      </section>
      <section aria-label="Payload">
        <div className={styles.label}>
          <h3>{proof.payload === null ? 'Payload' : `Payload, ${sizeOf(proof.payload)}`}</h3>
          {read.payloadIsGood === null ? null : (
            <State state={read.payloadIsGood ? 'passed' : 'failed'}>
              {read.payloadIsGood ? 'as the header binds it' : 'not what the header binds'}
            </State>
          )}
          {proof.payload === null ? null : <CopyButton text={proof.payload} word="Copy" what="the payload’s bytes" />}
        </div>
        {proof.payload === null ? (
          <>
            <Redacted />
            <p className={styles.dim}>
              This text was dropped; header, chain, seal and signature hold without it. Verifying says whether an
              administrator signed for that.
            </p>
          </>
        ) : (
          <JsonText text={proof.payload} />
        )}
      </section>
      {signature === null ? null : <SignedText signature={signature} seq={proof.seq} />}
      <section aria-label="Without Holdpoint">
        <div className={styles.label}>
          <h3>Without Holdpoint</h3>
        </div>
        {signature === null ? null : (
          <Commands
            label="Commands that check the signature"
            proves={
              <>
                That <b>{signature.name}</b> signed exactly this. Take the key from them, or from the entry that
                enrolled them, rather than from here.
              </>
            }
            text={actCommands({ ...signature, seq: proof.seq, publicKey: read.publicKey })}
          />
        )}
        <Commands
          label="Commands that check the place in the chain"
          proves={
            archive === null
              ? 'That these bytes have this hash; the next entry names it as prev.'
              : 'That the archive has these bytes here, and the next entry names their hash.'
          }
          text={chainCommands({
            seq: proof.seq,
            header: proof.header,
            hash: proof.hash,
            hasNext: read.next !== null,
            archive: archive === null || header === null ? null : { path: archive, origin: header.origin },
          })}
        />
      </section>
    </>
  )
}

function sizeOf(text: string): string {
  return showSize(utf8Of(text).length)
}
