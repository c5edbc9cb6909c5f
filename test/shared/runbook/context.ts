/** What the runbooks of test/fixtures/runbook stand beside: their probes, files and hosts. */
import { readFileSync } from 'node:fs'
import { parseProbe } from '../../../shared/criteria/parse-probe.ts'
import type { ProbeDefinition } from '../../../shared/criteria/probe.ts'
import type { Host } from '../../../shared/model/inventory.ts'
import type { CheckContext } from '../../../shared/runbook/check.ts'

export function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/runbook/${name}`, import.meta.url), 'utf8')
}

function builtIn(id: string): ProbeDefinition {
  const text = readFileSync(new URL(`../../../resources/prechecks/${id}.yaml`, import.meta.url), 'utf8')
  const { definition } = parseProbe(text)
  if (definition === null) throw new Error(`${id} does not parse`)
  return definition
}

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
  probes: new Map([
    ['disk.free', builtIn('disk.free')],
    ['pg.ready', builtIn('pg.ready')],
    ['probes/lag.yaml', lag],
  ]),
  hosts: [host('db1'), host('db2', ['db'], ['standby']), host('db3', ['db'], ['standby']), host('web1', ['web'])],
}
