/** The typed contract between screens and console: every procedure and stream, with schemas. Nothing else crosses. */
import { oc } from '@orpc/contract'
import { archiveProcedures } from './archive.ts'
import { consoleProcedures } from './console.ts'
import { logProcedures } from './log.ts'
import { runbooksProcedures } from './runbooks.ts'
import { runsProcedures } from './runs.ts'

export const contract = oc.router({
  console: consoleProcedures,
  runbooks: runbooksProcedures,
  runs: runsProcedures,
  log: logProcedures,
  archive: archiveProcedures,
})
