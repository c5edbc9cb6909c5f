/** What an entry says, for people: what happened, when it is claimed to have, by whom, and what they wrote. */
import type { Recorded } from '../../../shared/model/events.ts'
import { showDuration } from '../../../shared/text/duration.ts'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { msOf } from '../../../shared/text/time.ts'
import { Facts } from '../../parts/dialog.tsx'
import { State } from '../../parts/glyph.tsx'
import { writeRoute } from '../../store/route.ts'
import { aboutEntry } from './about.ts'
import styles from './entry-panel.module.css'
import { Redacted } from './redacted.tsx'
import { showMomentFine } from './times.ts'
import { typeMeaning } from './type-words.ts'

const WRITTEN: readonly (readonly [string, string])[] = [
  ['reason', 'Reason'],
  ['condition', 'Condition'],
  ['note', 'Note'],
  ['message', 'Message'],
  ['evidence', 'Evidence'],
  ['doneBy', 'Done by'],
]

export function EntryFacts(props: {
  readonly entry: Recorded
  readonly clockStepMs: number | null
  readonly zone: string
}) {
  const { entry, clockStepMs, zone } = props
  const { about } = aboutEntry(entry)
  const { run, by } = entry.data
  const occurredAt = entry.text?.['occurredAt']
  return (
    <section aria-label="What it says">
      <p className={styles.means}>{typeMeaning(entry.type)}.</p>
      <Facts
        termWidth={72}
        rows={[
          ...(about === '' ? [] : [{ term: 'About', value: about }]),
          {
            term: 'At',
            value: (
              <>
                {showMomentFine(msOf(entry.at), zone)}{' '}
                <span className={styles.dim}>claimed by the console’s clock</span>
              </>
            ),
          },
          ...(clockStepMs === null
            ? []
            : [{ term: 'Clock', value: <State state="warned">{clockWords(clockStepMs)}</State> }]),
          ...(typeof occurredAt === 'string' ? [{ term: 'Happened', value: momentOf(occurredAt, zone) }] : []),
          { term: 'By', value: entry.act === null ? byWords(by) : <Signer act={entry.act} /> },
          ...(entry.cause === null ? [] : [{ term: 'Cause', value: <CauseLink cause={entry.cause} /> }]),
          ...(typeof run === 'string' ? [{ term: 'Run', value: <RunLinks run={run} seq={entry.ref.seq} /> }] : []),
          ...WRITTEN.flatMap(([key, term]) => {
            const value = entry.text?.[key]
            return typeof value === 'string' && value !== '' ? [{ term, value }] : []
          }),
          ...blobRows(entry.text?.['blobs']),
          ...(entry.text === null ? [{ term: 'Written', value: <Redacted /> }] : []),
        ]}
      />
    </section>
  )
}

function clockWords(stepMs: number): string {
  return `set ${stepMs < 0 ? 'back' : 'forward'} by ${showDuration(Math.abs(stepMs))} since the entry before`
}

function byWords(by: unknown): string {
  if (by === 'person') return 'the console, on a person’s word'
  return by === 'policy' ? 'the console, by a rule of the runbook' : 'the console'
}

function Signer(props: { readonly act: NonNullable<Recorded['act']> }) {
  return (
    <>
      {props.act.name}
      {props.act.role === '' || props.act.role === 'null' ? (
        ''
      ) : (
        <span className={styles.dim}>, as {props.act.role} (asserted)</span>
      )}
    </>
  )
}

function CauseLink(props: { readonly cause: number | string }) {
  if (typeof props.cause === 'string') return <>{props.cause}, in another log</>
  return (
    <>
      <a className={styles.link} href={writeRoute({ page: 'log', seq: props.cause })}>
        Entry {showCount(props.cause)}
      </a>
      <span className={styles.dim}>, the act that authorised it</span>
    </>
  )
}

function RunLinks(props: { readonly run: string; readonly seq: number }) {
  return (
    <>
      <a className={styles.link} href={writeRoute({ page: 'run', run: props.run })}>
        {props.run}
      </a>
      <span className={styles.dim}>, </span>
      <a className={styles.link} href={writeRoute({ page: 'replay', run: props.run, seq: props.seq })}>
        replay at this entry
      </a>
    </>
  )
}

function momentOf(text: string, zone: string): string {
  try {
    return showMomentFine(msOf(text), zone)
  } catch {
    return text
  }
}

function blobRows(blobs: unknown): readonly { readonly term: string; readonly value: string }[] {
  if (!Array.isArray(blobs) || blobs.length === 0) return []
  const names = blobs.flatMap((blob: unknown) =>
    typeof blob === 'object' && blob !== null && 'name' in blob && typeof blob.name === 'string' ? [blob.name] : [],
  )
  return [{ term: 'Binds', value: `${showNumberOf(blobs.length, 'file')}: ${names.join(', ')}` }]
}
