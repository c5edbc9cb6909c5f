/** What an entry is about, in the words of the table. Entries of runs have theirs; here are those of the console itself. */
import type { Recorded } from '../../../shared/model/events.ts'
import { showCount, showNumberOf } from '../../../shared/text/quantity.ts'
import { type EntryWords, entryWords } from '../../parts/entry-words.ts'
import { shortHash } from '../../parts/origin-words.ts'

export function aboutEntry(entry: Recorded): EntryWords {
  const { data, text } = entry
  switch (entry.type) {
    case 'genesis':
      return words(`the log begins, ${showNumberOf(lengthOf(data['operators']), 'operator')}`)
    case 'boot':
      return {
        about: [markWords(data['mark']), version(text)].filter((part) => part !== '').join(', '),
        state: data['mark'] === 'missing' || data['mark'] === 'unreadable' ? 'warned' : null,
      }
    case 'recovered':
      return { about: `goes on after ${str(data['because']) || 'a break'}`, state: 'warned' }
    case 'nonce.issued':
      return words(`${showNumberOf(lengthOf(data['nonces']), 'number')} for signatures`)
    case 'operator.added':
      return words(`${str(text?.['name']) || str(data['id'])}, ${str(data['key']).split(' ')[0] ?? ''}`)
    case 'operator.revoked':
      return { about: str(data['id']), state: 'warned' }
    case 'archive.received':
      return {
        about: `${showCount(Number(data['size']) || 0)} entries read back, root ${shortHash(str(data['root']))}`,
        state: 'passed',
      }
    case 'entries.redacted':
      return { about: `${showNumberOf(lengthOf(data['entries']), 'text')} dropped`, state: 'warned' }
    case 'step.planned':
      return words([stepId(data), str(text?.['title'])].filter((part) => part !== '').join(': '))
    case 'gate.decided':
      return { ...entryWords(entry), about: `${str(data['gate'])}: decided ${str(data['decision'])}` }
    case 'note.recorded':
      return words(str(text?.['note']) === '' ? str(data['subject']) : `“${str(text?.['note'])}”`)
    default:
      return entryWords(entry)
  }
}

/** Of the entry's first words, what `boot` says of the mark outside the data folder. */
function markWords(mark: unknown): string {
  switch (mark) {
    case 'found':
      return 'not behind its high-water mark'
    case 'new':
      return 'first high-water mark'
    case 'missing':
      return 'no high-water mark was there'
    case 'unreadable':
      return 'the high-water mark could not be read'
    default:
      return ''
  }
}

function words(about: string): EntryWords {
  return { about, state: null }
}

function str(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

function version(text: Recorded['text']): string {
  return text === null ? '' : `Holdpoint ${str(text['version'])} on ${str(text['platform'])}`
}

function stepId(data: Recorded['data']): string {
  const step = data['step']
  return typeof step === 'object' && step !== null && 'id' in step ? str(step.id) : ''
}
