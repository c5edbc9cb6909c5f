import { expect, test } from 'vitest'
import { nameOf } from '../../../renderer/parts/keys.ts'

const press = (key: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

test('keys have the names that screens use', () => {
  expect(press('Enter', { ctrlKey: true })).toBe('Ctrl+Enter')
  expect(press('Enter', { metaKey: true })).toBe('Ctrl+Enter')
  expect(press('N', { shiftKey: true })).toBe('n')
  expect(press('?', { shiftKey: true })).toBe('?')
  expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft')
  expect(press('[')).toBe('[')
})
