/** Settings: who signs here, where data lies, how the screens look, what this is. */
import { useMantineColorScheme } from '@mantine/core'
import { Facts } from '../../parts/dialog.tsx'
import { State } from '../../parts/glyph.tsx'
import { TopBar } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Seg } from '../../parts/seg.tsx'
import { useConsole } from '../../store/console.ts'
import styles from './settings.module.css'

export function Settings() {
  const info = useConsole((state) => state.info)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  if (info === null) return <TopBar title="Settings" />
  const { operator } = info
  return (
    <>
      <TopBar title="Settings" />
      <div className={styles.page}>
        <Panel title="Operator">
          <div className={styles.inside}>
            {operator === null ? (
              <p>Nobody yet.</p>
            ) : (
              <Facts
                termWidth={96}
                rows={[
                  { term: 'Name', value: operator.name },
                  { term: 'Key', value: operator.key, isMono: true },
                  { term: 'Kept in', value: operator.source === 'agent' ? 'ssh-agent' : 'a key file' },
                  {
                    term: 'State',
                    value: operator.isUnlocked ? (
                      <State state="passed">unlocked, can sign</State>
                    ) : (
                      <State state="warned">locked: everything can be read, nothing signed</State>
                    ),
                  },
                ]}
              />
            )}
          </div>
        </Panel>
        <Panel title="Appearance">
          <div className={styles.inside}>
            <Seg
              label="Theme"
              value={colorScheme}
              options={[
                { value: 'light', text: 'Light' },
                { value: 'dark', text: 'Dark' },
                { value: 'auto', text: 'As the system' },
              ]}
              onChange={setColorScheme}
            />
          </div>
        </Panel>
        <Panel title="Data">
          <div className={styles.inside}>
            <Facts
              termWidth={96}
              rows={[
                { term: 'Folder', value: info.dataDir, isMono: true },
                { term: 'Console', value: info.origin ?? 'no log yet', isMono: true },
                {
                  term: 'Hosts',
                  value: info.isPractice
                    ? 'practice hosts on this machine: app1, app2, db1'
                    : 'those of each runbook’s hosts.yaml',
                },
              ]}
            />
            <p className={styles.note}>
              Everything is in this folder, and works without a network. Nothing is sent anywhere but to hosts and to
              the archive.
            </p>
          </div>
        </Panel>
        <Panel title="About">
          <div className={styles.inside}>
            <Facts
              termWidth={96}
              rows={[
                { term: 'Holdpoint', value: info.version },
                { term: 'Licence', value: 'Apache-2.0' },
                {
                  term: 'Check it',
                  value: 'resources/verify/verify.py verifies a log or an archive without Holdpoint',
                },
              ]}
            />
          </div>
        </Panel>
      </div>
    </>
  )
}
