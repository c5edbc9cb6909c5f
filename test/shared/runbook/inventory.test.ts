import { expect, test } from 'vitest'
import { Host } from '../../../shared/model/inventory.ts'
import { parseInventory, resolveHosts } from '../../../shared/runbook/inventory.ts'
import { fixture } from './context.ts'

const TEXT = fixture('hosts.yaml')

test('defaults, then groups, then the host: the later wins, tags add up', () => {
  const { inventory, faults } = parseInventory(TEXT)
  expect(faults).toEqual([])
  if (inventory === null) return
  const hosts = resolveHosts(inventory)
  expect(hosts.map((host) => Host.parse(host))).toEqual([
    {
      name: 'db1',
      address: '10.0.0.1',
      port: 22,
      user: 'deploy',
      identity: null,
      tags: ['linux', 'db'],
      groups: [],
      isPractice: false,
    },
    {
      name: 'db2',
      address: 'db2.example',
      port: 22,
      user: 'dba',
      identity: '~/.ssh/dba',
      tags: ['linux', 'replica', 'db'],
      groups: ['standby'],
      isPractice: false,
    },
    {
      name: 'db3',
      address: 'db3',
      port: 2022,
      user: 'dba',
      identity: '~/.ssh/dba',
      tags: ['linux', 'replica', 'db'],
      groups: ['standby', 'old'],
      isPractice: false,
    },
    {
      name: 'web1',
      address: 'web1',
      port: 22,
      user: 'deploy',
      identity: null,
      tags: ['linux'],
      groups: [],
      isPractice: false,
    },
  ])
  expect(resolveHosts(inventory, true).every((host) => host.isPractice)).toBe(true)
})

test.each([
  ['user: deploy', 'usr: deploy', 'unknown-key', 4],
  ['port: 22\n', 'port: 0\n', 'bad-value', 5],
  ['port: 22\n', 'port: ssh\n', 'wrong-type', 5],
  ['hosts: [db2, db3]', 'hosts: [db2, db4]', 'unknown-host', 12],
  ['hosts: [db2, db3]', 'hosts: [db2, db2]', 'duplicate-host', 12],
  ['hosts: [db2, db3]', 'hosts: []', 'bad-value', 12],
  ['      - db3', '      - db 3', 'bad-value', 16],
  ['  web1:', '  DB1:', 'duplicate-host', 23],
  ['  web1:', '  db3:', 'duplicate-key', 23],
  ['  web1:', '  -web1:', 'bad-name', 23],
  ['tags: [linux]', 'tags: linux', 'wrong-type', 6],
  ['hosts/v1', 'hosts/v2', 'bad-value', 2],
])('%j → %j is a fault', (from, to, rule, line) => {
  expect(TEXT).toContain(from)
  const { inventory, faults } = parseInventory(TEXT.replace(from, to))
  expect(inventory).toBeNull()
  expect(faults).toContainEqual(expect.objectContaining({ rule, line }))
})

test('an inventory without hosts is none', () => {
  expect(parseInventory('holdpoint: hosts/v1\nhosts: {}\n').faults[0]).toMatchObject({ rule: 'no-hosts', line: 2 })
})
