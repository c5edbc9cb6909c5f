/** The status bar: the log and its seal, the archive, hosts, and the keys that work everywhere. */
import { spotlight } from '@mantine/spotlight'
import type { ArchiveStatus } from '../../shared/api/archive.ts'
import { showCount, showNumberOf } from '../../shared/text/quantity.ts'
import { msOf, showClockSeconds, zoneName } from '../../shared/text/time.ts'
import { foundWords } from '../parts/archive-words.ts'
import { classes } from '../parts/classes.ts'
import { Glyph, stateClass } from '../parts/glyph.tsx'
import { localZone } from '../parts/zone.ts'
import { useConsole } from '../store/console.ts'
import { answerOf, useJobs } from '../store/jobs.ts'
import styles from './frame.module.css'

export function StatusBar(props: { readonly onShowKeys: () => void }) {
  const status = useConsole((state) => state.status)
  const info = useConsole((state) => state.info)
  return (
    <footer className={styles.status}>
      {status === null ? (
        <span>Waiting for the console</span>
      ) : (
        <>
          <a href="#/log">
            <b>Log</b> {showNumberOf(status.log.size, 'entry', 'entries')}
            {status.log.sealedAt === null ? '' : `, ${sealedWords(msOf(status.log.sealedAt))}`}
          </a>
          <a href="#/archive">
            <ArchiveWord archive={status.archive} />
          </a>
          <Hosts connected={status.hosts.connected} total={status.hosts.total} lost={status.hosts.lost} />
        </>
      )}
      <span className={styles.grow} />
      <button type="button" onClick={props.onShowKeys}>
        <kbd>?</kbd> keys
      </button>
      <button type="button" onClick={() => spotlight.open()}>
        <kbd>Ctrl</kbd>
        <kbd>K</kbd> commands
      </button>
      {info === null ? null : <span className={styles.wide}>Holdpoint {info.version}</span>}
    </footer>
  )
}

/** With its zone: a run beside it may be shown in another. */
function sealedWords(ms: number): string {
  const zone = localZone()
  return `sealed ${showClockSeconds(ms, zone)} ${zoneName(ms, zone)}`
}

function ArchiveWord(props: { readonly archive: ArchiveStatus }) {
  const { archive } = props
  const found = useJobs((state) => answerOf(state['archive.verify'].ended))
  if (archive.state !== 'failed' && foundWords(archive, found).state === 'failed')
    return (
      <span className={classes(styles.bad, stateClass('failed'))}>
        <Glyph state="failed" size={10} /> Archive has problems
      </span>
    )
  switch (archive.state) {
    case 'none':
      return (
        <>
          <b>Archive</b> not set
        </>
      )
    case 'failed':
      return (
        <span className={classes(styles.bad, stateClass('failed'))}>
          <Glyph state="failed" size={10} /> Archive: {showNumberOf(archive.behind, 'entry', 'entries')} behind
        </span>
      )
    case 'sending':
    case 'idle':
      return (
        <>
          <b>Archive</b>{' '}
          {archive.state === 'sending'
            ? `sending, ${showCount(archive.behind)} behind`
            : archive.behind === 0
              ? 'has everything'
              : `${showNumberOf(archive.behind, 'entry', 'entries')} behind`}
        </>
      )
  }
}

function Hosts(props: { readonly connected: number; readonly total: number; readonly lost: readonly string[] }) {
  if (props.total === 0) return null
  const text = `${props.connected} of ${showNumberOf(props.total, 'host')} connected`
  if (props.lost.length === 0) return <span>{text}</span>
  const named = props.lost.slice(0, 3).join(', ')
  return (
    <span className={classes(styles.bad, stateClass('unknown'))}>
      <Glyph state="unknown" size={10} /> {text}, lost {named}
      {props.lost.length > 3 ? ` and ${props.lost.length - 3} more` : ''}
    </span>
  )
}
