/** Many hosts in few words: `ord-app-03 to 08, db1`. Never fewer than are meant. */

type Split = { readonly name: string; readonly stem: string; readonly digits: string }

function split(name: string): Split {
  const match = /^(.*?)(\d+)$/.exec(name)
  return { name, stem: match?.[1] ?? name, digits: match?.[2] ?? '' }
}

function follows(a: Split, b: Split): boolean {
  return a.digits !== '' && a.stem === b.stem && a.digits.length === b.digits.length && Number(b.digits) === Number(a.digits) + 1
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

export type HostGroup = { readonly name: string; readonly hosts: readonly { readonly host: string; readonly short: string }[] }

/** Hosts by the part of their names that they share, in the order given: heads of the matrix. */
export function groupHosts(hosts: readonly string[]): readonly HostGroup[] {
  const groups: { name: string; hosts: { host: string; short: string }[] }[] = []
  for (const host of hosts) {
    const { stem, digits } = split(host)
    const name = digits === '' ? host : stem.replace(/[-._]$/, '')
    const last = groups.at(-1)
    const short = digits === '' ? host.slice(0, 3) : digits.slice(-3)
    if (last !== undefined && last.name === name && digits !== '') last.hosts.push({ host, short })
    else groups.push({ name, hosts: [{ host, short }] })
  }
  return groups
}
