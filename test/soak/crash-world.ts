/** Five real sshd listeners, a home for each, and one console's data: the world in which consoles are killed. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sshd, startSshd } from '../support/sshd.ts'

export type CrashWorld = AsyncDisposable & {
  readonly folder: string
  readonly dataDir: string
  readonly stateDir: string
  readonly runbook: string
  readonly hosts: readonly string[]
  /** Lines of a file in the homes of all hosts: the attempts that began, or that came to their end. */
  noted(file: 'starts' | 'ends'): readonly string[]
  /** Resolves when nothing of a run lives on any host. */
  quiet(run: string): Promise<void>
}

/**
 * Each attempt notes its start, says more than one segment, waits for its gate, and notes its end. What it says is its
 * own, so that no segment is stored already.
 */
const SCRIPT = `
echo "$HOLDPOINT_ATTEMPT" >>"$HOME/starts"
yes "$HOLDPOINT_ATTEMPT: a line of output that is unlike any other" | head -c 1300000
while [ ! -e "$GATE" ]; do sleep 0.05; done
echo "$HOLDPOINT_ATTEMPT" >>"$HOME/ends"
`

const RUNBOOK = `holdpoint: runbook/v1
id: soak
title: Soak
owner: soak
variables:
  gate: { type: string, description: A file on every host; while it is missing the scripts wait }
steps:
${['first', 'second']
  .map(
    (id, index) => `  - id: ${id}
    kind: script
    title: ${id}
    on: tag:soak
    ${index === 0 ? '' : 'needs: [first]\n    '}run: |${SCRIPT.replaceAll('\n', '\n      ')}
    with: { GATE: "\${gate}" }
    duration: { expected: 1m }
    backout: { none: Nothing to undo }
`,
  )
  .join('')}`

export async function crashWorld(): Promise<CrashWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-soak-'))
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  const names = ['h1', 'h2', 'h3', 'h4', 'h5']
  const servers: Sshd[] = []
  for (const name of names) servers.push(await startSshd({ home: join(folder, name) }))
  const inventory = servers.map(
    (server, index) =>
      `  ${names[index]}: { address: ${server.address}, port: ${server.port}, user: ${server.user}, identity: ${server.identity}, tags: [soak] }\n`,
  )
  writeFileSync(join(folder, 'hosts.yaml'), `holdpoint: hosts/v1\nhosts:\n${inventory.join('')}`)
  writeFileSync(join(folder, 'runbook.yaml'), RUNBOOK)
  writeFileSync(join(dataDir, 'known_hosts'), servers.map((server) => server.knownHosts).join(''), { mode: 0o600 })
  return {
    folder,
    dataDir,
    stateDir: join(folder, 'state'),
    runbook: join(folder, 'runbook.yaml'),
    hosts: names,
    noted: (file) =>
      names.flatMap((name) => {
        const path = join(folder, name, file)
        return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
      }),
    async quiet(run) {
      while (attemptsAlive(run).length > 0) await new Promise((done) => setTimeout(done, 50))
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Attempts of a run with a process that lives: each has its name in its environment. */
export function attemptsAlive(run: string): string[] {
  const found = new Set<string>()
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      const name = /(?:^|\0)HOLDPOINT_ATTEMPT=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1]
      if (name?.startsWith(`${run}/`) === true) found.add(name)
    } catch {
      // It has ended meanwhile, or is another's.
    }
  }
  return [...found]
}
