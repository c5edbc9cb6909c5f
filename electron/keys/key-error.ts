/** What can be wrong with a key, as codes. The message is for the person. */

export type KeyErrorCode =
  | 'key-unreadable'
  | 'key-exists'
  | 'key-unwritable'
  | 'passphrase-needed'
  | 'passphrase-wrong'
  | 'unsupported-key'
  | 'agent-missing'
  | 'agent-refused'

export class KeyError extends Error {
  readonly code: KeyErrorCode

  constructor(code: KeyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'KeyError'
    this.code = code
  }
}
