/** One runbook, opened: list, text and check show the same step, whichever of them was touched. */
import { IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { OpenRunbook } from '../../../shared/api/runbooks.ts'
import { isRefusal } from '../../../shared/model/commands.ts'
import { showNumberOf } from '../../../shared/text/quantity.ts'
import { Button } from '../../parts/button.tsx'
import { State } from '../../parts/glyph.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Problem } from '../../parts/notice.tsx'
import { Grow, Rule, TopBar } from '../../parts/page.tsx'
import { Tag } from '../../parts/tag.tsx'
import { ask } from '../../store/connection.ts'
import { loadRunbooks } from '../../store/console.ts'
import { CheckPanel } from './check-panel.tsx'
import { PlanDialog } from './plan-dialog.tsx'
import styles from './runbook.module.css'
import { StepDetail } from './step-detail.tsx'
import { StepList } from './step-list.tsx'
import { TextPanel } from './text-panel.tsx'

export function OpenedRunbook(props: { readonly book: OpenRunbook; readonly onChecked: (book: OpenRunbook) => void }) {
  const { book } = props
  const { summary } = book
  const [chosen, setChosen] = useState<string | null>(book.steps[0]?.id ?? null)
  const [line, setLine] = useState(book.faults[0]?.line ?? 1)
  const [isPlanning, setPlanning] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const chooseStep = (id: string): void => {
    setChosen(id)
    setLine(book.steps.find((step) => step.id === id)?.line ?? 1)
  }
  const chooseLine = (at: number): void => {
    setLine(at)
    setChosen(stepAtLine(book, at))
  }
  const move = (by: number): void => {
    const next = book.steps[book.steps.findIndex((step) => step.id === chosen) + by]
    if (next !== undefined) chooseStep(next.id)
  }
  const checkAgain = async (): Promise<void> => {
    const answer = await ask((client) => client.runbooks.open({ id: summary.id }))
    if (isRefusal(answer)) setProblem(answer.message)
    else {
      setProblem(null)
      props.onChecked(answer)
      await loadRunbooks()
    }
  }
  useKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    p: () => (summary.faults === 0 ? setPlanning(true) : undefined),
  })

  return (
    <>
      <TopBar title={summary.title}>
        {summary.version === null ? null : <Tag>version {summary.version.slice(0, 8)}</Tag>}
        <Rule />
        {summary.faults > 0 ? <State state="failed">{showNumberOf(summary.faults, 'fault')}</State> : null}
        {summary.warnings > 0 ? <State state="warned">{showNumberOf(summary.warnings, 'warning')}</State> : null}
        {summary.faults + summary.warnings === 0 ? <State state="passed">no fault</State> : null}
        <span className={styles.dim}>checked in {book.checkedInMs} ms</span>
        <Grow />
        <Problem message={problem} />
        <Button look="quiet" icon={<IconRefresh size={16} stroke={1.25} />} onClick={() => void checkAgain()}>
          Read and check again
        </Button>
        <Button
          look="ink"
          icon={<IconPlayerPlay size={16} stroke={1.25} />}
          isOff={summary.faults > 0}
          keys="P"
          onClick={() => setPlanning(true)}
        >
          {summary.faults > 0 ? `Plan a run: ${showNumberOf(summary.faults, 'fault')} first` : 'Plan a run…'}
        </Button>
      </TopBar>
      <div className={styles.body}>
        <StepList book={book} chosen={chosen} onChoose={chooseStep} />
        <div className={styles.middle}>
          <TextPanel book={book} line={line} chosen={chosen} onChoose={chooseLine} />
          <CheckPanel faults={book.faults} line={line} onChoose={chooseLine} />
        </div>
        <StepDetail book={book} chosen={chosen} />
      </div>
      <PlanDialog book={book} isOpen={isPlanning} onClose={() => setPlanning(false)} />
    </>
  )
}

function stepAtLine(book: OpenRunbook, line: number): string | null {
  return book.steps.toSorted((a, b) => b.line - a.line).find((step) => step.line <= line)?.id ?? null
}
