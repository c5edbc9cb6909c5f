/** Many hosts in few words: `ord-app-03 to 08, db1`. Never fewer than are meant. */

type Split = { readonly name: string; readonly stem: string; readonly digits: string; readonly domain: string }

/** `app-07` and `app-07.int.example` alike: what tells hosts apart is the number, wherever their domain begins. */
function split(name: string): Split {
  const match = /^(.*?)(\d+)$/.exec(name) ?? /^([^.]*?)(\d+)(\..+)$/.exec(name)
  return { name, stem: match?.[1] ?? name, digits: match?.[2] ?? '', domain: match?.[3] ?? '' }
}

function follows(a: Split, b: Split): boolean {
  return (
    a.digits !== '' &&
    a.stem === b.stem &&
    a.domain === b.domain &&
    a.digits.length === b.digits.length &&
    Number(b.digits) === Number(a.digits) + 1
  )
}

const LEAST_TAIL = 9
const MOST_TAIL = 28

/** How much of a name's end tells this host apart: its number, and the domain behind it. @returns characters */
export function tailOf(host: string): number {
  const { digits, domain } = split(host)
  return Math.min(MOST_TAIL, Math.max(LEAST_TAIL, digits.length + domain.length + 1))
}

/** @returns runs of three or more neighbours as `first to last`; the order is kept */
export function showHosts(hosts: readonly string[]): string {
  const parts: string[] = []
  let run: Split[] = []
  const flush = (): void => {
    const [first, last] = [run[0], run.at(-1)]
    if (first === undefined || last === undefined) return
    if (run.length >= 3) parts.push(`${first.name} to ${last.digits}`)
    else parts.push(...run.map((one) => one.name))
    run = []
  }
  for (const host of hosts) {
    const next = split(host)
    const last = run.at(-1)
    if (last !== undefined && !follows(last, next)) flush()
    run.push(next)
  }
  flush()
  return parts.join(', ')
}

export type HostGroup = {
  readonly name: string
  readonly hosts: readonly { readonly host: string; readonly short: string }[]
}

/** In the order in which people count: `app2` before `app10`. */
export function inHostOrder(hosts: readonly string[]): readonly string[] {
  return hosts.toSorted((a, b) => {
    const [x, y] = [split(a), split(b)]
    if (x.stem !== y.stem) return x.stem < y.stem ? -1 : 1
    if (x.domain !== y.domain) return x.domain < y.domain ? -1 : 1
    return Number(x.digits) - Number(y.digits) || (a < b ? -1 : 1)
  })
}

/** Hosts by the part of their names that they share, groups in the order given, hosts as people count: heads of the matrix. */
export function groupHosts(hosts: readonly string[]): readonly HostGroup[] {
  const groups = new Map<string, string[]>()
  for (const host of hosts) {
    const { stem, digits, domain } = split(host)
    const key = digits === '' ? host : `${stem} ${domain}`
    groups.set(key, [...(groups.get(key) ?? []), host])
  }
  return [...groups.values()].map((all) => {
    const first = split(all[0] ?? '')
    const name = first.digits === '' ? first.name : first.stem.replace(/[-._]$/, '') || first.name
    return {
      name,
      hosts: inHostOrder(all).map((host) => {
        const { digits } = split(host)
        return { host, short: digits === '' ? host.slice(0, 3) : digits.slice(-2) }
      }),
    }
  })
}
