/** The cockpit's top bar: which kind of run, how it stands, what is asked, and the acts that are always possible. */
import { Menu } from '@mantine/core'
import { IconArrowBackUp, IconDots, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { counts, runPhase } from '../../../shared/run/shown.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { State } from '../../parts/glyph.tsx'
import { Grow, Rule, TopBar } from '../../parts/page.tsx'
import { loudCounts, runState, runStateWord } from '../../parts/run-words.ts'
import { STATE_WORDS } from '../../parts/states.ts'
import { ModeTag, Tag } from '../../parts/tag.tsx'
import { writeRoute } from '../../store/route.ts'
import type { RunMirror } from '../../store/runs.ts'
import type { OpenAct } from './acts/act-dialogs.tsx'
import menu from './menu.module.css'
import type { RunScene } from './scene.ts'
import styles from './run.module.css'

const MORE: readonly { readonly act: OpenAct; readonly text: string }[] = [
  { act: 'note', text: 'Note…' },
  { act: 'exclude', text: 'Exclude a host…' },
  { act: 'deviate', text: 'Record a deviation…' },
  { act: 'close', text: 'Close the run…' },
]

export function RunTopBar(props: {
  readonly scene: RunScene
  readonly mirror: RunMirror
  readonly asked: number
  readonly onAct: (act: OpenAct) => void
  readonly onSecrets: () => void
}) {
  const { run, words } = props.scene
  const phased = { phase: runPhase(run), result: run.result }
  const word = runStateWord(phased)
  return (
    <TopBar
      title={words.title}
      before={<ModeTag mode={run.mode} isPractice={run.isPractice} />}
      note={<span className={styles.wide}>{[words.ticket, run.id].filter(Boolean).join(', ')}</span>}
    >
      <Rule />
      <State state={runState(phased)}>{word.charAt(0).toUpperCase() + word.slice(1)}</State>
      {props.asked === 0 ? null : <Tag state="ready">{showNumberOf(props.asked, 'answer asked', 'answers asked')}</Tag>}
      {loudCounts(counts(run)).map(({ state, count }) => (
        <Tag key={state} state={state}>
          {count} {STATE_WORDS[state]}
        </Tag>
      ))}
      {props.mirror.secrets.length === 0 || run.phase === 'closed' ? null : (
        <Button size="small" onClick={props.onSecrets}>
          {showNumberOf(props.mirror.secrets.length, 'secret')} needed…
        </Button>
      )}
      <Grow />
      <span className={styles.lead}>Lead {words.owner}</span>
      {props.scene.isElsewhere ? null : <Rule />}
      {run.phase === 'closed' ? <Closed id={run.id} /> : props.scene.isElsewhere ? null : <Acts {...props} />}
    </TopBar>
  )
}

function Closed(props: { readonly id: string }) {
  return (
    <>
      <ButtonLink look="ink" href={writeRoute({ page: 'replay', run: props.id, seq: null })}>
        Replay
      </ButtonLink>
    </>
  )
}

function Acts(props: { readonly scene: RunScene; readonly onAct: (act: OpenAct) => void }) {
  const { run } = props.scene
  const isHeld = run.held !== null
  return (
    <>
      <Menu
        position="bottom-end"
        width={200}
        classNames={{ dropdown: menu.dropdown ?? '', item: menu.item ?? '' }}
        transitionProps={{ duration: 0 }}
        returnFocus
      >
        <Menu.Target>
          <button type="button" className={menu.target} aria-label="More acts">
            <IconDots size={16} stroke={1.25} aria-hidden="true" />
            <span>More</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown aria-label="More acts">
          {MORE.map((one) => (
            <Menu.Item key={one.act} onClick={() => props.onAct(one.act)}>
              {one.text}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {run.phase !== 'running' ? null : isHeld ? (
        <Button icon={<IconPlayerPlay size={16} stroke={1.25} />} onClick={() => props.onAct('resume')}>
          Resume
        </Button>
      ) : (
        <Button icon={<IconPlayerPause size={16} stroke={1.25} />} onClick={() => props.onAct('hold')}>
          Hold
        </Button>
      )}
      {run.phase !== 'running' ? null : (
        <Button
          look="danger"
          isOff={run.noReturn !== null || run.backingOut !== null}
          icon={<IconArrowBackUp size={16} stroke={1.25} />}
          onClick={() => props.onAct('back-out')}
        >
          {run.noReturn !== null ? 'Back out: past no return' : run.backingOut !== null ? 'Backing out' : 'Back out…'}
        </Button>
      )}
    </>
  )
}
