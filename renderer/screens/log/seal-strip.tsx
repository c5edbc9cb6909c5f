/** What is known of the log as a whole, box by box. A tick stands only where something was read and compared. */
import type { ArchiveStatus } from '../../../shared/api/archive.ts'
import type { ConsoleInfo, Status } from '../../../shared/api/console.ts'
import { showCount } from '../../../shared/text/quantity.ts'
import { msOf, showClockSeconds, zoneName } from '../../../shared/text/time.ts'
import { archiveWords } from '../../parts/archive-words.ts'
import { type Box, BoxStrip } from '../../parts/box-strip.tsx'
import { shortHash } from '../../parts/origin-words.ts'
import { isAboutActs, isAboutBlobs, isAboutMark } from '../../parts/problem-words.ts'
import type { Checked } from './checked.ts'
import { showShortDay } from './times.ts'
import type { BootMark } from './use-boot-mark.ts'

export function SealStrip(props: {
  readonly status: Status
  readonly info: ConsoleInfo | null
  readonly checked: Checked | null
  readonly acts: number | null
  readonly boot: BootMark | null
  readonly zone: string
}) {
  const { status, checked } = props
  const boxes: readonly Box[] = [
    { key: 'size', label: 'Size', state: null, value: showCount(status.log.size), note: 'entries', isNarrow: true },
    chain(props),
    {
      key: 'seal',
      label: status.log.sealedAt === null ? 'Log seal' : 'Log seal, signed',
      state: status.log.sealedAt === null ? 'waiting' : 'passed',
      value: status.log.sealedAt === null ? 'none yet' : clock(status.log.sealedAt, props.zone),
      note: (
        <span title={status.log.root}>
          root <code>{shortHash(status.log.root)}</code>
        </span>
      ),
    },
    mark(props),
    acts(checked, props.acts),
    output(checked),
    archive(status.archive, props.zone),
  ]
  return <BoxStrip label="Log seal" boxes={boxes} />
}

type Props = Parameters<typeof SealStrip>[0]

function chain({ info, status, checked, boot, zone }: Props): Box {
  const box = { key: 'chain', label: 'Chain' }
  if (checked !== null) {
    const broken =
      checked.own?.problems.filter(({ code }) => !isAboutActs(code) && !isAboutBlobs(code) && !isAboutMark(code)) ?? []
    const first = broken[0]
    const newer = status.log.size - checked.size
    if (first !== undefined)
      return {
        ...box,
        state: 'failed',
        value: 'not whole',
        note: first.seq === null ? first.code : `at entry ${showCount(first.seq)}`,
      }
    return {
      ...box,
      state: 'passed',
      value: 'whole',
      note: newer > 0 ? `${showCount(newer)} newer, not verified yet` : `verified ${clockOf(checked.atMs, zone)}`,
    }
  }
  if (info?.refusal != null) return { ...box, state: 'failed', value: 'broken', note: info.refusal.code }
  return {
    ...box,
    state: 'passed',
    value: 'whole',
    note: boot === null ? 'read at the start' : `read at the start, ${clock(boot.at, zone)}`,
  }
}

function mark({ checked, boot, zone }: Props): Box {
  const box = { key: 'mark', label: 'High-water mark' }
  const found = checked?.own?.problems.find(({ code }) => isAboutMark(code))
  if (found !== undefined)
    return {
      ...box,
      state: 'failed',
      value: found.code === 'mark-unreadable' ? 'unreadable' : 'behind it',
      note: found.message,
    }
  if (checked?.own?.mark === 'checked')
    return { ...box, state: 'passed', value: 'not behind', note: `compared ${clockOf(checked.atMs, zone)}` }
  if (checked?.own?.mark === 'missing')
    return { ...box, state: 'warned', value: 'missing', note: `looked for ${clockOf(checked.atMs, zone)}` }
  switch (boot?.mark) {
    case 'found':
      return { ...box, state: 'passed', value: 'not behind', note: `compared ${clock(boot.at, zone)}` }
    case 'new':
      return { ...box, state: 'passed', value: 'kept', note: `since the first start, ${clock(boot.at, zone)}` }
    case 'missing':
    case 'unreadable':
      return { ...box, state: 'warned', value: boot.mark, note: `at the start, kept since` }
    default:
      return { ...box, state: 'waiting', value: 'not known', note: 'Verify compares it' }
  }
}

function acts(checked: Checked | null, count: number | null): Box {
  const box = { key: 'acts', label: 'Acts' }
  if (checked === null) return { ...box, state: 'waiting', value: 'not verified', note: 'Verify checks each signature' }
  const bad = new Set(checked.own?.problems.filter(({ code }) => isAboutActs(code)).map(({ seq }) => seq))
  if (bad.size > 0)
    return {
      ...box,
      state: 'failed',
      value: `${showCount(bad.size)} not good`,
      note: count === null ? '' : `of ${showCount(count)}`,
    }
  return {
    ...box,
    state: 'passed',
    value: count === null ? 'all signed' : `${showCount(count)} of ${showCount(count)} signed`,
    note: 'by keys in force then',
  }
}

function output(checked: Checked | null): Box {
  const box = { key: 'output', label: 'Output and files', isMinor: true }
  if (checked === null) return { ...box, state: 'waiting', value: 'not verified', note: 'Verify reads every byte' }
  const bad = checked.own?.problems.filter(({ code }) => isAboutBlobs(code)) ?? []
  const seq = bad[0]?.seq
  if (bad.length > 0)
    return {
      ...box,
      state: 'failed',
      value: `${showCount(bad.length)} not good`,
      note: seq == null ? '' : bad.length === 1 ? `entry ${showCount(seq)}` : `first at entry ${showCount(seq)}`,
    }
  return { ...box, state: 'passed', value: 'as bound', note: 'every byte read' }
}

function archive(status: ArchiveStatus, zone: string): Box {
  const box = { key: 'archive', label: 'Archive' }
  const { receipt } = status
  const note =
    receipt === null ? 'nothing read back yet' : `read back to ${showCount(receipt.size)}, ${clock(receipt.at, zone)}`
  const { state, word } = archiveWords(status)
  return { ...box, state, value: word, note: status.path === null ? <a href="#/archive">set a folder</a> : note }
}

/** `06:48:55 CET`; with its day where that is not today. */
function clock(at: string, zone: string): string {
  return clockOf(msOf(at), zone)
}

function clockOf(ms: number, zone: string): string {
  const day = showShortDay(ms, zone)
  const clockTime = `${showClockSeconds(ms, zone)} ${zoneName(ms, zone)}`
  return day === showShortDay(Date.now(), zone) ? clockTime : `${day} ${clockTime}`
}
