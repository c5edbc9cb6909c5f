/** What a loopback client may take of the console: every size and wait has an end. */

export const LIMITS = {
  /** A link that was printed and not opened. */
  tokenLifeMs: 10 * 60_000,
  /** Links that are good at the same time; the oldest goes. */
  tokens: 32,
  /** Pages that may come back without a link; the one that was away longest goes. */
  sessions: 64,
  /** From the connection to the frame that shows a right. */
  firstFrameMs: 5_000,
  /** All that a client may send before it is let in. */
  firstFrameBytes: 4_096,
  /** Connections that are open and not let in yet. */
  waiting: 16,
  frameBytes: 8 * 1024 * 1024,
  /** A stream goes on when less than this waits to be read by its client. */
  pauseBytes: 1024 * 1024,
  /** A client for which more than this waits is cut off. */
  unreadBytes: 16 * 1024 * 1024,
  /** For a client to answer a close, before its connection is cut. */
  closeMs: 1_000,
} as const

export type Limits = { readonly [name in keyof typeof LIMITS]: number }
