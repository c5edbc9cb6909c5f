/** What the runbooks of test/fixtures/runbook stand beside: their probes, files and hosts. */
import { readdirSync, readFileSync } from 'node:fs'
import { parseProbe } from '../../../shared/criteria/parse-probe.ts'
import type { ProbeDefinition } from '../../../shared/criteria/probe.ts'
import type { Host } from '../../../shared/model/inventory.ts'
import type { CheckContext } from '../../../shared/runbook/check.ts'
import { parseInventory, resolveHosts } from '../../../shared/runbook/inventory.ts'

export function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/runbook/${name}`, import.meta.url), 'utf8')
}

const RESOURCES = new URL('../../../resources/', import.meta.url)

function probeAt(path: string): ProbeDefinition {
  const { definition, faults } = parseProbe(readFileSync(new URL(path, RESOURCES), 'utf8'))
  if (definition === null) throw new Error(`${path} does not parse: ${JSON.stringify(faults)}`)
  return definition
}

export const BUILT_IN: ReadonlyMap<string, ProbeDefinition> = new Map(
  readdirSync(new URL('prechecks/', RESOURCES)).map((file) => [
    file.replace(/\.yaml$/, ''),
    probeAt(`prechecks/${file}`),
  ]),
)

const LAG = `holdpoint: probe/v1
id: lag
title: Lag
with:
  limit: { type: integer, description: Seconds }
values:
  lag_s: { type: number, unit: s, description: Behind }
require: { fail: lag_s > 60 }
script: echo lag_s=1
`

export function host(name: string, tags: readonly string[] = ['db'], groups: readonly string[] = []): Host {
  return {
    name,
    address: name,
    port: 22,
    user: null,
    identity: null,
    tags: [...tags],
    groups: [...groups],
    isPractice: false,
  }
}

const lag = parseProbe(LAG).definition
if (lag === null) throw new Error('the probe of the fixture does not parse')

export const CONTEXT: CheckContext = {
  files: new Set(['scripts/upgrade.sh', 'scripts/downgrade.sh', 'probes/lag.yaml']),
  probes: new Map([...BUILT_IN, ['probes/lag.yaml', lag]]),
  hosts: [host('db1'), host('db2', ['db'], ['standby']), host('db3', ['db'], ['standby']), host('web1', ['web'])],
}

export const SAMPLES: readonly string[] = readdirSync(new URL('samples/', RESOURCES))

export type Sample = {
  readonly folder: URL
  readonly text: string
  readonly hostsText: string
  readonly answersText: string
  readonly context: CheckContext
}

export function readSample(name: string): Sample {
  const folder = new URL(`samples/${name}/`, RESOURCES)
  const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')
  const list = (kind: string) => readdirSync(new URL(`${kind}/`, folder)).map((file) => `${kind}/${file}`)
  const hostsText = read('hosts.yaml')
  const { inventory } = parseInventory(hostsText)
  if (inventory === null) throw new Error(`${name}/hosts.yaml does not parse`)
  return {
    folder,
    text: read('runbook.yaml'),
    hostsText,
    answersText: read('answers.yaml'),
    context: {
      files: new Set([...list('scripts'), ...list('probes')]),
      probes: new Map([
        ...BUILT_IN,
        ...list('probes').map((path) => [path, probeAt(`samples/${name}/${path}`)] as const),
      ]),
      hosts: resolveHosts(inventory, true),
    },
  }
}
