/** The rail: every page by icon and word, and the theme. */
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconCircleHalf2 } from '@tabler/icons-react'
import { Mark } from '../parts/mark.tsx'
import { useRoute, writeRoute } from '../store/route.ts'
import styles from './frame.module.css'
import { PAGES } from './pages.ts'

export function Rail() {
  const page = useRoute((state) => state.route.page)
  const { setColorScheme } = useMantineColorScheme()
  const shown = useComputedColorScheme('light')
  const other = shown === 'dark' ? 'light' : 'dark'
  return (
    <nav className={styles.rail} aria-label="Pages">
      <a className={styles.mark} href="#/" aria-label="Holdpoint, changes">
        <Mark size={24} />
      </a>
      {PAGES.map((entry) => (
        <a
          key={entry.page}
          href={writeRoute(entry.route)}
          aria-current={entry.page === page ? 'page' : undefined}
          className={styles.page}
        >
          <entry.icon size={16} stroke={1.25} aria-hidden="true" />
          <span>{entry.word}</span>
        </a>
      ))}
      <button
        type="button"
        className={styles.theme}
        onClick={() => setColorScheme(other)}
        aria-label={`Theme: change to ${other}`}
      >
        <IconCircleHalf2 size={16} stroke={1.25} aria-hidden="true" />
        <span>Theme</span>
      </button>
    </nav>
  )
}
