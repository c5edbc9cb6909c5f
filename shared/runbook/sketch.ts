/**
 * A runbook as far as it can be made out: the parts that read well, beside the tree that knows where each part stood.
 * Rules look at this rather than at a whole document, so that one slip does not hide what else is wrong.
 */
import type { z } from 'zod'
import { type Reach, reachOf } from './reach.ts'
import { Outage, Step, Variable, Window, Workstream } from '../model/runbook.ts'
import type { Place } from '../text/fault.ts'
import {
  entryOf,
  keyPlaceAt,
  type MapTree,
  nodeAt,
  placeAt,
  type ScalarTree,
  type Tree,
  valueOf,
} from '../text/tree.ts'

export type StepSketch = {
  readonly index: number
  readonly tree: MapTree
  /** The id as written where it is text, else null. */
  readonly id: string | null
  /** The step without its faulty parts; null where not even its kind is known. */
  readonly step: Step | null
  /** Keys of the step whose value is faulty: said elsewhere, not to be said again as missing. */
  readonly broken: ReadonlySet<string>
  has(key: string): boolean
  at(...path: PropertyKey[]): Place
  keyAt(...path: PropertyKey[]): Place
  node(...path: PropertyKey[]): Tree | undefined
}

export type Sketch = {
  readonly tree: Tree
  readonly window: z.infer<typeof Window> | null
  readonly outage: z.infer<typeof Outage> | null
  readonly owner: string | null
  /** Declared names; null where the declaration is faulty. */
  readonly variables: ReadonlyMap<string, Variable | null>
  readonly workstreams: ReadonlyMap<string, z.infer<typeof Workstream> | null>
  readonly steps: readonly StepSketch[]
  /** Steps by id, the first where an id is given twice. */
  readonly byId: ReadonlyMap<string, StepSketch>
  readonly reach: Reach
  at(...path: PropertyKey[]): Place
  keyAt(...path: PropertyKey[]): Place
}

export function sketchOf(tree: Tree): Sketch {
  const stepsTree = entryOf(tree, 'steps')?.tree
  const items = stepsTree?.kind === 'list' ? stepsTree.items : []
  const owner = nodeAt(tree, ['owner'])
  const steps = items.flatMap((item, index) => (item.kind === 'map' ? [stepSketch(item, index)] : []))
  const byId = stepsById(steps)
  return {
    tree,
    window: part(Window, nodeAt(tree, ['window'])),
    outage: part(Outage, nodeAt(tree, ['outage'])),
    owner: owner?.kind === 'scalar' && typeof owner.value === 'string' ? owner.value : null,
    variables: parts(Variable, nodeAt(tree, ['variables'])),
    workstreams: parts(Workstream, nodeAt(tree, ['workstreams'])),
    steps,
    byId,
    reach: reachOf(new Map([...byId].map(([id, one]) => [id, one.step?.needs ?? []]))),
    at: (...path) => placeAt(tree, path),
    keyAt: (...path) => keyPlaceAt(tree, path),
  }
}

function part<T>(schema: z.ZodType<T>, tree: Tree | undefined): T | null {
  if (tree === undefined) return null
  const parsed = schema.safeParse(valueOf(tree))
  return parsed.success ? parsed.data : null
}

function parts<T>(schema: z.ZodType<T>, tree: Tree | undefined): ReadonlyMap<string, T | null> {
  if (tree?.kind !== 'map') return new Map()
  return new Map(tree.entries.map((entry) => [entry.key, part(schema, entry.tree)]))
}

function stepSketch(tree: MapTree, index: number): StepSketch {
  const idNode = nodeAt(tree, ['id'])
  const { step, broken } = salvage(tree)
  return {
    index,
    tree,
    id: idNode?.kind === 'scalar' && typeof idNode.value === 'string' ? idNode.value : null,
    step,
    broken,
    has: (key) => entryOf(tree, key) !== undefined,
    at: (...path) => placeAt(tree, path),
    keyAt: (...path) => keyPlaceAt(tree, path),
    node: (...path) => nodeAt(tree, path),
  }
}

/** What a required key holds while its real value is faulty or missing. Rules pass over keys that are broken. */
const STAND_IN: Readonly<Record<string, unknown>> = { id: 'x', title: '?', on: '?', probe: '?' }

/** Drops faulty parts, key by key, until the rest is a step. */
function salvage(tree: MapTree): { step: Step | null; broken: ReadonlySet<string> } {
  const value = valueOf(tree)
  const broken = new Set<string>()
  if (!isRecord(value)) return { step: null, broken }
  for (let round = 0; round < 8; round++) {
    const parsed = Step.safeParse(value)
    if (parsed.success) return { step: parsed.data, broken }
    for (const issue of parsed.error.issues) {
      const key = String(issue.path[0] ?? '')
      if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
        for (const unknown of issue.keys) delete value[unknown]
        continue
      }
      if (key === '' || key === 'kind') return { step: null, broken }
      broken.add(key)
      if (key in STAND_IN) value[key] = STAND_IN[key]
      else delete value[key]
    }
  }
  return { step: null, broken }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stepsById(steps: readonly StepSketch[]): ReadonlyMap<string, StepSketch> {
  const byId = new Map<string, StepSketch>()
  for (const one of steps) if (one.id !== null && !byId.has(one.id)) byId.set(one.id, one)
  return byId
}

/** Where a character of a text stands in the file: exact on one line, the line in a block. */
export function placeInText(node: Tree | undefined, offset: number, fallback: Place): Place {
  if (node?.kind !== 'scalar') return fallback
  if (node.quoting === 'block') return { ...node.at, line: node.at.line + 1 + linesBefore(node, offset), column: 1 }
  const isExact = typeof node.value === 'string' && node.source === node.value && !node.source.includes('\n')
  const lead = node.quoting === 'quoted' ? 1 : 0
  return isExact
    ? { ...node.at, column: node.at.column + lead + offset, offset: node.at.offset + lead + offset }
    : node.at
}

function linesBefore(node: ScalarTree, offset: number): number {
  return String(node.value).slice(0, offset).split('\n').length - 1
}
