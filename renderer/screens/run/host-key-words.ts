/** What a host's key is told as, and what a person does about one that is marked as revoked: that is done in a file. */
import type { HostKeyQuestion } from '../../store/runs.ts'

export type HostKeyWords = { readonly title: string; readonly about: string; readonly whatToDo: string | null }

export function hostKeyWords({ host, isChanged, isRevoked, known }: HostKeyQuestion): HostKeyWords {
  if (isRevoked) {
    return {
      title: `The key of ${host} is revoked`,
      about:
        'It shows a key that is marked as revoked: when another key of this host was accepted here, the one before it was marked so, or whoever keeps the file did it. Whoever has the old key is not taken for the host. Nothing was sent.',
      whatToDo: `It cannot be accepted here. If the host rightly has this key again, delete ${places(known)}, then try what failed again: unless it is known from elsewhere, it is then asked about as a changed key. If not, ask the owner of the host who has its old key.`,
    }
  }
  return isChanged
    ? {
        title: `The key of ${host} has changed`,
        about: 'Someone may be between this console and the host, or the host was installed anew. Nothing was sent.',
        whatToDo: null,
      }
    : {
        title: `${host} is not known yet`,
        about:
          'This console has not connected to it before. Compare the fingerprint with one that you got another way. Nothing was sent.',
        whatToDo: null,
      }
}

/** `line 3 of /home/anna/.ssh/known_hosts`, from `file:line`. */
function places(known: HostKeyQuestion['known']): string {
  const where = known.map(({ source }) => {
    const colon = source.lastIndexOf(':')
    return colon === -1 ? source : `line ${source.slice(colon + 1)} of ${source.slice(0, colon)}`
  })
  return where.join(' and ')
}
