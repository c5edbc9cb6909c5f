/** Runbook text → document, every schema fault at its place. Meaning is `checkRunbook`'s. */
import { Runbook } from '../model/runbook.ts'
import { type Fault, hasFault, inOrder } from '../text/fault.ts'
import { schemaFaults, wordsOf } from '../text/schema-faults.ts'
import { type Tree, valueOf } from '../text/tree.ts'
import { readYaml } from '../text/yaml.ts'

const WORDS = wordsOf(Runbook)

/** @returns the document, or null with at least one fault */
export function parseRunbook(text: string): { document: Runbook | null; faults: Fault[] } {
  const { document, faults } = parseWithTree(text)
  return { document, faults }
}

/** The same with the tree, which is there wherever the text is YAML. */
export function parseWithTree(text: string): { document: Runbook | null; tree: Tree | null; faults: Fault[] } {
  const { tree, faults } = readYaml(text)
  if (tree === null) return { document: null, tree, faults }
  const parsed = Runbook.safeParse(valueOf(tree))
  if (parsed.success) return { document: hasFault(faults) ? null : parsed.data, tree, faults }
  const found = schemaFaults(parsed.error.issues, tree, WORDS).map(named)
  return { document: null, tree, faults: inOrder([...faults, ...found]) }
}

/** Two missing keys are rules of their own. */
function named(fault: Fault): Fault {
  if (fault.rule !== 'missing-key') return fault
  if (fault.message.startsWith('"owner"')) return { ...fault, rule: 'no-owner' }
  if (/^"(duration|expected)"/.test(fault.message)) return { ...fault, rule: 'no-duration' }
  return fault
}
