/** The first entry: which key seals this journal, who may sign, and what it goes on from. */
import { freeOperatorId } from '../../shared/journal/operator-id.ts'
import { parseKeyLine, formatKeyLine } from '../../shared/journal/ssh-wire.ts'
import type { Head, Draft } from '../engine/ports.ts'
import { JournalError } from './journal-error.ts'

/** A person at first start. @property publicKey an OpenSSH public key line, with or without comment */
export type FirstOperator = { readonly name: string; readonly publicKey: string; readonly isAdministrator: boolean }

/** @throws JournalError `invalid-entry` where no operator or no administrator is given, or a key is not readable */
export function genesisDraft(
  vkey: string,
  people: readonly FirstOperator[],
  previous?: Head & { readonly origin: string },
): Draft {
  const taken = new Set<string>()
  const operators = people.map((person) => {
    const key = parseKeyLine(person.publicKey)
    if (key === null) throw new JournalError('invalid-entry', `The key of ${person.name} is not one that can sign.`)
    const id = freeOperatorId(person.name, taken)
    taken.add(id)
    return { id, key: formatKeyLine(key.type, key.blob) }
  })
  const administrators = operators.flatMap(({ id }, at) => (people[at]?.isAdministrator === true ? [id] : []))
  if (administrators.length === 0) {
    throw new JournalError('invalid-entry', 'A journal begins with at least one operator who is an administrator.')
  }
  const names = Object.fromEntries(operators.map(({ id }, at) => [id, people[at]?.name ?? id]))
  return {
    type: 'genesis',
    data: { vkey, operators, administrators, ...(previous ? { previous } : {}) },
    text: { names },
  }
}
