/** Start programs that wait at hosts for their attempts, found among the processes of this machine. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Sshd } from './sshd.ts'

/** @returns process ids of those of this server that have not been told anything */
export function startersOf(server: Sshd): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isStarter(pid, server.folder))
}

function isStarter(pid: string, folder: string): boolean {
  try {
    const [program, , , name] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    if (program?.endsWith('/sh') !== true || name !== 'holdpoint') return false
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${folder}`)
  } catch {
    // It ended while it was looked at.
    return false
  }
}
