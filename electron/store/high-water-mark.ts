/**
 * The high-water mark: what the journal had come to, kept outside the data folder, so that a data folder that was cut or
 * put back from a copy is noticed. FORMAT.md section 10.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { originFolder } from '../../shared/journal/tiles.ts'
import { formatMark, parseMark } from '../../shared/journal/trust.ts'
import type { Mark } from '../../shared/journal/trust.ts'
import { makeFolderSync, writeFileDurablySync } from '../disk/durable-file.ts'

export function marksFolder(stateDir: string): string {
  return join(stateDir, 'marks')
}

/** @param origin `holdpoint/<uuid>/<incarnation>` */
export function markPath(stateDir: string, origin: string): string {
  return join(marksFolder(stateDir), `${originFolder(origin).replace('/', '-')}.json`)
}

/** @returns `missing` when there is none, `unreadable` when there is one that says nothing of this origin */
export function readMark(stateDir: string, origin: string): Mark | 'missing' | 'unreadable' {
  const path = markPath(stateDir, origin)
  if (!existsSync(path)) return 'missing'
  const mark = parseMark(readFileSync(path, 'utf8'))
  return mark?.origin === origin ? mark : 'unreadable'
}

const MARK_FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{8})\.json$/

/** All that are kept on this machine, by origin: of every console and incarnation that it ever had. */
export function readMarks(stateDir: string): ReadonlyMap<string, Mark | 'unreadable'> {
  const folder = marksFolder(stateDir)
  const marks = new Map<string, Mark | 'unreadable'>()
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const [, uuid, incarnation] = MARK_FILE.exec(name) ?? []
    if (uuid === undefined || incarnation === undefined) continue
    const origin = `holdpoint/${uuid}/${incarnation}`
    const mark = readMark(stateDir, origin)
    if (mark !== 'missing') marks.set(origin, mark)
  }
  return marks
}

/** Durable when it returns. */
export function writeMark(stateDir: string, mark: Mark): void {
  makeFolderSync(marksFolder(stateDir))
  writeFileDurablySync(markPath(stateDir, mark.origin), Buffer.from(formatMark(mark)))
}
