/** Opens the way that fits where this page is shown. */
import type { Link, Refused } from './client.ts'
import { openPort } from './port.ts'
import { openSocket } from './socket.ts'

export function openLink(): Promise<Link | Refused> {
  return location.protocol === 'app:' ? openPort() : openSocket()
}
