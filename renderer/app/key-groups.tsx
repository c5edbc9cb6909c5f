/** All keys, by where they work: the dialog on `?` and the settings show the same. */
import { Keys } from '../parts/button.tsx'
import styles from './keys-dialog.module.css'
import unseen from '../parts/spoken.module.css'
import { PAGES } from './pages.ts'

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['?', 'Show these keys'],
      ['Ctrl K', 'Find a page, a run or a command'],
      ...PAGES.map((entry) => [`G ${entry.key.toUpperCase()}`, entry.word] as const),
    ],
  },
  {
    title: 'Run',
    keys: [
      ['↑ ↓', 'Step above, step below'],
      ['← →', 'Host to the left, to the right'],
      ['Enter', 'Open the chosen step or host'],
      ['1–9', 'Choose an answer'],
      ['Ctrl Enter', 'Sign the chosen answer'],
      ['N', 'Next question'],
      ['H', 'Hold or resume'],
      ['F', 'Follow the output'],
      ['Esc', 'Give the choice back'],
    ],
  },
  {
    title: 'Replay',
    keys: [
      ['← →', 'Entry before, entry after'],
      ['[ ]', 'Decision before, decision after'],
      ['Home End', 'First entry, last entry'],
    ],
  },
  {
    title: 'Log',
    keys: [
      ['/', 'Find'],
      ['↑ ↓', 'Entry above, entry below'],
      ['Home End', 'Newest entry, oldest entry'],
      ['Enter', 'Into the entry'],
      ['N', 'Show newer entries'],
      ['V', 'Verify the log'],
      ['Esc', 'Put the entry away'],
    ],
  },
  {
    title: 'Archive',
    keys: [
      ['Y', 'Sync now'],
      ['V', 'Verify the archive'],
    ],
  },
]

export function KeyGroups() {
  return (
    <div className={styles.groups}>
      {GROUPS.map((group) => (
        <section key={group.title} aria-label={`Keys: ${group.title}`}>
          <h3>{group.title}</h3>
          <dl>
            {group.keys.map(([keys, what]) => (
              <div key={keys}>
                <dt>
                  <Keys keys={keys} />
                  <span className={unseen.spoken}>{keys}</span>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}
