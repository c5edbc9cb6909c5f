/** Which shell a start gets. */
import { describe, expect, test } from 'vitest'
import { chooseShell, hasDisplay, startOptions } from '../../../electron/entry/choose-shell.ts'
import { defaultDataFolder } from '../../../electron/entry/folders.ts'

const desk = { hasDisplay: true, isRoot: false, hasElectron: true }

describe('chooseShell', () => {
  test('the desktop shell where there is all it needs', () => {
    expect(chooseShell(desk, null)).toEqual({ shell: 'desktop' })
    expect(chooseShell({ ...desk, hasElectron: false }, null)).toEqual({ shell: 'desktop-if-fetched' })
  })

  test('else the browser shell, with the reason', () => {
    expect(chooseShell({ ...desk, isRoot: true }, null)).toEqual({ shell: 'browser', why: 'it does not run as root' })
    expect(chooseShell({ ...desk, hasDisplay: false }, null)).toEqual({ shell: 'browser', why: 'there is no display' })
  })

  test('--browser wins, --desktop never falls back in silence', () => {
    expect(chooseShell(desk, 'browser').shell).toBe('browser')
    expect(chooseShell({ ...desk, isRoot: true }, 'desktop')).toEqual({ shell: 'none', why: 'it does not run as root' })
    expect(chooseShell({ ...desk, hasElectron: false }, 'desktop').shell).toBe('desktop-if-fetched')
  })
})

test('hasDisplay', () => {
  expect(hasDisplay('linux', {})).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
  expect(hasDisplay('darwin', {})).toBe(true)
  expect(hasDisplay('darwin', { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' })).toBe(false)
})

test('startOptions keeps its own words and passes the rest on', () => {
  expect(startOptions([], '/d')).toEqual({ forced: null, args: ['--data', '/d', '--practice'] })
  expect(startOptions(['--browser', '--port', '4711'], '/d')).toEqual({
    forced: 'browser',
    args: ['--data', '/d', '--practice', '--port', '4711'],
  })
  expect(startOptions(['--data', '/mine', '--practice'], '/d').args).toEqual(['--data', '/mine', '--practice'])
  expect(startOptions(['--data=/mine', '--no-practice', '--desktop'], '/d')).toEqual({
    forced: 'desktop',
    args: ['--data=/mine'],
  })
})

test('the data folder follows the platform', () => {
  const home = '/home/kim'
  expect(defaultDataFolder({ platform: 'linux', home, env: {} })).toBe('/home/kim/.local/share/holdpoint')
  expect(defaultDataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: '/data' } })).toBe('/data/holdpoint')
  expect(defaultDataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: 'data' } })).toBe(
    '/home/kim/.local/share/holdpoint',
  )
  expect(defaultDataFolder({ platform: 'darwin', home, env: {} })).toBe(
    '/home/kim/Library/Application Support/Holdpoint',
  )
  expect(defaultDataFolder({ platform: 'win32', home, env: { LOCALAPPDATA: '/local' } })).toBe('/local/Holdpoint')
})
