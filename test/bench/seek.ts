/** The state of a run at any entry of a long journal: from the store, as the command line does, and as the replay page does. */
import { historyOf } from '../../renderer/screens/replay/history.ts'
import { openReader } from '../../electron/store/open-reader.ts'
import { asRunEvent, type RecordedRunEvent } from '../../shared/model/events.ts'
import { stateAt } from '../../shared/replay/replay.ts'
import { longJournal } from './long-journal.ts'
import { quantile, reported, type Row, type Size, timed } from './measure.ts'

export async function seek(size: Size): Promise<readonly Row[]> {
  await using journal = await longJournal(size.count(100_000))
  using reader = openReader({ dataDir: journal.dataDir })
  const { run, firstSeq } = journal
  const places = spread(firstSeq, journal.size)
  const read = (to: number) => reader.read({ from: 0, to, run })
  // What is looked up in a journal is made at its opening.
  read(firstSeq + 1)

  const fromStore: number[] = []
  for (const seq of places(size.count(40))) {
    const ms = await timed(() => {
      const events = read(seq + 1)
        .map(asRunEvent)
        .filter((event): event is RecordedRunEvent => event !== null)
      if (stateAt(events, { seq })?.ref.seq !== seq) throw new Error(`no state at ${seq}`)
    })
    fromStore.push(ms)
  }

  const began = performance.now()
  const history = historyOf(read(journal.size))
  history.at(history.entries.length - 1)
  const loadMs = performance.now() - began
  const onPage: number[] = []
  for (const seq of places(size.count(400))) {
    onPage.push(await timed(() => history.at(seq - firstSeq)))
    if (history.at(seq - firstSeq).run?.lastRef.seq !== seq) throw new Error(`no state at ${seq}`)
  }
  const what = `a journal of ${journal.size.toLocaleString('en')} entries, all but ${firstSeq} of one run of 200 steps on 50 hosts`
  return [
    reported(
      {
        name: 'seek from the store, p95',
        unit: 'ms',
        ourWork: `${what}: read the run to an entry taken at random from the open database (each payload checked against its header), fold state and words to it; nothing is kept between two seeks; ${fromStore.length} seeks, median ${quantile(fromStore, 0.5).toFixed(0)} ms`,
      },
      [quantile(fromStore, 0.95)],
    ),
    reported(
      {
        name: 'seek on the replay page, p95',
        unit: 'ms',
        ourWork: `the same run as the replay page keeps it, with a snapshot each hundred entries: state and words at an entry taken at random; ${onPage.length} seeks; loading the run from the store and folding it once before that took ${loadMs.toFixed(0)} ms`,
      },
      [quantile(onPage, 0.95)],
    ),
  ]
}

/** Numbers that are the same in each run, and in no order. */
function spread(from: number, to: number): (count: number) => readonly number[] {
  return (count) =>
    Array.from({ length: count }, (_, index) => from + (((index + 1) * 0.618_034) % 1) * (to - from)).map(Math.floor)
}
