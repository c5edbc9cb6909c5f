/** Texts that are pasted into a shell. */

/** One word of the shell, whatever is in it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
