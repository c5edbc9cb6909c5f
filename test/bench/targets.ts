/** What was promised, by the name of the row; ratios of ours to theirs. A row that is not here is reported, not judged. */
export type Target = { readonly atMost: number } | { readonly atLeast: number }

const TARGETS: Readonly<Record<string, Target>> = {
  'append, one at a time': { atLeast: 0.5 },
  'verify the chain alone': { atLeast: 0.25 },
  'true on 200 hosts, cold': { atMost: 1 },
  'true on 200 hosts, warm': { atMost: 0.15 },
  '1 GiB of output, text': { atMost: 1.5 },
  '1 GiB of output, random': { atMost: 1.5 },
}

export function targetOf(row: string): Target | null {
  return TARGETS[row] ?? null
}
