/** `holdpoint check RUNBOOK`: every fault in one pass, of the runbook and of its inventory. */
import { isRefusal } from '../../shared/model/commands.ts'
import { checkRunbook } from '../../shared/runbook/check.ts'
import { hostsOf, probesOf } from '../engine/freeze.ts'
import { type FileFault, inventoryFaults } from './before-run.ts'
import type { Doors, Terminal } from './doors.ts'
import { EXIT, type ExitCode, Stop } from './exit-codes.ts'

export async function check(
  doors: Doors,
  terminal: Terminal,
  path: string,
  options: { json?: boolean; hosts?: string },
): Promise<ExitCode> {
  const folder = await doors.library.load(path, options.hosts ?? null)
  if (isRefusal(folder)) throw new Stop(EXIT.usage, folder.message)
  const hosts = hostsOf(folder, null)
  const checked = checkRunbook(folder.text, {
    files: folder.files,
    ...probesOf(folder),
    ...(isRefusal(hosts) || hosts.length === 0 ? {} : { hosts }),
  })
  const faults: readonly FileFault[] = [
    ...inventoryFaults(path, options.hosts, folder),
    ...checked.faults.map((one) => ({ ...one, file: path })),
  ]
  const count = faults.filter((one) => one.severity === 'fault').length
  if (options.json === true) {
    terminal.out(`${JSON.stringify({ v: 1, path: folder.path, ok: count === 0, version: checked.version, faults })}\n`)
  } else {
    for (const one of faults)
      terminal.out(`${one.file}:${one.line}:${one.column}: ${one.severity}: ${one.message} ${one.fix} (${one.rule})\n`)
    const warnings = faults.length - count
    const tail = warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`
    terminal.out(
      count === 0
        ? `${path}: clean, ${checked.document?.steps.length ?? 0} steps, version ${checked.version?.slice(0, 12) ?? ''}${tail}\n`
        : `${path}: ${count} ${count === 1 ? 'fault' : 'faults'}${tail}\n`,
    )
  }
  return count === 0 ? EXIT.done : EXIT.notRight
}
