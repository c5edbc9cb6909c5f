import { createReadStream } from 'node:fs'

/**
 * The bytes of a file in pieces. It is opened when the first is asked for, so that a stream that nobody reads holds
 * nothing open, and a disk that is pulled out fails the reader and not the program.
 * @throws the system's error, from the iteration
 */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path)) yield piece as Uint8Array
}
