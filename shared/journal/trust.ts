/** What is pinned from outside: the trust file and the high-water mark. FORMAT.md section 10. */
import { z } from 'zod'
import { OriginName } from './act.ts'

const Digest = z.string().regex(/^[0-9a-f]{64}$/)

/** @property genesis plain SHA-256 of the genesis header, hex @property root hex, at `size` */
export const Pin = z.strictObject({ origin: OriginName, genesis: Digest, size: z.int().min(0), root: Digest })
export type Pin = z.infer<typeof Pin>

/** The last head a console saw of its own journal. @property root hex */
export const Mark = z.strictObject({ origin: OriginName, size: z.int().min(0), root: Digest })
export type Mark = z.infer<typeof Mark>

export const TRUST_FIRST_LINE = '# holdpoint trust v1'

export function formatTrust(pins: readonly Pin[]): string {
  return [TRUST_FIRST_LINE, ...pins.map((pin) => `${pin.origin} ${pin.genesis} ${pin.size} ${pin.root}`), ''].join('\n')
}

export type FileFault = { readonly line: number; readonly message: string }

/** Reads a trust file. Two lines for one origin are a fault. */
export function parseTrust(text: string): { readonly pins: readonly Pin[] } | FileFault {
  const lines = text.split('\n')
  if (lines[0]?.trimEnd() !== TRUST_FIRST_LINE)
    return { line: 1, message: `the first line must be "${TRUST_FIRST_LINE}"` }
  const pins: Pin[] = []
  for (const [at, whole] of lines.entries()) {
    const line = whole.trimEnd()
    if (line === '' || line.startsWith('#')) continue
    const [origin, genesis, size, root, ...more] = line.split(' ')
    const pin = Pin.safeParse({
      origin,
      genesis,
      size: /^(0|[1-9][0-9]*)$/.test(size ?? '') ? Number(size) : null,
      root,
    })
    if (!pin.success || more.length > 0) {
      return { line: at + 1, message: 'expected: origin, genesis hash, size, root, one space between' }
    }
    if (pins.some((other) => other.origin === pin.data.origin)) {
      return { line: at + 1, message: `${pin.data.origin} is pinned twice` }
    }
    pins.push(pin.data)
  }
  return { pins }
}

export function formatMark(mark: Mark): string {
  return `${JSON.stringify({ origin: mark.origin, root: mark.root, size: mark.size })}\n`
}

/** @returns null where it is not a mark */
export function parseMark(text: string): Mark | null {
  try {
    const parsed = Mark.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
