/** The code of an error, as the system and our own errors carry it (`ENOENT`, `disk-full`); '' when there is none. */
export function errorCode(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return ''
  return typeof cause.code === 'string' ? cause.code : ''
}
