/** The archive's files: paths, bundles, tiles (C2SP tlog-tiles). FORMAT.md section 8. */
import { concat } from './bytes.ts'
import type { NodeReader } from './merkle.ts'

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256

/** `<uuid>/<incarnation>`. @throws RangeError where the origin has not the form holdpoint/<uuid>/<incarnation> */
export function originFolder(origin: string): string {
  const [, folder] = /^holdpoint\/([0-9a-f-]{36}\/[0-9a-f]{8})$/.exec(origin) ?? []
  if (folder === undefined) throw new RangeError(`not an origin: ${origin}`)
  return folder
}

/** `x001/x234/067[.p/W]`. @param width 1 to 256 */
export function tileName(index: number, width: number): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? []
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return width === TILE_WIDTH ? name : `${name}.p/${width}`
}

// Paths are relative to the origin's folder.
export function tilePath(level: number, index: number, width: number): string {
  return `tile/${level}/${tileName(index, width)}`
}
export function entriesPath(index: number, width: number): string {
  return `tile/entries/${tileName(index, width)}`
}
export function payloadPath(index: number, width: number): string {
  return `payload/${tileName(index, width)}`
}
export function blobPath(sha256: string): string {
  return `blob/${sha256.slice(0, 2)}/${sha256}`
}
export const CHECKPOINT_PATH = 'checkpoint'
export const VKEY_PATH = 'vkey'
export const LINES_PATH = 'journal.jsonl'
export const FORK_FOLDER = 'fork'

/** One file of a tree: a tile of hashes, or (without level) a bundle of entries. */
export type TileRef = { readonly level: number; readonly index: number; readonly width: number }

/** All tiles of a tree of this size, the last of each level partial. */
export function tilesOf(size: number): readonly TileRef[] {
  return tilesBetween(0, size)
}

/** Tiles of a tree of size `to` that a tree of size `from` has not, or has narrower. */
export function tilesBetween(from: number, to: number): readonly TileRef[] {
  const tiles: TileRef[] = []
  for (let level = 0, had = from, have = to; have > 0; level++) {
    tiles.push(...rowBetween(level, had, have))
    had = Math.floor(had / TILE_WIDTH)
    have = Math.floor(have / TILE_WIDTH)
  }
  return tiles
}

/** Bundles of entries likewise. */
export function bundlesBetween(from: number, to: number): readonly TileRef[] {
  return rowBetween(0, from, to)
}

function rowBetween(level: number, had: number, have: number): TileRef[] {
  const row: TileRef[] = []
  if (had === have) return row
  for (let index = Math.floor(had / TILE_WIDTH); index * TILE_WIDTH < have; index++) {
    row.push({ level, index, width: Math.min(TILE_WIDTH, have - index * TILE_WIDTH) })
  }
  return row
}

/** A tile's bytes: its hashes in a row. */
export function encodeTile(tile: TileRef, node: NodeReader): Uint8Array {
  const hashes: Uint8Array[] = []
  for (let at = 0; at < tile.width; at++) hashes.push(node(tile.level * 8, tile.index * TILE_WIDTH + at))
  return concat(...hashes)
}

/** Headers with uint16 lengths. @throws RangeError for one that is empty or over 65,535 bytes */
export function encodeEntries(headers: readonly Uint8Array[]): Uint8Array {
  return encodeBundle(headers, 2)
}

/** Payloads with uint32 lengths; null is written as length 0. */
export function encodePayloads(payloads: readonly (Uint8Array | null)[]): Uint8Array {
  return encodeBundle(
    payloads.map((payload) => payload ?? new Uint8Array()),
    4,
  )
}

function encodeBundle(items: readonly Uint8Array[], lengthBytes: 2 | 4): Uint8Array {
  const total = items.reduce((sum, item) => sum + lengthBytes + item.length, 0)
  const bundle = new Uint8Array(total)
  const view = new DataView(bundle.buffer)
  let at = 0
  for (const item of items) {
    if (lengthBytes === 2) {
      if (item.length === 0 || item.length > 0xffff) throw new RangeError(`a header of ${item.length} bytes`)
      view.setUint16(at, item.length)
    } else {
      view.setUint32(at, item.length)
    }
    bundle.set(item, at + lengthBytes)
    at += lengthBytes + item.length
  }
  return bundle
}

/** What a bundle holds: the items that are whole, at most `width`; `rest` = bytes after them. */
export type Bundle<Item> = { readonly items: readonly Item[]; readonly rest: number }

export function decodeEntries(bundle: Uint8Array, width: number): Bundle<Uint8Array> {
  return decodeBundle(bundle, width, 2)
}

/** null = redacted */
export function decodePayloads(bundle: Uint8Array, width: number): Bundle<Uint8Array | null> {
  const { items, rest } = decodeBundle(bundle, width, 4)
  return { items: items.map((item) => (item.length === 0 ? null : item)), rest }
}

function decodeBundle(bundle: Uint8Array, width: number, lengthBytes: 2 | 4): Bundle<Uint8Array> {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength)
  const items: Uint8Array[] = []
  let at = 0
  while (items.length < width && at + lengthBytes <= bundle.length) {
    const length = lengthBytes === 2 ? view.getUint16(at) : view.getUint32(at)
    if (at + lengthBytes + length > bundle.length) break
    items.push(bundle.subarray(at + lengthBytes, at + lengthBytes + length))
    at += lengthBytes + length
  }
  return { items, rest: bundle.length - at }
}
