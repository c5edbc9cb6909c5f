import { describe, expect, test } from 'vitest'
import { checkRunbook } from '../../../shared/runbook/check.ts'
import { MOST_MS, msOf } from '../text/pace.ts'
import { CONTEXT, fixture } from './context.ts'

const CLEAN = fixture('clean.yaml')

test('the example of the format is clean', () => {
  const { faults, isClean, version } = checkRunbook(fixture('example.yaml'), {
    ...CONTEXT,
    files: new Set(['scripts/upgrade.sh', 'scripts/downgrade.sh']),
  })
  expect(faults).toEqual([])
  expect(isClean).toBe(true)
  expect(version).toMatch(/^[0-9a-f]{64}$/)
})

test('a runbook with every field is clean, also by its text alone', () => {
  expect(checkRunbook(CLEAN, CONTEXT).faults).toEqual([])
  expect(checkRunbook(CLEAN).faults).toEqual([])
})

/** Replaces the nth place where `from` stands; the line that the fault must have is the first that changed. */
function broken(from: string, to: string, nth = 1): { text: string; line: number } {
  let at = -1
  for (let i = 0; i < nth; i++) at = CLEAN.indexOf(from, at + 1)
  if (at < 0) throw new Error(`the fixture does not hold ${from}`)
  const text = CLEAN.slice(0, at) + to + CLEAN.slice(at + from.length)
  const [a, b] = [CLEAN.split('\n'), text.split('\n')]
  return { text, line: b.findIndex((line, i) => line !== a[i]) + 1 }
}

type More = { readonly nth?: number; readonly line?: number; readonly column?: number }
type Case = readonly [rule: string, from: string, to: string, more?: More]

const SHAPE: readonly Case[] = [
  ['unknown-key', 'title: Room', 'titel: Room', { column: 5 }],
  ['missing-key', '    title: Room\n', '', { line: 19 }],
  ['unknown-key', 'fail: free < 1 * GiB }', 'fial: free < 1 * GiB }', { column: 43 }],
  ['unknown-key', 'ticket: CHG-1', 'tickt: CHG-1', { column: 1 }],
  ['unknown-key', 'waves:', 'wave:'],
  ['unknown-kind', 'kind: probe', 'kind: prob', { column: 11 }],
  ['missing-key', '    kind: probe\n', '', { line: 19 }],
  ['wrong-type', 'title: Room', 'title: [Room]'],
  ['wrong-type', 'title: Room', 'title: 15'],
  ['wrong-type', 'needs: [go]', 'needs: go'],
  ['wrong-type', 'retry: { times: 1', 'retry: { times: one'],
  ['wrong-type', 'with: { limit: 5 }', 'with: [limit]'],
  ['wrong-type', 'on: tag:db', 'on: { tag: db }'],
  ['bad-value', 'onFailure: ask', 'onFailure: panic'],
  ['bad-value', 'evidence: required', 'evidence: maybe'],
  ['bad-value', 'expected: 1m', 'expected: 1 minute'],
  ['bad-value', 'expected: 1m', 'expected: 9999999d'],
  ['bad-value', 'id: space', 'id: Space'],
  ['bad-value', 'exit: [0, 100]', 'exit: [0, 256]'],
  ['bad-value', 'exit: [0, 100]', 'exit: []'],
  ['bad-value', 'title: Room', 'title: ""'],
  ['bad-value', 'start: 2026-12-05T22:00', 'start: 5 Dec 22:00'],
  ['bad-value', 'waves: [1, 50%', 'waves: [1, half'],
  ['bad-value', 'type: integer', 'type: int'],
  ['bad-name', 'network:', 'Network:'],
  ['bad-name', 'with: { VERSION:', 'with: { VER-SION:'],
  ['missing-key', ', zone: Europe/Berlin', ''],
  ['no-owner', 'database: { owner: dba, deputy', 'database: { deputy'],
  ['no-owner', 'owner: lead\n', '', { line: 1 }],
  ['no-duration', '      duration: 12m\n', '', { line: 67 }],
  ['no-duration', '{ expected: 20m, timeout', '{ timeout'],
  ['duplicate-key', 'title: Room', 'title: Room\n    title: Room 2', { line: 22 }],
  ['yaml', '  - id: go', '   - id: go', { column: 4 }],
  ['yaml-alias', 'id: space', 'id: &space space'],
  ['bad-value', 'holdpoint: runbook/v1', 'holdpoint: runbook/v2'],
]

