/**
 * Loaded into a console before anything else (`node --import`): ends it by SIGKILL at a chosen point, from inside, so that
 * the place is certain. It stands between the program and the libraries it calls; nothing of the program is changed.
 * HOLDPOINT_DOOM is a JSON text of the type Doom. Right before the end the place is noted in a file.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'

/**
 * inside: within the transaction, after the nth entry that comes after the first intent.
 * committed: after the commit that holds it, before anybody is told.
 * written: an output's blob is written under its temporary name. stored: it has its name, and no entry tells of it.
 */
export type Doom = {
  readonly at: 'inside' | 'committed' | 'written' | 'stored'
  readonly nth: number
  readonly note: string
}

const doom = JSON.parse(process.env['HOLDPOINT_DOOM'] ?? 'null') as Doom | null
let isUnderWay = false
let count = 0

function die(about: object): void {
  const file = openSync(doom?.note ?? '', 'w')
  writeSync(file, JSON.stringify({ ...doom, ...about }))
  fsyncSync(file)
  closeSync(file)
  process.kill(process.pid, 'SIGKILL')
}

function isTurn(): boolean {
  count += 1
  return count === doom?.nth
}

type Run = (this: unknown, ...parameters: unknown[]) => unknown

function wrapInserts(): void {
  const prototype = Database.prototype as { prepare(sql: string): { run: Run } }
  const prepare = prototype.prepare
  prototype.prepare = function (this: unknown, sql: string) {
    const statement = prepare.call(this, sql)
    if (!sql.startsWith('INSERT INTO entries')) return statement
    const run = statement.run
    statement.run = function (this: unknown, ...parameters) {
      const done = run.apply(this, parameters)
      const [seq, header] = parameters
      const { type } = JSON.parse(Buffer.from(header as Uint8Array).toString()) as { type: string }
      isUnderWay ||= type === 'attempt.started'
      if (!isUnderWay || (doom?.at !== 'inside' && doom?.at !== 'committed') || !isTurn()) return done
      if (doom.at === 'inside') die({ seq, type })
      // The transaction is over before any microtask; those who wait for it come after this one.
      else queueMicrotask(() => die({ seq, type }))
      return done
    }
    return statement
  }
}

function wrapRenames(): void {
  const rename = fsPromises.rename
  fsPromises.rename = async (from, to) => {
    const isOutput = isUnderWay && String(to).includes('/blobs/')
    const isHere = isOutput && (doom?.at === 'written' || doom?.at === 'stored') && isTurn()
    if (isHere && doom?.at === 'written') die({ from, to })
    await rename(from, to)
    if (isHere) die({ from, to })
  }
  syncBuiltinESMExports()
}

if (doom !== null) {
  wrapInserts()
  wrapRenames()
}
