/** Commands that prove one entry with tools that every administrator has. Made from its own bytes: they can be pasted as they are. */
import { originFolder } from '../../parts/origin-words.ts'
import { quoted } from '../../parts/shell-words.ts'

/** A name as `ssh-keygen` takes it for a signer: no space, no comma, no wildcard. */
export function signerId(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._@-]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return id === '' ? 'signer' : id
}

/**
 * Writes text, signature and key to files, and has `ssh-keygen` check them.
 * @param text as signed; ends with a newline
 * @param publicKey `<type> <base64>`; null where the signature holds none that can be read
 */
export function actCommands(act: {
  readonly seq: number
  readonly text: string
  readonly armoured: string
  readonly name: string
  readonly publicKey: string | null
}): string {
  const id = signerId(act.name)
  return [
    `cat > ${act.seq}.act <<'ACT'`,
    `${act.text.replace(/\n$/, '')}`,
    'ACT',
    `cat > ${act.seq}.sig <<'SIG'`,
    act.armoured.trimEnd(),
    'SIG',
    ...(act.publicKey === null ? [] : [`echo '${id} ${act.publicKey}' > allowed_signers`]),
    `ssh-keygen -Y verify -f allowed_signers -n holdpoint-act \\`,
    `  -I ${id} -s ${act.seq}.sig < ${act.seq}.act`,
    '',
  ].join('\n')
}

/** The place of an entry in the chain: its hash, and that the next one names it. In an archive, or from the bytes themselves. */
export function chainCommands(entry: {
  readonly seq: number
  readonly header: string
  readonly hash: string
  readonly hasNext: boolean
  readonly archive: { readonly path: string; readonly origin: string } | null
}): string {
  const line = entry.seq + 1
  if (entry.archive === null)
    return [`tr -d '\\n' <<'HEADER' | sha256sum`, entry.header, 'HEADER', `# ${entry.hash}`, ''].join('\n')
  return [
    `cd ${quoted(`${entry.archive.path.replace(/\/$/, '')}/${originFolder(entry.archive.origin)}`)}`,
    `sed -n ${line}p journal.jsonl | tr -d '\\n' | sha256sum`,
    `# ${entry.hash}`,
    ...(entry.hasNext ? [`sed -n ${line + 1}p journal.jsonl | grep -c '"prev":"${entry.hash}"'`, '# 1'] : []),
    '',
  ].join('\n')
}
