/** Hosts of a real sshd as the command line is given them: an inventory, and host keys that are known already or not. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sshd } from '../../support/sshd.ts'
import type { Stage } from './stage.ts'

export type RealHost = { readonly name: string; readonly address?: string; readonly port?: number }

/** @returns the path of a hosts.yaml; every host is tagged `app` */
export function inventory(at: Stage, server: Sshd, hosts: readonly RealHost[]): string {
  const lines = hosts.map(
    ({ name, address = server.address, port = server.port }) =>
      `  ${name}: { address: ${address}, port: ${port}, user: ${server.user}, identity: ${server.identity}, tags: [app] }\n`,
  )
  return at.write('hosts.yaml', `holdpoint: hosts/v1\nhosts:\n${lines.join('')}`)
}

/** Puts a server's host keys among those that the console knows, for these ports as well. */
export function knows(at: Stage, server: Sshd, ports: readonly number[] = []): void {
  mkdirSync(at.dataDir, { recursive: true, mode: 0o700 })
  const more = ports.map((port) => `[127.0.0.1]:${port} ${server.hostKeys.ed25519}\n`)
  writeFileSync(join(at.dataDir, 'known_hosts'), server.knownHosts + more.join(''), { mode: 0o600 })
}
