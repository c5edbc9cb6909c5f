/**
 * The law of imports (docs/architecture.md). The folder says what the code may touch.
 * Every rule here has a planted violation in test/repository/law.test.ts.
 */
const { Visitor } = require('@swc/core/Visitor.js')

// swc reads `using`, but the visitor that dependency-cruiser walks its tree with does not know the word and gives up.
const visitStatement = Visitor.prototype.visitStatement
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement)
  for (const declared of statement.decls) if (declared.init) declared.init = this.visitExpression(declared.init)
  return statement
}

const ADAPTERS = 'ssh|probe|library|archive|blobs|keys|practice|store'
const ENTRIES = '^electron/entry/[^/]+[.]ts$'
const npm = (names) => `(^|/)node_modules/(${names})/`

/** Libraries that are pure: no Node, no DOM, no clock of their own use. */
const PURE = [
  'zod',
  'yaml',
  'canonicalize',
  'temporal-polyfill',
  'temporal-spec',
  'ical[.]js',
  'rrule-temporal',
  '@marcbachmann/cel-js',
  '@bufbuild/re2',
  '@noble/hashes',
  '@orpc/contract',
  '@orpc/shared',
  'liquidjs',
  'papaparse',
  'semver',
].join('|')

const PRIVILEGED = 'better-sqlite3|ssh2|electron|fastify|@fastify/[^/]+|ws|commander|pino|@orpc/server|@types/node'
const TEST_ONLY = 'vitest|@vitest/[^/]+|@playwright/[^/]+|playwright|playwright-core|fast-check|@axe-core/[^/]+'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-has-no-node',
      comment: 'shared/ runs anywhere: hash, clock and randomness are passed in.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-imports-only-itself',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(renderer|electron|test|resources)/' },
    },
    {
      name: 'shared-imports-only-pure-libraries',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '(^|/)node_modules/', pathNot: npm(PURE) },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-imports-only-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(electron|test|resources/(?!fonts/|icons/))' },
    },
    {
      name: 'renderer-has-no-privileges',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: npm(PRIVILEGED) },
    },
    {
      name: 'screen-imports-no-other-screen',
      comment: 'What two screens share is a part, or lives in shared/.',
      severity: 'error',
      from: { path: '^renderer/screens/([^/]+)/' },
      to: { path: '^renderer/screens/', pathNot: '^renderer/screens/$1/' },
    },
    {
      name: 'parts-have-no-store',
      comment: 'A part shows what it is given.',
      severity: 'error',
      from: { path: '^renderer/parts/' },
      to: { path: '^renderer/(?!parts/)|(^|/)node_modules/(zustand|@orpc/client)/' },
    },
    {
      name: 'store-knows-no-screen',
      severity: 'error',
      from: { path: '^renderer/(store|api)/' },
      to: { path: '^renderer/(screens|parts|app)/' },
    },
    {
      name: 'electron-imports-no-renderer',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'adapter-imports-no-other-adapter',
      severity: 'error',
      from: { path: `^electron/(${ADAPTERS})/` },
      to: { path: `^electron/(${ADAPTERS})/`, pathNot: '^electron/$1/' },
    },
    {
      name: 'adapter-knows-only-its-port',
      severity: 'error',
      from: { path: `^electron/(${ADAPTERS})/` },
      to: { path: '^electron/(engine|services|host|cli|shell|entry)/', pathNot: '^electron/engine/ports[.]ts$' },
    },
    {
      name: 'disk-knows-no-one',
      comment: 'How a file is written so that it stays: used by every adapter, so it may know none.',
      severity: 'error',
      from: { path: '^electron/disk/' },
      to: { path: '^electron/(?!disk/)' },
    },
    {
      name: 'engine-imports-no-adapter',
      severity: 'error',
      from: { path: '^electron/engine/' },
      to: { path: `^electron/(${ADAPTERS}|services|host|cli|shell|entry)/` },
    },
    {
      name: 'engine-does-no-effects',
      comment: 'The engine orders effects; its adapters do them.',
      severity: 'error',
      from: { path: '^electron/engine/' },
      to: {
        path: `^(node:)?(fs|child_process|net|http|https|http2|tls|dgram|dns|worker_threads|sqlite|cluster)(/|$)|${npm('better-sqlite3|ssh2|electron')}`,
      },
    },
    {
      name: 'only-entry-wires',
      comment: 'Handlers, hosts and commands get their adapters handed to them.',
      severity: 'error',
      from: { path: '^electron/(services|host|cli|shell)/' },
      to: { path: `^electron/(${ADAPTERS})/` },
    },
    {
      name: 'nothing-imports-an-entry',
      severity: 'error',
      from: { pathNot: '^(electron/entry|test)/' },
      to: { path: '^electron/entry/' },
    },
    {
      name: 'only-the-shell-imports-electron',
      severity: 'error',
      from: {
        path: '^(shared|renderer|electron|resources)/',
        pathNot: '^electron/(shell/|entry/(desktop|preload)[.]ts$)',
      },
      to: { path: `${npm('electron')}|^electron$|^electron/(main|renderer|common|utility)$` },
    },
    {
      name: 'only-the-desktop-entry-imports-the-shell',
      severity: 'error',
      from: { path: '^(shared|renderer|electron)/', pathNot: '^electron/(shell/|entry/(desktop|preload)[.]ts$)' },
      to: { path: '^electron/shell/' },
    },
    {
      name: 'source-imports-no-test',
      severity: 'error',
      from: { path: '^(shared|renderer|electron|resources)/' },
      to: { path: `^test/|${npm(TEST_ONLY)}` },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is dead.',
      severity: 'error',
      from: { orphan: true, path: '^(shared|renderer|electron)/', pathNot: [ENTRIES, '[.]d[.]ts$'] },
      to: {},
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: { path: '^(shared|renderer|electron|test|resources)/' },
      to: { couldNotResolve: true, pathNot: '^electron(/|$)' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|test-results|playwright-report|bench)/|^test/fixtures/|^resources/samples/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.css', '.svg'],
    },
    builtInModules: { add: ['node:sqlite'] },
    cache: false,
  },
}
