/** The version of a runbook: what two people mean when they say that they read the same one. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import type { Runbook } from '../model/runbook.ts'

/**
 * SHA-256 (hex) of the document as canonical JSON (RFC 8785), which formatting, comments, quoting and the order of keys do
 * not change. Nothing is filled in first: a runbook that leaves a key out is not the one that writes its default.
 */
export function runbookVersion(document: Runbook): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalize(document) ?? '')))
}
