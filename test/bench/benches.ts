/** All benches: what each needs of the machine, how long it may take, and the rows it gives. */
import type { Part } from '../support/system-parts.ts'
import type { Row, Size } from './measure.ts'

export type Bench = {
  /** Programs that npm does not bring. */
  readonly needs: readonly Part[]
  /** Beyond it the bench is ended with all it started. */
  readonly limitMinutes: number
  /** Named when they could not be measured. */
  readonly rows: readonly string[]
  readonly measure: (size: Size) => Promise<readonly Row[]>
}

const SSHD: Part = { name: 'OpenSSH server', commands: ['sshd'], debian: 'openssh-server' }
const SSH: Part = { name: 'OpenSSH client', commands: ['ssh'], debian: 'openssh-client' }
const CLUSH: Part = { name: 'ClusterShell', commands: ['clush'], debian: 'clustershell' }
const COREUTILS: Part = { name: 'GNU coreutils', commands: ['sha256sum'], debian: 'coreutils' }
const CHROMIUM: Part = {
  name: 'Chromium',
  commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  debian: 'chromium',
}

export const BENCHES: Readonly<Record<string, Bench>> = {
  append: {
    needs: [],
    limitMinutes: 10,
    rows: ['append, one at a time', 'append, 100 at a time'],
    measure: async (size) => (await import('./append.ts')).append(size),
  },
  chain: {
    needs: [],
    limitMinutes: 10,
    rows: ['verify the chain alone', 'verify the chain alone, against one hash'],
    measure: async (size) => (await import('./chain.ts')).chain(size),
  },
  'fan-out': {
    needs: [SSHD, SSH, CLUSH],
    limitMinutes: 45,
    rows: ['true on 200 hosts, cold', 'true on 200 hosts, warm', 'true on 200 hosts, warm, clush over ControlMaster'],
    measure: async (size) => (await import('./fan-out.ts')).fanOut(size),
  },
  output: {
    needs: [SSHD, SSH, COREUTILS],
    limitMinutes: 60,
    rows: ['1 GiB of output, text', '1 GiB of output, random'],
    measure: async (size) => (await import('./output.ts')).output(size),
  },
  start: {
    needs: [CHROMIUM],
    limitMinutes: 15,
    rows: ['start with 100,000 entries', 'start with a fresh folder'],
    measure: async (size) => (await import('./start.ts')).start(size),
  },
  seek: {
    needs: [],
    limitMinutes: 10,
    rows: ['seek from the store, p95', 'seek on the replay page, p95'],
    measure: async (size) => (await import('./seek.ts')).seek(size),
  },
  decide: {
    needs: [],
    limitMinutes: 10,
    rows: ['decide one engine command, mean', 'find what is due, mean', 'fold all events of a run'],
    measure: async (size) => (await import('./decide.ts')).decide(size),
  },
}
