/** What the command line answers to its caller. Documented in docs/command-line.md. */
export const EXIT = {
  done: 0,
  /** The thing checked is not right, or the run failed or was backed out. */
  notRight: 1,
  usage: 2,
  waiting: 3,
  unknown: 4,
  /** Holdpoint itself failed (`EX_SOFTWARE` of sysexits.h): nothing follows from it about a run. */
  defect: 70,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with words for the person and a code for the caller. */
export class Stop extends Error {
  readonly exit: ExitCode

  constructor(exit: ExitCode, message: string) {
    super(message)
    this.name = 'Stop'
    this.exit = exit
  }
}

/** What nobody foresaw, with where it happened: a defect is reported, not explained away. */
export function defectStop(cause: unknown): Stop {
  const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return new Stop(EXIT.defect, `This is a defect of Holdpoint; what was recorded is kept.\n${what}`)
}
