/** Scripts: one each, there, inside the runbook's folder, and free of variables spliced into code. */
import { type Fault, fault } from '../../text/fault.ts'
import { codesOf, isProbeFile, referencesIn } from '../references.ts'
import { checksOf } from '../references.ts'
import { placeInText, type Sketch, type StepSketch } from '../sketch.ts'
import type { CheckContext } from './rule.ts'

export function scriptFaults(sketch: Sketch, context: CheckContext): Fault[] {
  return sketch.steps.flatMap((one) => {
    if (one.step === null) return []
    const faults: Fault[] = []
    for (const { path, code } of codesOf(one.step)) {
      faults.push(...codeFaults(one, path, code))
      if (code.file !== undefined) faults.push(...fileFaults(one, [...path, 'file'], code.file, context))
      if (code.run !== undefined) faults.push(...spliceFaults(sketch, one, path, code.run))
    }
    for (const { path, check } of checksOf(one.step)) {
      if (isProbeFile(check.probe)) faults.push(...fileFaults(one, [...path, 'probe'], check.probe, context))
    }
    return faults
  })
}

function codeFaults(
  one: StepSketch,
  path: readonly string[],
  code: { file?: string | undefined; run?: string | undefined },
): Fault[] {
  if (code.file !== undefined && code.run !== undefined) {
    return [fault('two-scripts', one.keyAt(...path, 'run'), 'Both file and run are given.', 'Keep one of the two.')]
  }
  if (code.file !== undefined || code.run !== undefined) return []
  if (path[0] === 'backout' && one.node('backout', 'instructions') !== undefined) return []
  const at = path.length === 0 ? one.tree.at : one.keyAt(...path)
  const what = path.length === 0 ? 'The step' : `Its ${path[0]}`
  const hint =
    path[0] === 'backout' ? 'Give file, run, or instructions for a person.' : 'Give file: scripts/… or run: |.'
  return [fault('no-script', at, `${what} says nothing to run.`, hint)]
}

function fileFaults(one: StepSketch, path: readonly string[], file: string, context: CheckContext): Fault[] {
  const isInside = !/^[/~]|\\|^[A-Za-z]:|(^|\/)\.\.?(\/|$)|\/\/|\/$|\p{Cc}/u.test(file)
  if (!isInside) {
    return [
      fault(
        'bad-path',
        one.at(...path),
        `"${file.slice(0, 100)}" leaves the folder of the runbook.`,
        'Keep the file beside the runbook: scripts/upgrade.sh.',
      ),
    ]
  }
  if (context.files === undefined || context.files.has(file)) return []
  return [
    fault(
      'missing-file',
      one.at(...path),
      `There is no file ${file} beside the runbook.`,
      'Add it, or correct the path.',
    ),
  ]
}

/** `${version}` in code would be empty at best: what runs is the text as it was approved. */
function spliceFaults(sketch: Sketch, one: StepSketch, path: readonly string[], code: string): Fault[] {
  const environment = new Set<string>()
  for (const key of ['with', 'secrets']) {
    const node = one.node(...path, key)
    if (node?.kind === 'map') for (const entry of node.entries) environment.add(entry.key)
  }
  return referencesIn(code)
    .filter(({ name }) => sketch.variables.has(name) && !environment.has(name))
    .map(({ name, offset }) =>
      fault(
        'spliced-variable',
        placeInText(one.node(...path, 'run'), offset, one.at(...path, 'run')),
        `\${${name}} is not filled in here: variables are never spliced into code.`,
        `Write with: { ${name.toUpperCase()}: "\${${name}}" } and use "$${name.toUpperCase()}" in the script.`,
      ),
    )
}
