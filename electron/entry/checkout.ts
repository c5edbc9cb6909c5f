/**
 * `npm run -s holdpoint -- …`: the command line of a checkout. What was built starts three times as fast as the sources,
 * but only while it is built from them; both run in this process, so that signals and descriptors are the person's own.
 */
import './guard.ts'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isBuilt } from '../../resources/packaging/freshness.ts'

const program = resolve(import.meta.dirname, isBuilt() ? '../../out/node/cli.js' : 'cli.ts')
process.argv[1] = program
await import(pathToFileURL(program).href)
