/** A console's log by name. The whole name is in details; two consoles are told apart by the short one. */

/** `a4658db4…/5c221c03`: the installation's first digits and the incarnation. */
export function shortOrigin(origin: string): string {
  const [, id = '', incarnation = ''] = origin.split('/')
  return id === '' ? origin : `${id.slice(0, 8)}…/${incarnation}`
}

/** Where the log of this name lies in an archive. */
export function originFolder(origin: string): string {
  return origin.split('/').slice(1).join('/')
}

/** `this console`, `this console, earlier log`, `another console`. */
export function whoseLog(origin: string, own: string | null): string {
  if (own === null) return 'a console'
  if (origin === own) return 'this console'
  return origin.split('/')[1] === own.split('/')[1] ? 'this console, earlier log' : 'another console'
}

/** `1ed9 425a … 08d9`: enough to compare with a glance; the whole stands in details. */
export function shortHash(hash: string): string {
  if (hash.length < 16) return hash
  return `${hash.slice(0, 4)} ${hash.slice(4, 8)} … ${hash.slice(-4)}`
}
