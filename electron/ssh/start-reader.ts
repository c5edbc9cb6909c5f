/**
 * Separates what a login shell says from what the script says, on both streams of one exec. Everything before the mark is
 * noise (kept, up to a bound, for the message when nothing else explains a failure).
 */
export type StreamReader = {
  /** @returns what belongs to the script, if anything */
  read(bytes: Buffer): Buffer | null
  /** What came before the mark. */
  noise(): string
}

const MOST_NOISE = 64 * 1024

/** @param onLine is told each line that begins with the nonce, up to and with the mark */
export function createStreamReader(
  nonce: string,
  isMark: (line: string) => boolean,
  onLine: (line: string) => void = () => undefined,
): StreamReader {
  let held: Buffer = Buffer.alloc(0)
  let isOpen = false
  const prefix = Buffer.from(`${nonce} `, 'latin1')
  return {
    noise: () =>
      held
        .toString('utf8')
        .replaceAll(new RegExp(`^${nonce} .*\n?`, 'gm'), '')
        .trim(),
    read(bytes) {
      if (isOpen) return bytes
      held = Buffer.concat([held, bytes])
      for (let from = 0; ; ) {
        const start = held.indexOf(prefix, from)
        const end = start < 0 ? -1 : held.indexOf(0x0a, start)
        if (end < 0) {
          // A login shell that talks without end must not fill memory; the mark may be cut in two by this read.
          if (start < 0 && held.length > MOST_NOISE) held = held.subarray(held.length - MOST_NOISE)
          return null
        }
        const line = held.toString('utf8', start + prefix.length, end)
        onLine(line)
        if (isMark(line)) {
          isOpen = true
          const rest = held.subarray(end + 1)
          held = Buffer.alloc(0)
          return rest.length > 0 ? rest : null
        }
        held = Buffer.concat([held.subarray(0, start), held.subarray(end + 1)])
        from = start
      }
    },
  }
}
