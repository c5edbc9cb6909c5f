/**
 * Looks for a secret in every byte of folders: as it is, in the forms in which programs write it into other things, and
 * inside what is compressed. Written without the product's own list of forms, so that a gap there is found here.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'

/** @returns `<file>: <form>` for each find */
export async function traces(secret: string, folders: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      const contents = path.endsWith('.zst') ? [bytes, zstdDecompressSync(bytes)] : [bytes]
      for (const [form, patterns] of Object.entries(formsOf(secret)))
        if (patterns.some((pattern) => contents.some((content) => content.includes(pattern))))
          found.push(`${path}: ${form}`)
    }
  }
  return found
}

/** encodeURIComponent's, RFC 3986's, and either with slashes as they are in a path. */
function urls(secret: string): string[] {
  const usual = encodeURIComponent(secret)
  const strict = Array.from(usual)
    .map((mark) => ("!'()*".includes(mark) ? `%${Buffer.from(mark).toString('hex').toUpperCase()}` : mark))
    .join('')
  return [usual, strict, usual.replaceAll('%2F', '/'), strict.replaceAll('%2F', '/')]
}

function formsOf(secret: string): Record<string, Buffer[]> {
  const bytes = Buffer.from(secret)
  const quoted = secret.replaceAll("'", `'\\''`)
  const percent = [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  const texts = {
    plain: [secret],
    json: [JSON.stringify(secret).slice(1, -1), ascii(JSON.stringify(secret).slice(1, -1))],
    'json in json': [JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
    url: [...urls(secret), ...urls(secret).map((text) => text.replaceAll('%20', '+')), percent],
    shell: [quoted, secret.replaceAll("'", `'"'"'`), secret.replace(/([^A-Za-z0-9_@%+=:,./-])/g, '\\$1')],
    hex: [bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    utf16: [],
  }
  const forms = Object.fromEntries(
    Object.entries(texts).map(([form, all]) => [
      form,
      all.filter((text) => text !== '').map((text) => Buffer.from(text)),
    ]),
  )
  return {
    ...forms,
    utf16: [Buffer.from(secret, 'utf16le')],
    base64: [0, 1, 2].flatMap((before) => base64Inside(bytes, before)),
  }
}

function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What base64 says of the secret whatever stands before and after it, in both alphabets. */
function base64Inside(bytes: Buffer, before: number): Buffer[] {
  const skip = (3 - before) % 3
  const whole = bytes.subarray(skip, skip + Math.floor((bytes.length - skip) / 3) * 3)
  return whole.length < 6 ? [] : [Buffer.from(whole.toString('base64')), Buffer.from(whole.toString('base64url'))]
}
