/** Kinds of steps in one word, as lists show them. */
const KIND_WORDS: Readonly<Record<string, string>> = {
  manual: 'person',
  script: 'script',
  probe: 'check',
  gate: 'hold point',
  milestone: 'mark',
}

export function kindWord(kind: string): string {
  return KIND_WORDS[kind] ?? kind
}
