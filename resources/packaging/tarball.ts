/**
 * `npm run package:tarball`: dist/holdpoint-linux-x64.tar.gz, the browser shell and the command line with their own Node,
 * for machines that may not run an Electron bundle. Unpack anywhere; bin/holdpoint needs nothing of the machine but libc.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { build } from './build.ts'
import { isBuilt } from './freshness.ts'
import { isShipped, productionModules } from './production-modules.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const NAME = 'holdpoint-linux-x64'
const Manifest = z.object({ name: z.string(), version: z.string(), license: z.string() })

/** Without a command, or with --browser, the browser shell starts; anything else is for the command line. */
const LAUNCHER = `#!/bin/sh
# Starts Holdpoint with the Node that lies beside it.
set -eu
self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
home=$(CDPATH= cd -- "$(dirname -- "$self")/.." && pwd -P)
unset NODE_OPTIONS NODE_PATH
program=cli
case \${1-} in
  '') program=host ;;
  --browser) program=host; shift ;;
esac
exec "$home/lib/node" "$home/app/out/node/$program.js" "$@"
`

/**
 * @param node the Node binary to ship; by default the one that runs this, which npm scripts take from the node package
 * @returns path of the archive
 */
export async function packTarball(outFolder: string, node: string = process.execPath): Promise<string> {
  if (!isBuilt()) await build()
  const work = mkdtempSync(join(tmpdir(), 'holdpoint-tarball-'))
  try {
    const home = join(work, NAME)
    mkdirSync(join(home, 'bin'), { recursive: true })
    writeFileSync(join(home, 'bin/holdpoint'), LAUNCHER)
    chmodSync(join(home, 'bin/holdpoint'), 0o755)
    mkdirSync(join(home, 'lib'))
    cpSync(node, join(home, 'lib/node'), { dereference: true })
    chmodSync(join(home, 'lib/node'), 0o755)
    layApplication(join(home, 'app'))
    for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md']) copyIfThere(file, join(home, file))
    mkdirSync(outFolder, { recursive: true })
    const archive = join(outFolder, `${NAME}.tar.gz`)
    // The same content makes the same names, owners and order, on whatever machine it is packed.
    const packed = spawnSync(
      'tar',
      [
        '--sort=name',
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        '--mode=u+rw,go-w',
        '-czf',
        `${archive}.tmp`,
        '-C',
        work,
        NAME,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    )
    if (packed.status !== 0) throw new Error(`tar exited with ${packed.status}`)
    renameSync(`${archive}.tmp`, archive)
    return archive
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function layApplication(app: string): void {
  mkdirSync(app)
  const { name, version, license } = Manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
  writeFileSync(join(app, 'package.json'), `${JSON.stringify({ name, version, license, type: 'module' }, null, 2)}\n`)
  for (const folder of ['out/node', 'out/renderer']) cpSync(join(ROOT, folder), join(app, folder), { recursive: true })
  for (const folder of ['samples', 'prechecks', 'schema', 'verify']) {
    copyIfThere(`resources/${folder}`, join(app, 'resources', folder))
    rmSync(join(app, 'resources', folder, 'generate.ts'), { force: true })
  }
  for (const name of productionModules(ROOT)) {
    cpSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name), {
      recursive: true,
      filter: (path) => isShipped(path, 'linux', 'x64'),
    })
  }
}

function copyIfThere(file: string, to: string): void {
  if (!existsSync(join(ROOT, file))) return
  mkdirSync(dirname(to), { recursive: true })
  cpSync(join(ROOT, file), to, { recursive: true })
}

if (import.meta.main) {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`${NAME} is packed on Linux x64`)
  console.log(await packTarball(join(ROOT, 'dist')))
}
