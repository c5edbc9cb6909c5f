/** Settings: who signs here, where data lies, how the screens look, the keys, and what this is. */
import { useMantineColorScheme } from '@mantine/core'
import { KeyGroups } from '../../app/key-groups.tsx'
import { LoadingRows } from '../../parts/empty.tsx'
import { TopBar } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Seg } from '../../parts/seg.tsx'
import { useConsole } from '../../store/console.ts'
import { AboutPanel } from './about-panel.tsx'
import { DataPanel } from './data-panel.tsx'
import { OperatorPanel } from './operator-panel.tsx'
import styles from './settings.module.css'

const THEMES = [
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
  { value: 'auto', text: 'As the system' },
] as const

export function Settings() {
  const info = useConsole((state) => state.info)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <>
      <TopBar title="Settings" />
      {info === null ? (
        <div className={styles.side}>
          <LoadingRows what="Asking the console" rows={10} height={32} />
        </div>
      ) : (
        <div className={styles.body}>
          <div className={styles.side} tabIndex={0} role="region" aria-label="Settings of this console">
            <OperatorPanel operator={info.operator} />
            <DataPanel info={info} />
            <AboutPanel version={info.version} />
          </div>
          <div className={styles.side} tabIndex={0} role="region" aria-label="Screens and keys">
            <Panel title="Appearance" note="of this browser or window">
              <div className={styles.inside}>
                <div>
                  <Seg label="Theme" value={colorScheme} options={THEMES} onChange={setColorScheme} />
                </div>
              </div>
            </Panel>
            <Panel title="Keys" note="in a page of its own with ?">
              <div className={styles.inside}>
                <KeyGroups />
              </div>
            </Panel>
          </div>
        </div>
      )}
    </>
  )
}
