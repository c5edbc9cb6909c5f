/** Where this console keeps what it knows, and what lies elsewhere on purpose. */
import type { ConsoleInfo } from '../../../shared/api/console.ts'
import { Commands } from '../../parts/commands.tsx'
import { Facts } from '../../parts/dialog.tsx'
import { Panel } from '../../parts/panel.tsx'
import { quoted } from '../../parts/shell-words.ts'
import styles from './settings.module.css'

export function DataPanel(props: { readonly info: ConsoleInfo }) {
  const { info } = props
  return (
    <Panel title="Data">
      <div className={styles.inside}>
        <Facts
          termWidth={88}
          rows={[
            { term: 'Data folder', value: info.dataDir, isMono: true },
            { term: 'Console', value: info.origin ?? 'no log is open', isMono: true },
            {
              term: 'Hosts',
              value: info.isPractice
                ? 'practice hosts on this machine: app1, app2, db1'
                : 'those that each runbook’s hosts.yaml names',
            },
          ]}
        />
        <p className={styles.note}>
          Log, output, known hosts and this console’s keys are in the data folder. It is on a local disk, and nothing in
          it is sent anywhere but to hosts and to the archive.
        </p>
        <h3>High-water marks</h3>
        <p className={styles.note}>
          How far the log had come is kept outside that folder on purpose: a data folder that is put back from an older
          copy does not bring its mark along, and is noticed. The marks are in HOLDPOINT_STATE where that is set, else
          in
        </p>
        <Facts
          termWidth={88}
          rows={[
            { term: 'Linux', value: '$XDG_STATE_HOME/holdpoint, usually ~/.local/state/holdpoint', isMono: true },
            { term: 'macOS', value: '~/Library/Application Support/Holdpoint State', isMono: true },
            { term: 'Windows', value: '%LOCALAPPDATA%\\Holdpoint State', isMono: true },
          ]}
        />
        <h3>Another window</h3>
        <Commands
          label="Command for a new link"
          proves="A link to this page is good for one use. For another browser on this machine, ask the console for a new one:"
          text={`holdpoint open --data ${quoted(info.dataDir)}\n`}
        />
      </div>
    </Panel>
  )
}
