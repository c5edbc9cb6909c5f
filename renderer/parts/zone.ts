/** The zone that times are shown in where no window names one: this machine's. */
let zone: string | null = null

export function localZone(): string {
  zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone
  return zone
}