const MEANING: readonly Case[] = [
  ['cycle', 'id: space', 'id: space\n    needs: [go]', { line: 20, column: 13 }],
  ['cycle', 'needs: [space, lag]', 'needs: [space, go]'],
  ['missing-need', 'needs: [space, lag]', 'needs: [space, leg]', { column: 20 }],
  ['unreachable', 'needs: [space, lag]', 'needs: [space, leg]', { line: 45 }],
  ['unreachable', 'when: verdicts', 'when: 1 > 2 # verdicts'],
  ['duplicate-id', 'id: lag', 'id: space', { column: 9 }],
  ['unknown-workstream', 'workstream: network', 'workstream: netwrk'],
  ['no-owner', '    owner: payments\n', '', { line: 76 }],
  ['no-duration', '    duration: { expected: 5m }\n', '', { nth: 2, line: 86 }],
  ['timeout-too-short', 'timeout: 45m', 'timeout: 4m'],
  ['timeout-too-short', 'timeout: 20m', 'timeout: 2m'],
  ['impossible-time', 'end: 2026-12-06T04:00', 'end: 2026-12-05T04:00'],
  ['impossible-time', 'end: 2026-12-06T02:00', 'end: 2026-12-05T02:00'],
  ['impossible-time', 'latestStart: 2026-12-05T23:30', 'latestStart: 2026-12-06T05:30'],
  ['impossible-time', 'latestStart: 2026-12-05T23:30', 'latestStart: 2026-12-05T22:05'],
  ['impossible-time', 'notBefore: 2026-12-05T22:10', 'notBefore: 2026-12-07T22:10'],
  ['impossible-time', 'notBefore: 2026-12-05T22:10', 'notBefore: 2026-02-30T22:10'],
  ['impossible-time', 'notBefore: 2026-12-05T22:10', 'notBefore: 2026-03-29T02:30'],
  ['impossible-time', 'notBefore: 2026-12-05T22:10', 'notBefore: 2026-10-25T02:30'],
  ['impossible-time', 'promisedAt: 2026-12-05T22:30', 'promisedAt: 2026-12-05T25:30'],
  ['unknown-zone', 'Europe/Berlin', 'Europe/Berln'],
  ['outage-outside-window', 'start: 2026-12-05T23:00', 'start: 2026-12-05T21:00'],
  ['does-not-fit', 'end: 2026-12-06T04:00', 'end: 2026-12-05T22:30'],
  ['late-from-the-start', 'latestStart: 2026-12-05T23:30', 'latestStart: 2026-12-05T23:30 # x', { line: 44 }],
  ['no-script', '    file: scripts/upgrade.sh\n', '', { line: 45 }],
  ['two-scripts', 'file: scripts/upgrade.sh', 'file: scripts/upgrade.sh\n    run: ./upgrade', { line: 54 }],
  ['no-script', 'run: "df -k; echo ${HOME}", ', ''],
  ['missing-file', 'file: scripts/upgrade.sh', 'file: scripts/upgrde.sh', { column: 11 }],
  ['missing-file', 'probe: probes/lag.yaml', 'probe: probes/leg.yaml'],
  ['bad-path', 'file: scripts/upgrade.sh', 'file: ../scripts/upgrade.sh'],
  ['bad-path', 'file: scripts/upgrade.sh', 'file: /etc/passwd'],
  ['spliced-variable', 'echo ${HOME}', 'echo ${version}', { column: 38 }],
  ['spliced-variable', './downgrade "$VERSION"', './downgrade "${version}"', { line: 69 }],
  ['unknown-variable', 'path: "/data/${version}"', 'path: "/data/${versoin}"', { column: 26 }],
  ['unknown-variable', 'secrets: { PGPASSWORD: password }', 'secrets: { PGPASSWORD: pasword }', { column: 28 }],
  ['not-a-secret', 'secrets: { PGPASSWORD: password }', 'secrets: { PGPASSWORD: version }'],
  ['secret-in-with', 'VERSION: "${version}", JOBS', 'VERSION: "${password}", JOBS'],
  ['secret-default', 'type: secret', 'type: secret, default: hunter2'],
  ['given-twice', 'JOBS: 4 }', 'PGPASSWORD: x }', { line: 55 }],
  ['bad-reference', '"/data/${version}"', '"/data/${version} ${1}"'],
  ['unquoted-version', 'default: "15.10"', 'default: 15.10', { column: 37 }],
  ['unquoted-version', 'JOBS: 4', 'JOBS: 15.10'],
  ['unquoted-version', 'VERSION: "${version}", JOBS', 'VERSION: 15.4, JOBS'],
  ['wrong-type', 'default: 3', 'default: 3.5'],
  ['wrong-type', 'default: false', 'default: "no"'],
  ['unused-variable', '&& vars.share < 1', '', { line: 12 }],
  ['unknown-probe', 'probe: disk.free', 'probe: disk.fre', { column: 12 }],
  ['unknown-probe', 'check: { probe: disk.free', 'check: { probe: disk.fee', { nth: 2 }],
  ['unknown-parameter', 'with: { path:', 'with: { paht:', { column: 13 }],
  ['missing-parameter', '    with: { limit: 5 }\n', '', { line: 33 }],
  ['wrong-type', 'limit: 5', 'limit: five'],
  ['criterion', 'fail: free < 20 * GiB', 'fail: fre < 20 * GiB', { column: 22 }],
  ['criterion', 'fail: free < 20 * GiB', 'fail: free <', { column: 28 }],
  ['criterion', 'fail: free < 20 * GiB', 'fail: free'],
  ['criterion', 'warn: free < 30 * GiB', 'warn: free < "a"'],
  ['criterion', 'require: { fail: free < 1 * GiB }', 'require: { fail: used < 1 * GiB }', { nth: 2 }],
  ['no-host', 'on: tag:db', 'on: tag:dbs'],
  ['no-host', '"group:standby"', '"group:primary"', { column: 15 }],
  ['no-host', 'on: db1', 'on: db9'],
  ['waves-not-growing', 'waves: [1, 50%, 100%]', 'waves: [3, 2, 100%]', { column: 16 }],
  ['waves-not-growing', 'waves: [1, 50%, 100%]', 'waves: [1, 80%, 50%, 100%]', { column: 21 }],
  ['waves-not-growing', 'waves: [1, 50%, 100%]', 'waves: [3, 50%, 100%]', { column: 16 }],
  ['waves-incomplete', 'waves: [1, 50%, 100%]', 'waves: [1, 50%]', { column: 16 }],
  ['waves-incomplete', 'waves: [1, 50%, 100%]', 'waves: [1, 2]'],
  ['backout-after-no-return', 'run: ./open', 'run: ./open\n    backout: { run: ./close, duration: 1m }', { line: 101 }],
  ['backout-after-no-return', 'run: ./open', 'run: ./open\n    onFailure: backout', { line: 101 }],
  [
    'backout-after-no-return',
    'pointOfNoReturn: true',
    'backout: { instructions: x, duration: 1m }\n    pointOfNoReturn: true',
  ],
  ['no-backout', 'needs: [switch]', 'needs: [upgrade]', { line: 94 }],
  ['manual-no-backout', '    backout: { instructions: Release it., duration: 5m }\n', '', { line: 76 }],
  ['backout-nowhere', 'backout: { instructions: Release it.', 'backout: { run: ./release'],
  ['no-script', 'backout: { instructions: Release it., ', 'backout: { '],
  [
    'no-effect',
    'approvals: { application',
    'onFailure: backout\n    approvals: { application',
    { line: 41, column: 5 },
  ],
  ['no-effect', 'needs: [open]', 'needs: [open]\n    onFailure: hold', { line: 107 }],
  ['no-effect', '{ expected: 10m }', '{ expected: 10m, timeout: 20m }', { column: 32 }],
  ['no-effect', 'duration: { expected: 5m }', 'duration: { expected: 5m, silent: 1m }', { line: 84 }],
  ['no-effect', 'Release it., duration: 5m', 'Release it., duration: 5m, check: { probe: disk.free }', { line: 85 }],
  ['no-effect', 'Release it., duration: 5m', 'Release it., duration: 5m, timeout: 9m', { line: 85, column: 57 }],
  ['condition', 'when: verdicts.space', 'when: verdicts.open', { column: 11 }],
  ['condition', 'vars.shards > 0', 'vars.shard > 0', { column: 52 }],
  ['condition', 'vars.shards > 0', 'vars.shards'],
  ['condition', 'vars.shards > 0', 'vars.password == "x"'],
  ['no-zone', 'window: {', '#window: {', { line: 8 }],
]

