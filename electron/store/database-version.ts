/**
 * The version of a database, read from its bytes: opening it, even to read, may create files beside it or move its
 * write-ahead log, and a database of a newer Holdpoint must stay exactly as it is.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

const USER_VERSION_AT = 60
const WAL_HEADER = 32
const FRAME_HEADER = 24

/**
 * @returns the highest `user_version` that the file or its write-ahead log holds; 0 for an empty or new one; null when it
 * is no SQLite database
 */
export function databaseVersion(path: string): number | null {
  if (!existsSync(path)) return 0
  const header = bytesAt(path, 0, 100)
  if (header.length === 0) return versionInLog(`${path}-wal`)
  if (header.length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return null
  return Math.max(header.readUInt32BE(USER_VERSION_AT), versionInLog(`${path}-wal`))
}

function versionInLog(path: string): number {
  if (!existsSync(path)) return 0
  const file = openSync(path, 'r')
  try {
    const header = read(file, 0, WAL_HEADER)
    if (header.length < WAL_HEADER || header.readUInt32BE(0) >>> 1 !== 0x377f0682 >>> 1) return 0
    const frameSize = FRAME_HEADER + header.readUInt32BE(8)
    let highest = 0
    for (let at = WAL_HEADER; at + frameSize <= fstatSync(file).size; at += frameSize) {
      const frame = read(file, at, FRAME_HEADER + USER_VERSION_AT + 4)
      const isCurrent = frame.subarray(8, 16).equals(header.subarray(16, 24))
      if (!isCurrent) break
      if (frame.readUInt32BE(0) === 1) highest = Math.max(highest, frame.readUInt32BE(FRAME_HEADER + USER_VERSION_AT))
    }
    return highest
  } finally {
    closeSync(file)
  }
}

function bytesAt(path: string, from: number, length: number): Buffer {
  const file = openSync(path, 'r')
  try {
    return read(file, from, length)
  } finally {
    closeSync(file)
  }
}

function read(file: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(file, bytes, 0, length, from))
}
