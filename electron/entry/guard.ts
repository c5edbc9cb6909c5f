/**
 * Imported before anything else by every starting point. better-sqlite3 needs N-API 10: on an older Node it loads and
 * then takes the process down without a word, so the word is said here. Plain syntax only: Node 20 must be able to read it.
 */
const needed = 10
const found = Number(process.versions['napi'] ?? 0)

if (!(found >= needed)) {
  process.stderr.write(
    `Holdpoint needs Node 24 or later; this is Node ${process.versions.node} (N-API ${found}, ${needed} is needed).\n` +
      'In a checkout start it through npm (npm start, npm run -s holdpoint -- …), which brings its own Node.\n',
  )
  process.exit(2)
}

export {}
