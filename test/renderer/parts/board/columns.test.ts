import { expect, test } from 'vitest'
import { columnsInView, columnsOf, scrollToHost } from '../../../../renderer/parts/board/columns.ts'
import { groupHosts } from '../../../../renderer/parts/host-names.ts'

const hosts = Array.from({ length: 200 }, (_, index) => `node-${String(index).padStart(3, '0')}`)
const { columns, width } = columnsOf(groupHosts(hosts))

test('every host has a column of its own, 20 px apart', () => {
  expect(new Set(columns.map((column) => column.left)).size).toBe(200)
  expect(columns[1]?.left).toBe((columns[0]?.left ?? 0) + 20)
  expect(width).toBe(200 * 20 + 12)
})

test('only what is in view is drawn', () => {
  const shown = columnsInView(columns, 1000, 320)
  expect(shown.length).toBeLessThan(22)
  expect(shown.every((column) => column.left > 940 && column.left < 1360)).toBe(true)
})

test('a chosen host is brought into view, and one that is in view moves nothing', () => {
  const from = scrollToHost(columns, 'node-150', 0, 320)
  expect(columnsInView(columns, from, 320).some((column) => column.host === 'node-150')).toBe(true)
  expect(scrollToHost(columns, 'node-150', from, 320)).toBe(from)
  expect(scrollToHost(columns, 'node-000', from, 320)).toBe(0)
  expect(scrollToHost(columns, 'not-there', from, 320)).toBe(from)
})
