/** Which hosts a selector means: a name, `tag:NAME`, `group:NAME`, or a list of them. Order is always the inventory's. */
import type { Host } from '../model/inventory.ts'

export type Selector = string | readonly string[]

function matches(one: string, host: Host): boolean {
  if (one.startsWith('tag:')) return host.tags.includes(one.slice(4))
  if (one.startsWith('group:')) return host.groups.includes(one.slice(6))
  return host.name === one
}

export function selectHosts(selector: Selector, hosts: readonly Host[]): Host[] {
  const parts = typeof selector === 'string' ? [selector] : selector
  return hosts.filter((host) => parts.some((one) => matches(one, host)))
}

/**
 * Waves as cumulative counts over `count` hosts: shares are rounded up, none exceeds all, equal ones are one wave, and the
 * last takes all. [1, 50%, 100%] over 15 hosts is [1, 8, 15]; no waves: [].
 */
export function waveCounts(waves: readonly (number | string)[] | undefined, count: number): number[] {
  if (waves === undefined || count === 0) return []
  const counts = waves.map((wave) => Math.min(count, sizeOfWave(wave, count)))
  return [...new Set([...counts, count])].toSorted((a, b) => a - b)
}

export function sizeOfWave(wave: number | string, count: number): number {
  return typeof wave === 'number' ? wave : Math.ceil((Number.parseInt(wave, 10) * count) / 100)
}
