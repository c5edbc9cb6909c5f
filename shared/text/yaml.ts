/**
 * YAML 1.2 text → a tree that remembers where everything stood. The door for every file a person writes.
 * A stranger's file may be hostile: size, depth and the number of nodes are bounded before anything recursive sees it.
 * Anchors, aliases, tags and merge keys are refused: what a reader sees on the page is what runs.
 */
import { Composer, type Document, isMap, isScalar, isSeq, LineCounter, type ParsedNode } from 'yaml'
import { type Fault, fault, inOrder, type Place, START } from './fault.ts'
import type { Entry, ScalarTree, Tree } from './tree.ts'
import { firstLine, manyDocuments, MOST_FAULTS, syntaxFault, tokensOf, tooDeep } from './yaml-tokens.ts'

const LARGEST_TEXT = 512 * 1024

/** @returns the tree, or null with at least one fault. A tree may come with faults (a key given twice). */
export function readYaml(text: string): { tree: Tree | null; faults: Fault[] } {
  if (text.length > LARGEST_TEXT) {
    return refused(
      fault('too-large', START, 'The file is larger than 512 KiB.', 'Move long scripts into files of their own.'),
    )
  }
  if (!text.isWellFormed() || text.includes('\0')) {
    return refused(
      fault('not-text', placeOfBadCharacter(text), 'The file holds bytes that are not text.', 'Save it as UTF-8 text.'),
    )
  }
  const lines = new LineCounter()
  const place = (offset: number): Place => {
    const at = Math.max(0, Math.min(offset, text.length))
    const { line, col } = lines.linePos(at)
    return { line: Math.max(1, line), column: Math.max(1, col), offset: at }
  }
  try {
    const tokens = tokensOf(text, lines, place)
    if (!Array.isArray(tokens)) return refused(...tokens.faults)
    const composer = new Composer({
      version: '1.2',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
    const documents = [...composer.compose(tokens, true, text.length)]
    return readDocuments(documents, place)
  } catch (error) {
    if (error instanceof RangeError) return refused(tooDeep(START))
    return refused(fault('yaml', START, 'The file is not YAML.', 'Compare it with a sample runbook.'))
  }
}

function refused(...faults: Fault[]): { tree: null; faults: Fault[] } {
  return { tree: null, faults }
}

function placeOfBadCharacter(text: string): Place {
  let line = 1
  let lineStart = 0
  for (let offset = 0; offset < text.length; offset++) {
    const unit = text.charCodeAt(offset)
    if (unit === 10) {
      line += 1
      lineStart = offset + 1
    }
    const isLone =
      (unit >= 0xdc00 && unit <= 0xdfff) ||
      (unit >= 0xd800 && unit <= 0xdbff && !text.slice(offset, offset + 2).isWellFormed())
    if (unit === 0 || isLone) return { line, column: offset - lineStart + 1, offset }
    if (unit >= 0xd800 && unit <= 0xdbff) offset += 1
  }
  return START
}

function readDocuments(documents: readonly Document.Parsed[], place: (offset: number) => Place) {
  const [document, second] = documents
  const faults: Fault[] = []
  for (const one of documents) {
    for (const error of one.errors.slice(0, MOST_FAULTS)) {
      faults.push(syntaxFault(error.code, error.message, place(error.pos[0])))
    }
    for (const problem of one.warnings.slice(0, MOST_FAULTS)) {
      faults.push(
        fault(
          'yaml-tag',
          place(problem.pos[0]),
          `${firstLine(problem.message)}.`,
          'Write plain values: tags and directives are not read.',
        ),
      )
    }
  }
  if (second !== undefined) {
    const from = second.contents?.range?.[0] ?? second.range[0]
    faults.push(manyDocuments(place(from)))
  }
  if (faults.length > 0) return { tree: null, faults: inOrder(faults) }
  const contents = document?.contents
  if (contents === null || contents === undefined || (isScalar(contents) && contents.value === null)) {
    return refused(fault('empty', START, 'The file is empty.', 'Begin with the line holdpoint: and the format.'))
  }
  const tree = treeOf(contents, place, faults)
  return { tree: faults.some((one) => one.rule !== 'duplicate-key') ? null : tree, faults: inOrder(faults) }
}

function treeOf(node: ParsedNode | null | undefined, place: (offset: number) => Place, faults: Fault[]): Tree {
  const at = place(node?.range?.[0] ?? 0)
  if (isMap(node)) {
    const entries: Entry[] = []
    const seen = new Set<string>()
    for (const { key, value } of node.items) {
      const keyAt = place((isScalar(key) || isMap(key) || isSeq(key) ? key.range?.[0] : undefined) ?? at.offset)
      if (!isScalar(key) || typeof key.value !== 'string') {
        faults.push(fault('key-not-text', keyAt, 'A key must be text.', 'Put the key in quotes.'))
        continue
      }
      if (key.value === '__proto__' || !key.value.isWellFormed()) {
        faults.push(fault('key-not-text', keyAt, 'This cannot be a key.', 'Use letters, digits, - and _.'))
        continue
      }
      if (seen.has(key.value)) {
        faults.push(fault('duplicate-key', keyAt, `"${key.value}" is given twice.`, 'Keep one of the two.'))
        continue
      }
      seen.add(key.value)
      const tree = value === null ? emptyAt(keyAt) : treeOf(value, place, faults)
      entries.push({ key: key.value, keyAt, tree })
    }
    return { kind: 'map', at, entries }
  }
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => itemOf(item, at, place, faults)) }
  if (!isScalar(node)) return emptyAt(at)
  return scalarOf(node, at, faults)
}

function itemOf(item: unknown, at: Place, place: (offset: number) => Place, faults: Fault[]): Tree {
  if (isMap(item) || isSeq(item) || isScalar(item)) return treeOf(item as ParsedNode, place, faults)
  faults.push(fault('key-not-text', at, 'A list holds a key: value pair here.', 'Put the pair in { }.'))
  return emptyAt(at)
}

function emptyAt(at: Place): ScalarTree {
  return { kind: 'scalar', at, value: null, source: '', quoting: 'plain' }
}

function scalarOf(node: { value: unknown; source?: string; type?: string }, at: Place, faults: Fault[]): ScalarTree {
  const { value } = node
  const quoting =
    node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? 'block' : node.type === 'PLAIN' ? 'plain' : 'quoted'
  const source = node.source ?? (typeof value === 'string' ? value : '')
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0) || isTooLarge(value))) {
    faults.push(fault('bad-number', at, `${source} is not a number that can be kept exactly.`, 'Put it in quotes.'))
    return { kind: 'scalar', at, value: 0, source, quoting }
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    faults.push(fault('not-text', at, 'This text holds half of a character.', 'Write the whole character.'))
    return { kind: 'scalar', at, value: '', source, quoting }
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'scalar', at, value, source, quoting }
  }
  faults.push(fault('yaml-tag', at, 'This kind of value is not read here.', 'Write text, a number, true or false.'))
  return { kind: 'scalar', at, value: null, source, quoting }
}

function isTooLarge(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}
