/** The rows as a table for people, with what was compared below it. */
import { figure, type Row } from './measure.ts'

export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    shown(row.ours?.median, row.unit),
    shown(row.theirs?.median, row.unit),
    row.ratio === null ? '' : `${figure(row.ratio)}${spreadOf(row)}`,
    targetOf(row),
    row.verdict,
  ])
  const heads = ['', 'ours', 'theirs', 'ratio (of single rounds)', 'target', '']
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((cell) => cell[column]?.length ?? 0)))
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) =>
        column === 0 || column === 5 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [line(heads), ...cells.map(line)].join('\n')
}

export function detailsOf(rows: readonly Row[]): string {
  return rows
    .map((row) =>
      [
        row.name,
        ...(row.ourWork === '' ? [] : [`  ours:   ${row.ourWork}`]),
        ...(row.theirWork === null ? [] : [`  theirs: ${row.theirWork}`]),
        ...row.notes.map((note) => `  note:   ${note}`),
      ].join('\n'),
    )
    .join('\n')
}

function targetOf({ target }: Row): string {
  if (target === null) return ''
  return 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`
}

function spreadOf({ spread }: Row): string {
  return spread === null ? '' : ` (${figure(spread[0])}–${figure(spread[1])})`
}

function shown(value: number | undefined, unit: string): string {
  return value === undefined ? '' : `${figure(value)} ${unit}`
}