/** Cases whose text is made in another way than by one replacement. */
const SPECIAL: Readonly<Record<string, () => { text: string; line: number }>> = {
  'late-from-the-start': () => {
    const { text } = broken('expected: 1m }\n  - id: go', 'expected: 3h }\n  - id: go')
    return { text, line: 44 }
  },
}

describe.each([
  { kind: 'shape', cases: SHAPE },
  { kind: 'meaning', cases: MEANING },
])('$kind', ({ cases }) => {
  const named = cases.map(([rule, from, to, more]) => ({ rule, from, to, more }))
  test.each(named)('$rule: $from → $to', ({ rule, from, to, more }) => {
    const { text, line } = SPECIAL[rule]?.() ?? broken(from, to, more?.nth)
    const { faults } = checkRunbook(text, CONTEXT)
    expect(faults).toContainEqual(
      expect.objectContaining({
        rule,
        line: more?.line ?? line,
        ...(more?.column === undefined ? {} : { column: more.column }),
        message: expect.stringMatching(/\S.*\.$/),
        fix: expect.stringMatching(/\S/),
      }),
    )
  })
})

test('one slip does not hide what else is wrong', () => {
  const text = CLEAN.replace('titel', '')
    .replace('title: Room', 'titel: Room')
    .replace('needs: [space, lag]', 'needs: [space, leg]')
    .replace('default: "15.10"', 'default: 15.10')
    .replace('probe: disk.free\n    with', 'probe: disk.fre\n    with')
    .replace('expected: 20m', 'expected: twenty')
    .replace('waves: [1, 50%, 100%]', 'waves: [2, 1]')
  const { faults, document, version, isClean } = checkRunbook(text, CONTEXT)
  expect({ document, version, isClean }).toEqual({ document: null, version: null, isClean: false })
  const rules = faults.map((fault) => fault.rule)
  for (const rule of [
    'unknown-key',
    'missing-key',
    'missing-need',
    'unquoted-version',
    'unknown-probe',
    'bad-value',
    'waves-not-growing',
  ]) {
    expect(rules).toContain(rule)
  }
  expect(faults.map((fault) => fault.line)).toEqual(faults.map((fault) => fault.line).toSorted((a, b) => a - b))
})

