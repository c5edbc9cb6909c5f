/** The way in over the WebSocket: who is let in, who is not, and what happens to those who leave or do not read. */
import { describe, expect, test } from 'vitest'
import { enterByLink, startStage } from './stage.ts'

describe('a page that came by a link', () => {
  test('calls procedures', async () => {
    await using stage = await startStage()
    const { client, socket } = await enterByLink(stage)
    expect(await client.add({ a: 2, b: 3 })).toBe(5)
    socket.close()
  })
})
