/** The ways in which a host is not reached, each with its own code and words: what happened, where, what to do. */
import type { FailureCode } from '../../shared/model/words.ts'
import type { Host } from '../../shared/model/inventory.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { ReachFailure } from '../engine/ports.ts'
import type { HostKeyVerdict } from './known-hosts.ts'

export function failure(code: FailureCode, message: string): ReachFailure {
  return { failed: true, code, message }
}

export function isFailure(value: object): value is ReachFailure {
  return 'failed' in value && value.failed === true
}

/** `app1 (10.0.0.7:22)`, as messages name a host. */
export function place(host: Host): string {
  const address = host.address.includes(':') ? `[${host.address}]` : host.address
  return `${host.name} (${address}:${host.port})`
}

/** An error of the socket before the host said anything. */
export function socketFailure(host: Host, error: Error, connectMs: number): ReachFailure {
  const where = place(host)
  const code = errorCode(error)
  switch (code) {
    case 'ECONNREFUSED':
      return failure(
        'refused',
        `${where} refused the connection: nothing listens on port ${host.port}. Is sshd running there, and is this its port?`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return failure(
        'unreachable',
        `${host.name}: the address “${host.address}” is not known to DNS (${code}). Check its spelling in the inventory, or the name servers of this machine.`,
      )
    case 'ETIMEDOUT':
      return timedOut(host, connectMs)
    case 'ECONNRESET':
    case 'EPIPE':
      return closedEarly(host)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return failure(
        'unreachable',
        `${where} cannot be reached: there is no route to it (${code}). Check the network, the VPN, or whether a jump host is needed.`,
      )
    default:
      return failure('unreachable', `${where} cannot be reached: ${error.message}.`)
  }
}

export function timedOut(host: Host, connectMs: number): ReachFailure {
  return failure(
    'timed-out',
    `${place(host)} did not answer within ${seconds(connectMs)}. The host may be down, or a firewall drops what is sent to port ${host.port}.`,
  )
}

export function silent(host: Host, waitedMs: number, during: string): ReachFailure {
  return failure(
    'timed-out',
    `${place(host)} took the connection and then said nothing for ${seconds(waitedMs)} (${during}). The host may hang, or something else than sshd listens there.`,
  )
}

const early = new WeakSet<ReachFailure>()

/** @param said what came before the end and was not SSH, such as `Exceeded MaxStartups` */
export function closedEarly(host: Host, said = ''): ReachFailure {
  const words = said.trim().slice(0, 200)
  const closed = failure(
    'refused',
    `${place(host)} closed the connection before it greeted${words === '' ? '' : `, saying “${words}”`}. sshd may be over its MaxStartups, or a rule there turns this machine away.`,
  )
  early.add(closed)
  return closed
}

/** Nothing had been said yet: another try costs nothing, and often succeeds. */
export function isClosedEarly(made: ReachFailure): boolean {
  return early.has(made)
}

export function linkLost(host: Host, what: string): ReachFailure {
  return failure('link-lost', `The link to ${place(host)} was lost: ${what}.`)
}

export function cancelled(host: Host): ReachFailure {
  return failure('cancelled', `Connecting to ${place(host)} was stopped before it was done. Nothing ran there.`)
}

export function hostKeyFailure(
  host: Host,
  found: Exclude<HostKeyVerdict, { readonly verdict: 'known' }>,
): ReachFailure {
  const where = place(host)
  const { offered } = found
  switch (found.verdict) {
    case 'unknown':
      return {
        failed: true,
        code: 'host-key-unknown',
        message:
          `${where} is met for the first time. It shows the ${offered.type} key ${offered.fingerprint}. ` +
          'Compare it with what the owner of the host says, then accept it.' +
          (found.hasAuthority
            ? ' (known_hosts names a certificate authority for it; host certificates cannot be used yet.)'
            : ''),
        hostKey: { offered, known: [] },
      }
    case 'changed':
      return {
        failed: true,
        code: 'host-key-changed',
        message:
          `The key of ${where} has changed, and nothing was sent to it. It shows ${offered.type} ${offered.fingerprint}; known is ` +
          `${found.known.map((key) => `${key.type} ${key.fingerprint} (${key.source})`).join(', ')}. ` +
          'The host was set up anew, or someone stands in between: ask its owner before you accept it.',
        hostKey: { offered, known: found.known },
      }
    case 'revoked':
      return {
        failed: true,
        code: 'host-key-revoked',
        message:
          `${where} shows the ${offered.type} key ${offered.fingerprint}, which ${found.known.map((key) => key.source).join(', ')} ` +
          'marks as revoked. Nothing was sent to it. A revoked key cannot be accepted here: take the mark out first if it is wrong.',
        hostKey: { offered, known: found.known },
      }
  }
}

export function authenticationRefused(
  host: Host,
  user: string,
  tried: readonly string[],
  accepts: readonly string[],
): ReachFailure {
  const attempts = tried.length === 0 ? 'There was nothing to try.' : `Tried: ${tried.join('; ')}.`
  const wanted = accepts.length === 0 ? '' : ` It accepts: ${accepts.join(', ')}.`
  return failure(
    'authentication-refused',
    `${place(host)} did not let ${user} in. ${attempts}${wanted} Check the user and the identity in the inventory, or add the public key to authorized_keys there.`,
  )
}

export function seconds(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${(ms / 1000).toFixed(1)} s`
}
