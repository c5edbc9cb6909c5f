/**
 * `npm run build`: the screens to out/renderer, the console's programs to out/node, the desktop shell to out/desktop.
 * Everything is built beside `out` and put in its place by a rename, so that a program that starts meanwhile sees a whole
 * build. With `--if-stale` nothing is done when no source is newer than the build.
 */
import { existsSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isBuilt, STAMP } from './freshness.ts'
import { build as viteBuild, type InlineConfig, type Plugin } from 'vite'

const ROOT = resolve(import.meta.dirname, '../..')
const OUT = join(ROOT, 'out')

/** Programs that run on Node: the browser shell, the command line, and what they start beside themselves. */
const PROGRAM = /^(host|cli|[a-z-]+-(process|worker))[.]ts$/

/** Not bundled: what carries native code, and the optional natives that are not there and need not be. */
const EXTERNAL = ['better-sqlite3', 'ssh2', 'electron', 'bufferutil', 'utf-8-validate', 'cpu-features']

export async function build(): Promise<void> {
  const began = new Date()
  // On the same disk, and where no other tool looks.
  const fresh = join(ROOT, `node_modules/.holdpoint-build-${process.pid}`)
  try {
    await viteBuild({
      root: join(ROOT, 'renderer'),
      configFile: join(ROOT, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: join(fresh, 'renderer') },
    })
    await viteBuild(nodePrograms(join(fresh, 'node')))
    await viteBuild(desktopMain(join(fresh, 'desktop')))
    await viteBuild(desktopPreload(join(fresh, 'desktop')))
    writeFileSync(join(fresh, STAMP), `${began.toISOString()}\n`)
    // What changed while it was built is newer than the build.
    utimesSync(join(fresh, STAMP), began, began)
    putInPlace(fresh)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Two builds may end at once; each is whole, and the last to be placed stays. */
function putInPlace(fresh: string): void {
  const old = `${fresh}.old`
  for (let tries = 5; ; tries -= 1) {
    try {
      if (existsSync(OUT)) renameSync(OUT, old)
      renameSync(fresh, OUT)
      break
    } catch (cause) {
      if (tries === 0) throw cause
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}

function nodePrograms(outDir: string): InlineConfig {
  const programs = readdirSync(join(ROOT, 'electron/entry')).filter((file) => PROGRAM.test(file))
  const names = programs.map((file) => file.slice(0, -'.ts'.length))
  return {
    ...bundle(outDir, Object.fromEntries(names.map((name) => [name, `${GUARDED}${name}`]))),
    plugins: [guarded()],
    // A guarded program is imported by the guard, and is the main program all the same.
    define: { 'import.meta.main': 'true' },
  }
}

function desktopMain(outDir: string): InlineConfig {
  return bundle(outDir, { desktop: join(ROOT, 'electron/entry/desktop.ts') })
}

/** A sandboxed preload is CommonJS and one file. */
function desktopPreload(outDir: string): InlineConfig {
  const config = bundle(outDir, { preload: join(ROOT, 'electron/entry/preload.ts') })
  return {
    ...config,
    build: {
      ...config.build,
      emptyOutDir: false,
      rolldownOptions: {
        ...config.build?.rolldownOptions,
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  }
}

function bundle(outDir: string, input: Readonly<Record<string, string>>): InlineConfig {
  return {
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: EXTERNAL, target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: { ...input },
        output: {
          format: 'es',
          entryFileNames: '[name].js', // Beside the entries: a chunk finds its neighbours as its source did (electron/entry/programs.ts).
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  }
}

const GUARDED = 'guarded:'

/**
 * Imports are hoisted in a bundle, so a guard that is merely imported first would be run after libraries that an old
 * Node cannot even link. The starting file is therefore the guard alone, and the program is loaded after it.
 */
function guarded(): Plugin {
  const entry = (name: string) => JSON.stringify(join(ROOT, `electron/entry/${name}.ts`))
  return {
    name: 'holdpoint-guarded-entry',
    resolveId: (id) => (id.startsWith(GUARDED) ? `\0${id}` : null),
    load: (id) =>
      id.startsWith(`\0${GUARDED}`)
        ? `import ${entry('guard')}\nawait import(${entry(id.slice(GUARDED.length + 1))})\n`
        : null,
  }
}

if (import.meta.main) {
  if (process.argv.includes('--if-stale') && isBuilt()) process.exit(0)
  const began = performance.now()
  await build()
  console.log(`built in ${((performance.now() - began) / 1000).toFixed(1)} s`)
}
