/** Hosts of ~/.ssh/config: all of them where a runbook brings no inventory, and what fills in an inventory that leaves things open. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostsOf } from '../../../electron/engine/freeze.ts'
import { libraryIn } from '../../../electron/library/runbook-folder.ts'
import { isRefusal } from '../../../shared/model/commands.ts'

const CONFIG = [
  'Host db1',
  '  HostName 10.1.2.3',
  '  User ops',
  '  Port 2222',
  '  IdentityFile ~/.ssh/db',
  'Host app1',
  '  HostName app.example',
  '',
].join('\n')
const RUNBOOK =
  'holdpoint: runbook/v1\nid: a\ntitle: A\nowner: O\nsteps:\n  - { id: m, kind: milestone, title: M, duration: { expected: 1m } }\n'

async function hostsWith(inventory: string | null) {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-hosts-'))
  try {
    return await readHosts(folder, inventory)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function readHosts(folder: string, inventory: string | null) {
  await mkdir(join(folder, 'ssh'))
  await writeFile(join(folder, 'ssh/config'), CONFIG)
  await writeFile(join(folder, 'runbook.yaml'), RUNBOOK)
  if (inventory !== null) await writeFile(join(folder, 'hosts.yaml'), inventory)
  const loaded = await libraryIn(folder, join(folder, 'ssh/config')).load(join(folder, 'runbook.yaml'))
  if (isRefusal(loaded)) throw new Error(loaded.message)
  const hosts = hostsOf(loaded, null)
  if (isRefusal(hosts)) throw new Error(hosts.message)
  return hosts.map(({ name, address, port, user, identity }) => ({ name, address, port, user, identity }))
}

test('without an inventory, the hosts are those of the configuration', async () => {
  expect(await hostsWith(null)).toEqual([
    { name: 'db1', address: '10.1.2.3', port: 2222, user: 'ops', identity: '~/.ssh/db' },
    { name: 'app1', address: 'app.example', port: 22, user: null, identity: null },
  ])
})

test('an inventory says who the hosts are; what it leaves open is filled in, what it says stands', async () => {
  const inventory =
    'holdpoint: hosts/v1\nhosts:\n  db1: { user: dba, tags: [db] }\n  app1: { address: 192.0.2.7 }\n  other: {}\n'
  expect(await hostsWith(inventory)).toEqual([
    { name: 'db1', address: '10.1.2.3', port: 2222, user: 'dba', identity: '~/.ssh/db' },
    { name: 'app1', address: '192.0.2.7', port: 22, user: null, identity: null },
    { name: 'other', address: 'other', port: 22, user: null, identity: null },
  ])
})
