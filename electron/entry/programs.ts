/**
 * Where the other programs and the shipped files are, whether this runs from source (electron/entry/*.ts) or from the
 * build (out/node/*.js): both lie two folders below the root, so the paths differ by their ending only.
 */
import { extname, join } from 'node:path'

/** The file to start as a process or worker of its own: `host`, `cli`, `…-process`, `…-worker`. */
export function programPath(name: string): string {
  return join(import.meta.dirname, `${name}${extname(import.meta.filename)}`)
}

/** The folder of samples, prechecks, schemas and the second verifier. */
export const RESOURCES = join(import.meta.dirname, '../../resources')

/** The folder of the built screens. Screens are always built, also when the console runs from source. */
export const SCREENS = join(import.meta.dirname, '../../out/renderer')
