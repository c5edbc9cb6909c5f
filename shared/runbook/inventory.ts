/** Inventory text → hosts with every default applied. */
import { type Host, Inventory } from '../model/inventory.ts'
import { type Fault, fault, hasFault, inOrder } from '../text/fault.ts'
import { schemaFaults, wordsOf } from '../text/schema-faults.ts'
import { keyPlaceAt, placeAt, type Tree, valueOf } from '../text/tree.ts'
import { readYaml } from '../text/yaml.ts'

const WORDS = wordsOf(Inventory)

/** @returns the inventory, or null with at least one fault */
export function parseInventory(text: string): { inventory: Inventory | null; faults: Fault[] } {
  const { tree, faults } = readYaml(text)
  if (tree === null) return { inventory: null, faults }
  const parsed = Inventory.safeParse(valueOf(tree))
  if (!parsed.success) {
    return { inventory: null, faults: inOrder([...faults, ...schemaFaults(parsed.error.issues, tree, WORDS)]) }
  }
  const found = [...faults, ...meaningFaults(parsed.data, tree)]
  return { inventory: hasFault(found) ? null : parsed.data, faults: inOrder(found) }
}

function meaningFaults(inventory: Inventory, tree: Tree): Fault[] {
  const faults: Fault[] = []
  if (Object.keys(inventory.hosts).length === 0) {
    faults.push(fault('no-hosts', keyPlaceAt(tree, ['hosts']), 'There are no hosts.', 'Name at least one.'))
  }
  const seen = new Map<string, string>()
  for (const name of Object.keys(inventory.hosts)) {
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) {
      const at = keyPlaceAt(tree, ['hosts', name])
      faults.push(fault('duplicate-host', at, `"${name}" and "${other}" differ only in case.`, 'Keep one of the two.'))
    }
    seen.set(name.toLowerCase(), name)
  }
  for (const [group, { hosts }] of Object.entries(inventory.groups ?? {})) {
    for (const [i, name] of hosts.entries()) {
      const at = placeAt(tree, ['groups', group, 'hosts', i])
      if (!Object.hasOwn(inventory.hosts, name)) {
        faults.push(
          fault('unknown-host', at, `There is no host "${name}".`, 'Add it under hosts:, or correct the name.'),
        )
      } else if (hosts.indexOf(name) < i) {
        faults.push(fault('duplicate-host', at, `"${name}" is in the group twice.`, 'Remove one of the two.'))
      }
    }
  }
  return faults
}

/**
 * Hosts in the order of the inventory: defaults, then its groups in their order, then its own keys; the later wins, tags add up.
 * @param isPractice hosts of the practice server, told apart everywhere
 */
export function resolveHosts(inventory: Inventory, isPractice = false): Host[] {
  const groups = Object.entries(inventory.groups ?? {})
  return Object.entries(inventory.hosts).map(([name, own]) => {
    const member = groups.filter(([, group]) => group.hosts.includes(name))
    const layers = [inventory.defaults ?? {}, ...member.map(([, group]) => group), own ?? {}]
    const last = <T>(pick: (layer: (typeof layers)[number]) => T | undefined): T | null =>
      layers.map(pick).findLast((value) => value !== undefined) ?? null
    return {
      name,
      address: last((layer) => layer.address) ?? name,
      port: last((layer) => layer.port) ?? 22,
      user: last((layer) => layer.user),
      identity: last((layer) => layer.identity),
      tags: [...new Set(layers.flatMap((layer) => layer.tags ?? []))],
      groups: member.map(([group]) => group),
      isPractice,
    }
  })
}