test('what is wrong with a probe file is said where the runbook names it, each fault with its place in that file', () => {
  const { text } = broken('probe: disk.free', 'probe: probes/mine.yaml')
  const at = { severity: 'fault', line: 3, column: 9 } as const
  const inFile = [
    { ...at, rule: 'bad-value', message: 'No such type.', fix: 'Write number.' },
    { ...at, rule: 'unknown-key', message: 'No such key.', fix: 'Leave it out.', line: 8 },
  ]
  const probeFaults = new Map([['probes/mine.yaml', inFile]])
  const { faults } = checkRunbook(text, { ...CONTEXT, probeFaults })
  expect(faults.filter(({ rule }) => rule === 'probe-file').map(({ message, fix }) => `${message} ${fix}`)).toEqual([
    'probes/mine.yaml:3:9: No such type. Write number.',
    'probes/mine.yaml:8:9: No such key. Leave it out.',
  ])
})

test('a warning leaves a runbook clean', () => {
  const checked = checkRunbook(broken('timeout: 45m', 'timeout: 4m').text, CONTEXT)
  expect(checked.faults.map((fault) => fault.severity)).toEqual(['warning'])
  expect(checked.isClean).toBe(true)
})

test('onFailure of a hold point or a milestone is a fault: a person would rely on it; ask says what happens', () => {
  const gate = (word: string) => broken('needs: [space, lag]', `needs: [space, lag]\n    onFailure: ${word}`).text
  for (const word of ['hold', 'continue', 'backout'])
    expect(checkRunbook(gate(word), CONTEXT)).toMatchObject({
      isClean: false,
      faults: [{ rule: 'no-effect', severity: 'fault' }],
    })
  expect(checkRunbook(gate('ask'), CONTEXT).faults).toEqual([])
})

test('a milestone whose condition has no value is settled by a person, and may fail', () => {
  const { text } = broken('needs: [open]', 'needs: [open]\n    when: "!vars.dry"\n    onFailure: hold')
  expect(checkRunbook(text, CONTEXT).faults).toEqual([])
})

test('a time that nothing waits for is a warning', () => {
  const { text } = broken('{ expected: 10m }', '{ expected: 10m, timeout: 20m }')
  expect(checkRunbook(text, CONTEXT)).toMatchObject({ isClean: true, faults: [{ severity: 'warning' }] })
})

test('a long chain, a dense net and many circles are checked within a second', () => {
  const step = (id: string, needs: readonly string[]) =>
    `  - { id: ${id}, kind: milestone, title: x, needs: [${needs.join(', ')}] }`
  const book = (steps: readonly string[]) =>
    `holdpoint: runbook/v1\nid: x\ntitle: x\nowner: x\nsteps:\n${steps.join('\n')}\n`
  const ids = Array.from({ length: 700 }, (_, i) => `s${i}`)
  const chain = book(ids.map((id, i) => step(id, i === 0 ? [] : [`s${i - 1}`])))
  const few = ids.slice(0, 120)
  const dense = book(few.map((id, i) => step(id, few.slice(0, i))))
  const circles = book(ids.map((id, i) => step(id, [`s${(i + 1) % 700}`])))
  for (const [text, rule] of [
    [chain, null],
    [dense, null],
    [circles, 'cycle'],
  ] as const) {
    const { faults } = checkRunbook(text)
    expect(msOf(() => checkRunbook(text))).toBeLessThan(MOST_MS)
    expect(faults[0]?.rule ?? null).toBe(rule)
  }
})
