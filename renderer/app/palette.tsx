/** The command palette: pages, runs, runbooks and commands, found by typing. */
import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { runStateWord } from '../parts/run-words.ts'
import { useConsole } from '../store/console.ts'
import { go } from '../store/route.ts'
import { PAGES } from './pages.ts'
import styles from './palette.module.css'

export function Palette(props: { readonly onShowKeys: () => void }) {
  const status = useConsole((state) => state.status)
  const runbooks = useConsole((state) => state.runbooks)
  const { setColorScheme } = useMantineColorScheme()
  const runs = (status?.runs ?? []).flatMap((run): SpotlightActionData[] => [
    {
      id: `run-${run.run}`,
      label: run.title,
      description: `Open the run ${run.run}, ${run.mode}, ${runStateWord(run)}`,
      onClick: () => go({ page: 'run', run: run.run }),
    },
    {
      id: `replay-${run.run}`,
      label: `Replay ${run.title}`,
      description: `Replay the run ${run.run}, ${run.mode}`,
      onClick: () => go({ page: 'replay', run: run.run, seq: null }),
    },
  ])
  const actions: SpotlightActionGroupData[] = [
    { group: 'Runs', actions: runs },
    {
      group: 'Runbooks',
      actions: (runbooks ?? []).map((book) => ({
        id: `runbook-${book.id}`,
        label: book.title,
        description: book.isSample ? 'Sample runbook' : book.path,
        onClick: () => go({ page: 'runbook', id: book.id }),
      })),
    },
    {
      group: 'Pages',
      actions: PAGES.map((entry) => ({ id: `page-${entry.page}`, label: entry.word, onClick: () => go(entry.route) })),
    },
    {
      group: 'Commands',
      actions: [
        { id: 'keys', label: 'Show keys', onClick: props.onShowKeys },
        { id: 'light', label: 'Theme: light', onClick: () => setColorScheme('light') },
        { id: 'dark', label: 'Theme: dark', onClick: () => setColorScheme('dark') },
        { id: 'system', label: 'Theme: as the system', onClick: () => setColorScheme('auto') },
      ],
    },
  ]
  return (
    <Spotlight
      actions={actions.filter((group) => group.actions.length > 0)}
      shortcut="mod + K"
      nothingFound="Nothing has that name"
      highlightQuery={false}
      limit={40}
      maxHeight={420}
      scrollable
      size={600}
      yOffset={72}
      overlayProps={{ blur: 0 }}
      attributes={{ content: { 'aria-label': 'Find a page, run, runbook or command' } }}
      transitionProps={{ duration: 0 }}
      searchProps={{
        placeholder: 'Page, run, runbook or command',
        'aria-label': 'Find a page, run, runbook or command',
      }}
      classNames={{
        content: styles.content,
        overlay: styles.scrim,
        actionsList: styles.list,
        search: styles.search,
        action: styles.action,
        actionLabel: styles.label,
        actionDescription: styles.description,
        actionsGroup: styles.group,
        empty: styles.empty,
      }}
    />
  )
}
