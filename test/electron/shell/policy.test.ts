/** Each door of the desktop shell is tried and refused, and the lawful request beside it succeeds. */
import { describe, expect, test } from 'vitest'
import {
  fileOfRequest,
  mayHavePermission,
  mayNavigate,
  mayOpenOutside,
  maySend,
  START_URL,
  webPreferences,
} from '../../../electron/shell/policy.ts'

describe('files', () => {
  test('the page and its assets are read', () => {
    expect(fileOfRequest('GET', START_URL)).toBe('index.html')
    expect(fileOfRequest('HEAD', 'app://holdpoint/assets/index-1.js')).toBe('assets/index-1.js')
  })

  test.each([
    ['POST', 'app://holdpoint/'],
    ['GET', 'file:///etc/passwd.txt'],
    ['GET', 'https://holdpoint/index.html'],
    ['GET', 'app://elsewhere/index.html'],
    ['GET', 'app://holdpoint:80/index.html'],
    ['GET', 'app://user@holdpoint/index.html'],
    ['GET', 'app://holdpoint.example/index.html'],
    ['GET', 'app://holdpoint/assets/../../node/host.js'],
    ['GET', 'app://holdpoint/%2e%2e/node/host.js'],
    ['GET', 'app://holdpoint/..%2fnode%2fhost.js'],
    ['GET', 'app://holdpoint/..\\node\\host.js'],
    ['GET', 'app://holdpoint/assets/a.sh'],
    ['GET', 'not a url'],
  ])('%s %s is refused', (method, url) => {
    expect(fileOfRequest(method, url)).toBeNull()
  })
})

describe('navigation', () => {
  test('within the own page by its fragment', () => {
    expect(mayNavigate(START_URL)).toBe(true)
    expect(mayNavigate(`${START_URL}#/run/1`)).toBe(true)
  })

  test.each([
    'https://example.org/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:app://holdpoint/1',
    'about:blank',
    'app://elsewhere/',
    'app://holdpoint/assets/index.js',
    'app://holdpoint/?x=1',
    'app://user:pw@holdpoint/',
    '',
  ])('%j is refused', (url) => {
    expect(mayNavigate(url)).toBe(false)
  })
})

test('no permission is given', () => {
  for (const permission of [
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'fullscreen',
    'openExternal',
    'usb',
  ]) {
    expect(mayHavePermission(permission)).toBe(false)
  }
})

test('only the web is opened outside', () => {
  expect(mayOpenOutside('https://example.org/ticket/42')).toBe(true)
  for (const url of [
    'http://example.org/',
    'file:///bin/sh',
    'smb://host/x',
    'https://user:pw@example.org/',
    'calc:',
    '',
  ]) {
    expect(mayOpenOutside(url)).toBe(false)
  }
})

describe('who gets a port', () => {
  const page = { url: START_URL, isMainFrame: true, isOwnContents: true }

  test('the page of the window', () => {
    expect(maySend(page)).toBe(true)
    expect(maySend({ ...page, url: `${START_URL}#/run` })).toBe(true)
  })

  test.each([
    ['a frame inside it', { ...page, isMainFrame: false }],
    ['another window', { ...page, isOwnContents: false }],
    ['a foreign page', { ...page, url: 'https://example.org/' }],
    ['a frame that is gone', { ...page, url: null }],
  ])('not %s', (_who, sender) => {
    expect(maySend(sender)).toBe(false)
  })
})

test('the page has no privileges, and no tools of a developer in a package', () => {
  expect(webPreferences(false)).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    devTools: false,
  })
  expect({ ...webPreferences(true), devTools: false }).toEqual(webPreferences(false))
})
