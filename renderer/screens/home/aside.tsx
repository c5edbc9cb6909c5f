/** Beside the changes: where the log is kept elsewhere, and the log's own size and seal. */
import type { ConsoleInfo, Status } from '../../../shared/api/console.ts'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { msOf, showClockInZone, showDay } from '../../../shared/text/time.ts'
import { archiveWords } from '../../parts/archive-words.ts'
import { Facts } from '../../parts/dialog.tsx'
import { State } from '../../parts/glyph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { localZone } from '../../parts/zone.ts'
import styles from './home.module.css'

export function ArchivePanel(props: { readonly status: Status }) {
  const { archive } = props.status
  return (
    <Panel
      title="Archive sync"
      aside={
        <a className={styles.dim} href="#/archive">
          Archive
        </a>
      }
    >
      <div className={styles.facts}>
        {archive.path === null ? (
          <p>No archive is set. The log is only on this machine; set a folder to keep a second, verified copy.</p>
        ) : (
          <Facts
            termWidth={56}
            rows={[
              { term: 'State', value: <ArchiveState status={props.status} /> },
              { term: 'Behind', value: showNumberOf(archive.behind, 'entry', 'entries') },
              { term: 'Folder', value: archive.path, isMono: true },
              {
                term: 'Receipt',
                value:
                  archive.receipt === null
                    ? 'none yet: nothing has been read back'
                    : `${showNumberOf(archive.receipt.size, 'entry', 'entries')} read back, ${when(archive.receipt.at)}`,
              },
              ...(archive.message === null ? [] : [{ term: 'Problem', value: archive.message }]),
            ]}
          />
        )}
      </div>
    </Panel>
  )
}

function ArchiveState(props: { readonly status: Status }) {
  const { state, word } = archiveWords(props.status.archive)
  return <State state={state}>{word}</State>
}

export function LogPanel(props: { readonly status: Status; readonly info: ConsoleInfo | null }) {
  const { log } = props.status
  return (
    <Panel
      title="Log"
      aside={
        <a className={styles.dim} href="#/log">
          Log
        </a>
      }
      className={styles.fill}
    >
      <div className={styles.facts}>
        <Facts
          termWidth={56}
          rows={[
            { term: 'Size', value: `${showCount(log.size)} entries` },
            {
              term: 'Seal',
              value: log.sealedAt === null ? 'none yet' : <State state="passed">signed {when(log.sealedAt)}</State>,
            },
            { term: 'Signs as', value: props.info?.operator?.name ?? 'nobody yet' },
            { term: 'Kept in', value: props.info?.dataDir ?? '', isMono: true },
          ]}
        />
      </div>
    </Panel>
  )
}

function when(at: string): string {
  const ms = msOf(at)
  const zone = localZone()
  return `${showDay(ms, zone).replace(/^\w+ | \d{4}$/g, '')}, ${showClockInZone(ms, zone)}`
}
