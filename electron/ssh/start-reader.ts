/**
 * Separates what a login shell and the start program say from what the script says, on both streams of one exec.
 * Everything before the mark is noise (kept, up to a bound, for the message when nothing else explains a failure). Each
 * stream has a mark of its own, and a host may merge them into one: until both have been heard, a mark may still come.
 */
export type StreamReader = {
  /** @returns what belongs to the script, if anything */
  read(bytes: Buffer): Buffer | null
  /** The stream has ended. @returns what was held back as the possible beginning of a mark */
  end(): Buffer | null
  /** What came before the mark. */
  noise(): string
}

const MOST_NOISE = 64 * 1024
/** Of a mark, from the nonce to the end of the line. */
const LONGEST_MARK = 64
const MARK = /^go \d+ ([12])$/

/** @param onLine is told each line that begins with the nonce, up to and with the marks, from whichever stream */
export function createStreamReaders(
  nonce: string,
  onLine: (line: string) => void,
): { readonly stdout: StreamReader; readonly stderr: StreamReader } {
  const prefix = Buffer.from(`${nonce} `, 'latin1')
  const heard = new Set<string>()
  const hear = (line: string): boolean => {
    onLine(line)
    const mark = MARK.exec(line)?.[1]
    if (mark !== undefined) heard.add(mark)
    return mark !== undefined
  }
  const areBothHeard = () => heard.size === 2
  return {
    stdout: createStreamReader(prefix, hear, areBothHeard),
    stderr: createStreamReader(prefix, hear, areBothHeard),
  }
}

function createStreamReader(
  prefix: Buffer,
  hear: (line: string) => boolean,
  areBothHeard: () => boolean,
): StreamReader {
  let held: Buffer = Buffer.alloc(0)
  let isOpen = false
  const take = () => {
    const taken = held
    held = Buffer.alloc(0)
    return taken.length > 0 ? taken : null
  }
  /** Takes the line out of what is held, from the nonce on. */
  const cut = (start: number, end: number): string => {
    // A terminal in between ends lines with a carriage return as well.
    const line = held.toString('utf8', start + prefix.length, end).replace(/\r$/, '')
    held = Buffer.concat([held.subarray(0, start), held.subarray(end + 1)])
    return line
  }

  /** @returns whether the script's own output begins here */
  const opens = (): boolean => {
    for (let from = 0; ; ) {
      const start = held.indexOf(prefix, from)
      const end = start < 0 ? -1 : held.indexOf(0x0a, start)
      if (end < 0) {
        // A login shell that talks without end must not fill memory; the mark may be cut in two by this read.
        if (start < 0 && held.length > MOST_NOISE) held = held.subarray(held.length - MOST_NOISE)
        return false
      }
      if (hear(cut(start, end))) {
        held = held.subarray(start)
        return true
      }
      from = start
    }
  }

  /** The other stream's mark, where both are one: it is none of the script's. */
  const withoutMarks = (): Buffer | null => {
    for (let from = 0; !areBothHeard(); ) {
      const start = held.indexOf(prefix, from)
      if (start < 0) return takeBefore(held.length - endsLike(held, prefix))
      const end = held.indexOf(0x0a, start)
      const isLong = (end < 0 ? held.length : end) - start > LONGEST_MARK
      if (end < 0 && !isLong) return takeBefore(start)
      const isMark = !isLong && MARK.test(held.toString('latin1', start + prefix.length, end).replace(/\r$/, ''))
      if (isMark) hear(cut(start, end))
      from = isMark ? start : start + prefix.length
    }
    return take()
  }
  const takeBefore = (index: number): Buffer | null => {
    const taken = held.subarray(0, index)
    held = held.subarray(index)
    return taken.length > 0 ? taken : null
  }

  return {
    noise: () =>
      isOpen
        ? ''
        : held
            .toString('utf8')
            .replaceAll(new RegExp(`^${prefix.toString('latin1')}.*\n?`, 'gm'), '')
            .trim(),
    read(bytes) {
      if (isOpen && held.length === 0 && areBothHeard()) return bytes
      held = Buffer.concat([held, bytes])
      isOpen ||= opens()
      return isOpen ? withoutMarks() : null
    },
    end: () => (isOpen ? take() : null),
  }
}

/** How many of the last bytes may be the beginning of the word. */
function endsLike(bytes: Buffer, word: Buffer): number {
  for (let length = Math.min(bytes.length, word.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(word.subarray(0, length))) return length
  }
  return 0
}
