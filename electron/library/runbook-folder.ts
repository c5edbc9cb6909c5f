/** Runbooks on this machine's disk, with what they refer to; the shipped samples and probes. */
import { existsSync } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { type Refusal, refusal } from '../../shared/model/commands.ts'
import { isProbeFile, filesOf, probesOf } from '../../shared/runbook/references.ts'
import { hostsFromSshConfig } from '../../shared/runbook/ssh-config.ts'
import { parseRunbook } from '../../shared/runbook/parse.ts'
import { errorCode } from '../../shared/text/error-code.ts'
import type { Library, RunbookFolder } from '../engine/ports.ts'

const MOST_TEXT = 4 * 1024 * 1024
const MOST_FILE = 16 * 1024 * 1024

/**
 * @param resources the folder that holds `samples/` and `prechecks/`
 * @param sshConfig path of an OpenSSH client configuration, which need not exist
 */
export function libraryIn(resources: string, sshConfig: string): Library {
  return {
    load: (path, hostsPath) => load({ resources, sshConfig }, path, hostsPath ?? null),
    async samples() {
      const folder = join(resources, 'samples')
      const names = existsSync(folder) ? await readdir(folder) : []
      return names
        .toSorted()
        .map((name) => ({ name, path: join(folder, name, 'runbook.yaml') }))
        .filter(({ path }) => existsSync(path))
    },
  }
}

type Places = { readonly resources: string; readonly sshConfig: string }

async function load(
  { resources, sshConfig }: Places,
  given: string,
  hostsPath: string | null,
): Promise<RunbookFolder | Refusal> {
  const path = resolve(given)
  const text = await readText(path)
  if (typeof text !== 'string') return text
  const hosts = hostsPath ?? join(dirname(path), 'hosts.yaml')
  const hostsText = hostsPath !== null || existsSync(hosts) ? await readText(hosts) : null
  if (hostsText !== null && typeof hostsText !== 'string') return hostsText
  const { document } = parseRunbook(text)
  const sshHosts = existsSync(sshConfig) ? hostsFromSshConfig(await readFile(sshConfig, 'utf8').catch(() => '')) : []
  const files = new Map<string, Uint8Array>()
  const probes = new Map<string, string>()
  if (document === null) return { path, text, hostsText, sshHosts, files, probes }
  for (const name of filesOf(document)) {
    const bytes = await readBeside(dirname(path), name)
    if (bytes === null) continue
    files.set(name, bytes)
    if (isProbeFile(name)) probes.set(name, new TextDecoder().decode(bytes))
  }
  for (const id of probesOf(document)) {
    if (isProbeFile(id)) continue
    const file = join(resources, 'prechecks', `${id}.yaml`)
    if (/^[a-z0-9._]+$/.test(id) && existsSync(file)) probes.set(id, await readFile(file, 'utf8'))
  }
  return { path, text, hostsText, sshHosts, files, probes }
}

async function readText(path: string): Promise<string | Refusal> {
  try {
    const { size } = await stat(path)
    if (size > MOST_TEXT) return refusal('unreadable', `${path} is larger than 4 MiB: it is no runbook.`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (cause) {
    const why = cause instanceof TypeError ? 'it is not UTF-8 text' : reasonOf(cause)
    return refusal('unreadable', `${path} cannot be read: ${why}.`)
  }
}

/** A file beside the runbook, never one outside its folder, whatever links say. null: not there. */
async function readBeside(folder: string, name: string): Promise<Uint8Array | null> {
  if (isAbsolute(name)) return null
  try {
    const path = await realpath(join(folder, name))
    const inside = relative(await realpath(folder), path)
    if (inside.startsWith(`..${sep}`) || inside === '..' || isAbsolute(inside)) return null
    const found = await stat(path)
    return found.isFile() && found.size <= MOST_FILE ? new Uint8Array(await readFile(path)) : null
  } catch {
    return null
  }
}

function reasonOf(cause: unknown): string {
  switch (errorCode(cause)) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EACCES':
      return 'reading it is not permitted'
    case 'EISDIR':
      return 'it is a folder; name the runbook.yaml in it'
    default:
      return cause instanceof Error ? cause.message : 'of an unknown error'
  }
}
