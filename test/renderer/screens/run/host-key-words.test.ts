import { expect, test } from 'vitest'
import { hostKeyWords } from '../../../../renderer/screens/run/host-key-words.ts'

const key = { type: 'ssh-ed25519', fingerprint: 'SHA256:old' }
const asked = { host: 'db1', isChanged: false, isRevoked: false, offered: key, known: [] }

test('a revoked key is told apart from a changed one, with each file and line that revokes it', () => {
  const known = ['/home/anna/holdpoint/known_hosts:3', 'C:\\Users\\anna\\.ssh\\known_hosts:41']
  const words = hostKeyWords({ ...asked, isRevoked: true, known: known.map((source) => ({ ...key, source })) })
  expect(words.title).toBe('The key of db1 is revoked')
  expect(words.whatToDo).toContain(
    'delete line 3 of /home/anna/holdpoint/known_hosts and line 41 of C:\\Users\\anna\\.ssh\\known_hosts, then try',
  )
})

test('of other keys there is nothing to do in a file', () => {
  expect(hostKeyWords(asked)).toMatchObject({ title: 'db1 is not known yet', whatToDo: null })
  expect(hostKeyWords({ ...asked, isChanged: true })).toMatchObject({
    title: 'The key of db1 has changed',
    whatToDo: null,
  })
})
