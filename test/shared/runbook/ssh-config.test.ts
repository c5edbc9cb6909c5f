import { expect, test } from 'vitest'
import { hostsFromSshConfig } from '../../../shared/runbook/ssh-config.ts'
import { msOf, MOST_MS } from '../text/pace.ts'

const CONFIG = `
# Names, not patterns, are hosts.
User everyone
Host db1 db2
  HostName = 10.0.0.1
  Port 2222
  User dba
host "web 1" web2   # a comment
  IdentityFile "~/.ssh/web key"
Host *.prod !gate.prod
  User prod
Host app.prod gate.prod
Match host db1
  User never
Include other.conf
Host bad
  Port ninety
Host *
  User late
  IdentityFile ~/.ssh/id
`

test('the first value for a host wins, as in OpenSSH', () => {
  const hosts = hostsFromSshConfig(CONFIG)
  expect(hosts.map((host) => host.name)).toEqual(['db1', 'db2', 'web2', 'app.prod', 'gate.prod', 'bad'])
  expect(hosts[0]).toEqual({
    name: 'db1',
    address: '10.0.0.1',
    port: 2222,
    user: 'everyone',
    identity: '~/.ssh/id',
    tags: [],
    groups: [],
    isPractice: false,
  })
  expect(hosts.find((host) => host.name === 'web2')?.identity).toBe('~/.ssh/web key')
  expect(hosts.find((host) => host.name === 'bad')?.port).toBe(22)
})

test('a pattern gives values to the hosts it fits, except those it refuses', () => {
  const hosts = hostsFromSshConfig(
    'Host *.prod !gate.prod\n User prod\nHost app.prod gate.prod x?\nHost xy\nHost x?\n Port 7',
  )
  expect(hosts.map((host) => [host.name, host.user, host.port])).toEqual([
    ['app.prod', 'prod', 22],
    ['gate.prod', null, 22],
    ['xy', null, 7],
  ])
})

test('whatever it is, it ends', () => {
  const hostile = [
    '',
    'Host',
    'Host *'.repeat(1000),
    `Host ${'*a'.repeat(2000)}\nHost ${'a'.repeat(120)}`,
    '"'.repeat(5000),
  ]
  for (const text of hostile) expect(Array.isArray(hostsFromSshConfig(text))).toBe(true)
  const many = Array.from({ length: 3000 }, (_, i) => `Host h${i}\n Port ${i}`).join('\n')
  expect(msOf(() => hostsFromSshConfig(many))).toBeLessThan(MOST_MS)
})
