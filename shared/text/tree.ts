/** A tree of plain values that remembers where everything stood: what a schema is given, and where its faults go. */
import type { Place } from './fault.ts'

export type Tree = MapTree | ListTree | ScalarTree
export type MapTree = { readonly kind: 'map'; readonly at: Place; readonly entries: readonly Entry[] }
export type ListTree = { readonly kind: 'list'; readonly at: Place; readonly items: readonly Tree[] }
export type ScalarTree = {
  readonly kind: 'scalar'
  readonly at: Place
  readonly value: string | number | boolean | null
  /** As written; for quoted and block text the value. */
  readonly source: string
  readonly quoting: 'plain' | 'quoted' | 'block'
}
export type Entry = { readonly key: string; readonly keyAt: Place; readonly tree: Tree }

/** The plain value a schema is given. */
export function valueOf(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value
    case 'list':
      return tree.items.map(valueOf)
    case 'map':
      return Object.fromEntries(tree.entries.map((entry) => [entry.key, valueOf(entry.tree)]))
  }
}

export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
  return tree?.kind === 'map' ? tree.entries.find((entry) => entry.key === key) : undefined
}

/** The node at a path; undefined where the path leaves the tree. */
export function nodeAt(tree: Tree, path: readonly PropertyKey[]): Tree | undefined {
  let node: Tree | undefined = tree
  for (const part of path) {
    if (node?.kind === 'map') node = entryOf(node, String(part))?.tree
    else if (node?.kind === 'list') node = node.items[Number(part)]
    else return undefined
  }
  return node
}

/** Where a path stands, or the nearest that is there on the way to it. */
export function placeAt(tree: Tree, path: readonly PropertyKey[]): Place {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(tree, path.slice(0, length))
    if (node !== undefined) return node.at
  }
  return tree.at
}

/** Where the key of the last part of a path stands. */
export function keyPlaceAt(tree: Tree, path: readonly PropertyKey[]): Place {
  const parent = nodeAt(tree, path.slice(0, -1))
  return entryOf(parent, String(path.at(-1)))?.keyAt ?? placeAt(tree, path)
}
