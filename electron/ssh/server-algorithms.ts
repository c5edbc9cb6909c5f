/**
 * Asks a host for the algorithms it offers, without connecting in earnest: its KEXINIT comes in clear (RFC 4253 §7.1).
 * Used only to say what both sides have when they have nothing in common.
 */
import { connect } from 'node:net'

export type ServerAlgorithms = {
  readonly keyExchanges: readonly string[]
  readonly hostKeys: readonly string[]
  readonly ciphers: readonly string[]
  readonly macs: readonly string[]
}

const KEXINIT = 20
const MOST = 256 * 1024

/** @returns null when it could not be learnt within the time */
export function askServerAlgorithms(address: string, port: number, limitMs: number): Promise<ServerAlgorithms | null> {
  return new Promise((done) => {
    const socket = connect({ host: address, port })
    let received = Buffer.alloc(0)
    const end = (found: ServerAlgorithms | null) => {
      clearTimeout(timer)
      socket.destroy()
      done(found)
    }
    const timer = setTimeout(() => end(null), limitMs)
    socket.once('connect', () => socket.write('SSH-2.0-Holdpoint\r\n'))
    socket.once('error', () => end(null))
    socket.once('close', () => end(null))
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      const found = readKexInit(received)
      if (found !== 'more') return end(found)
      if (received.length > MOST) end(null)
    })
  })
}

function readKexInit(received: Buffer): ServerAlgorithms | 'more' | null {
  // Lines before the one that starts with SSH- are a greeting.
  let start = 0
  for (;;) {
    const newline = received.indexOf(0x0a, start)
    if (newline < 0) return 'more'
    const line = received.toString('latin1', start, newline)
    start = newline + 1
    if (line.startsWith('SSH-')) break
  }
  const packet = received.subarray(start)
  if (packet.length < 6) return 'more'
  const length = packet.readUInt32BE(0)
  if (length > MOST) return null
  if (packet.length < 4 + length) return 'more'
  if (packet[5] !== KEXINIT) return null
  const lists: string[][] = []
  for (let at = 6 + 16; lists.length < 10; ) {
    if (at + 4 > packet.length) return null
    const size = packet.readUInt32BE(at)
    lists.push(packet.toString('latin1', at + 4, at + 4 + size).split(','))
    at += 4 + size
  }
  const [keyExchanges = [], hostKeys = [], ciphers = [], , macs = []] = lists
  return { keyExchanges, hostKeys, ciphers, macs }
}
