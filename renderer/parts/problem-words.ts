/** What a verifier found, as a person reads it. Codes are those of the journal's format; the place comes from the finding. */
const TITLES: Readonly<Record<string, string>> = {
  'header-not-canonical': 'Entry is not in its canonical form',
  'header-invalid': 'Entry cannot be read',
  'seq-gap': 'Entries are missing',
  'seq-mismatch': 'Entry carries another number',
  'origin-mismatch': 'Entry is of another console',
  'chain-broken': 'Entry does not follow the one before it',
  'genesis-invalid': 'First entry is not a beginning',
  'payload-missing': 'Text of the entry is missing, and nobody redacted it',
  'payload-mismatch': 'Text of the entry is not the one that was recorded',
  'payload-invalid': 'Text of the entry cannot be read',
  'blob-missing': 'Stored output or file is missing',
  'blob-mismatch': 'Stored output or file differs from its entry',
  'act-missing': 'Act without a person',
  'act-invalid': 'Act cannot be read',
  'act-signature-missing': 'Act without a signature',
  'act-signature-bad': 'Signature does not fit what it signs',
  'act-after-mismatch': 'Signer had seen another log',
  'act-content-mismatch': 'What was signed is not what is recorded',
  'act-reason-mismatch': 'Signed reason is not the recorded one',
  'cause-missing': 'Nothing authorises this entry',
  'cause-not-act': 'What authorises this entry is no act',
  'data-invalid': 'Entry says what it may not',
  'nonce-foreign': 'Signed for another console',
  'nonce-unknown': 'Signed number was never issued',
  'nonce-reused': 'Signature was used twice',
  'signer-unknown': 'Signed with a key that was nobody’s then',
  'signer-not-administrator': 'Signed by someone who may not do this',
  'leaf-mismatch': 'Stored hash of the entry is another',
  'tile-mismatch': 'Tile holds other hashes than its entries give',
  'tile-missing': 'Tile is missing',
  'bundle-mismatch': 'Bundle of entries holds more than its entries',
  'jsonl-mismatch': 'journal.jsonl differs from the entries',
  'checkpoint-missing': 'No log seal',
  'checkpoint-invalid': 'Log seal cannot be read',
  'checkpoint-signature': 'Log seal is not signed by its console',
  'checkpoint-size': 'Entries that no log seal covers',
  'root-mismatch': 'Log seal is of other entries',
  'vkey-mismatch': 'Key of the console is another',
  'fork-present': 'A second, inconsistent log of this console was brought',
  'previous-mismatch': 'Earlier log is not the one that this one goes on from',
  'genesis-mismatch': 'Beginning is not the pinned one',
  'shorter-than-trusted': 'Shorter than what is pinned',
  'inconsistent-with-trusted': 'Other entries than were pinned',
  'origin-not-trusted': 'Console is not pinned',
  'origin-missing': 'Log of a console is missing',
  'kept-unreadable': 'An earlier log cannot be read',
  'mark-unreadable': 'High-water mark cannot be read',
  'behind-high-water-mark': 'Log was cut, or an older copy was put back',
  'inconsistent-with-mark': 'Log is not the one that this console wrote',
}

export function problemTitle(code: string): string {
  return TITLES[code] ?? 'Something is not right'
}

/** For the proof column of one entry: `blob differs`. */
export function problemWord(code: string): string {
  if (code.startsWith('act-') || code.startsWith('nonce-') || code.startsWith('signer-')) return 'signature bad'
  if (code.startsWith('blob-')) return code === 'blob-missing' ? 'output missing' : 'output differs'
  if (code.startsWith('payload-')) return code === 'payload-missing' ? 'text missing' : 'text differs'
  if (code.startsWith('cause-')) return 'not authorised'
  if (code.startsWith('checkpoint-') || code === 'root-mismatch') return 'seal bad'
  return 'chain broken'
}

/** Whether what is found is about who signed. */
export function isAboutActs(code: string): boolean {
  return /^(act|nonce|signer|cause)-/.test(code)
}
export function isAboutBlobs(code: string): boolean {
  return code.startsWith('blob-')
}
export function isAboutMark(code: string): boolean {
  return code === 'behind-high-water-mark' || code === 'inconsistent-with-mark' || code === 'mark-unreadable'
}
