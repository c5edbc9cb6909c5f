/** The id of a person in the log, made from their name. FORMAT.md section 6. */

/** `Ada Lovelace` → `ada-lovelace`, and `ada-lovelace-2` where that is taken. */
export function freeOperatorId(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 60)
  const id = plain === '' ? 'operator' : plain
  for (let at = 1; ; at++) {
    const candidate = at === 1 ? id : `${id}-${at}`
    if (!taken.has(candidate)) return candidate
  }
}
