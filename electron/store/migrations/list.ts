/** Every migration, in order. The database's `user_version` is the number of those it has had. Released ones never change. */
import { journal } from './0001-journal.ts'

export const MIGRATIONS: readonly string[] = [journal]
