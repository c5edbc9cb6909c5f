/** Sizes, counts and shares as people read them: binary units, thousands comma, a space before every unit. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `812 B`, `64 KiB`, `1.5 GiB`: three digits at most. */
export function showSize(bytes: number): string {
  const positive = Math.abs(bytes)
  let unit = 0
  let value = positive
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  const text = value.toFixed(digits).replace(/\.0$/, '')
  return `${bytes < 0 ? '−' : ''}${showCountText(text)} ${UNITS[unit]}`
}

function showCountText(digits: string): string {
  const [whole = '', fraction] = digits.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** `184,202`. */
export function showCount(count: number): string {
  return `${count < 0 ? '−' : ''}${showCountText(String(Math.abs(Math.trunc(count))))}`
}

/** `3 hosts`, `1 host`: the number and its noun. */
export function showNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${showCount(count)} ${count === 1 ? one : many}`
}

/** A share of 1 as `62 %`. Never `100 %` before it is all, nor `0 %` once it is something. */
export function showShare(share: number): string {
  const rounded = Math.round(share * 100)
  if (rounded === 100 && share < 1) return '99 %'
  if (rounded === 0 && share > 0) return '1 %'
  return `${rounded} %`
}
