/** What a figure was taken on: without it a figure says nothing. */
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { spawnSync } from 'node:child_process'

export type Machine = {
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly openssl: string
  readonly ssh: string
  readonly clush: string | null
}

export function thisMachine(): Machine {
  const [first] = cpus()
  return {
    cores: cpus().length,
    processor: first?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    openssl: process.versions.openssl,
    ssh: firstLine('ssh', ['-V']) ?? 'none',
    clush: firstLine('clush', ['--version']),
  }
}

/** How busy the machine is, whoever makes it so: processes that run or wait for a disk, over the last minute. */
export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}

function firstLine(command: string, args: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? (`${stdout}${stderr}`.trim().split('\n')[0] ?? null) : null
}
