/** The frame that stands on every page: rail, notices, the page itself, status bar, palette and keys. */
import { type ReactNode, useEffect, useState } from 'react'
import { useKeys } from '../parts/keys.ts'
import { go } from '../store/route.ts'
import { AskedDialog } from './asked-dialog.tsx'
import { ConsoleNotices } from './console-notices.tsx'
import styles from './frame.module.css'
import { KeysDialog } from './keys-dialog.tsx'
import { useAskBeforeLeaving } from './leaving.ts'
import { PAGES } from './pages.ts'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'
import { StatusBar } from './status-bar.tsx'

const SECOND_KEY_WITHIN_MS = 1500

export function Frame(props: { readonly children: ReactNode }) {
  useAskBeforeLeaving()
  const [areKeysShown, showKeys] = useState(false)
  const [isGoing, setGoing] = useState(false)
  useEffect(() => {
    if (!isGoing) return
    const patience = setTimeout(() => setGoing(false), SECOND_KEY_WITHIN_MS)
    return () => clearTimeout(patience)
  }, [isGoing])
  const pageKeys = Object.fromEntries(
    PAGES.map((entry) => [
      entry.key,
      () => {
        setGoing(false)
        go(entry.route)
      },
    ]),
  )
  useKeys({ '?': () => showKeys(true), g: () => setGoing(true), ...(isGoing ? pageKeys : {}) })
  return (
    <div className={styles.frame}>
      <Rail />
      <main className={styles.main}>
        <ConsoleNotices />
        {props.children}
      </main>
      <StatusBar onShowKeys={() => showKeys(true)} />
      <Palette onShowKeys={() => showKeys(true)} />
      <AskedDialog />
      <KeysDialog isOpen={areKeysShown} onClose={() => showKeys(false)} />
    </div>
  )
}
