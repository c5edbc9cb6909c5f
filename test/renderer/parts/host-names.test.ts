import { expect, test } from 'vitest'
import { groupHosts, inHostOrder, showHosts, tailOf } from '../../../renderer/parts/host-names.ts'

test('three or more neighbours are one range; two are named, and so is everything apart', () => {
  expect(showHosts(['app1', 'app2'])).toBe('app1, app2')
  expect(showHosts(['ord-app-03', 'ord-app-04', 'ord-app-05', 'ord-app-07', 'db1'])).toBe(
    'ord-app-03 to 05, ord-app-07, db1',
  )
  expect(showHosts(['web09', 'web10', 'web11'])).toBe('web09 to 11')
  // Another width is another name: a9 and a10 are not written alike.
  expect(showHosts(['a8', 'a9', 'a10'])).toBe('a8, a9, a10')
  expect(showHosts([])).toBe('')
})

test('hosts stand in the order in which people count', () => {
  expect(inHostOrder(['app10', 'app2', 'db1', 'app1'])).toEqual(['app1', 'app2', 'app10', 'db1'])
})

test('groups hold together what shares a stem, however it was mixed', () => {
  expect(groupHosts(['app-02', 'db1', 'app-01', 'gateway'])).toEqual([
    {
      name: 'app',
      hosts: [
        { host: 'app-01', short: '01' },
        { host: 'app-02', short: '02' },
      ],
    },
    { name: 'db', hosts: [{ host: 'db1', short: '1' }] },
    { name: 'gateway', hosts: [{ host: 'gateway', short: 'gat' }] },
  ])
})

test('a domain behind the number hides it neither from the heads nor from the order', () => {
  const hosts = ['app-10.int.example', 'app-02.int.example', 'app-02.dmz.example']
  expect(groupHosts(hosts)).toEqual([
    {
      name: 'app',
      hosts: [
        { host: 'app-02.int.example', short: '02' },
        { host: 'app-10.int.example', short: '10' },
      ],
    },
    { name: 'app', hosts: [{ host: 'app-02.dmz.example', short: '02' }] },
  ])
  // Neighbours by number, in two domains: two hosts and no range.
  expect(showHosts(['a1.x', 'a2.x', 'a3.y'])).toBe('a1.x, a2.x, a3.y')
  expect(showHosts(['a1.x', 'a2.x', 'a3.x'])).toBe('a1.x to 3')
  // An address has no domain.
  expect(groupHosts(['10.0.0.11', '10.0.0.12']).map((group) => group.hosts.map((one) => one.short))).toEqual([
    ['11', '12'],
  ])
  expect('orders-frankfurt-app-07.int.shop.example'.slice(-tailOf('app-07.int.shop.example'))).toBe(
    '-07.int.shop.example',
  )
})
