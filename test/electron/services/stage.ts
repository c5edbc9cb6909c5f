/** The services over an engine whose hosts a test plays. */
import type { Console } from '../../../electron/engine/console.ts'
import { createAsking } from '../../../electron/engine/asking.ts'
import type { Station } from '../../../electron/engine/station.ts'
import type { ArchiveService } from '../../../electron/services/archive-service.ts'
import type { Context } from '../../../electron/services/context.ts'
import type { Engine } from '../engine/stage.ts'

const NEVER = (): never => {
  throw new Error('not part of this test')
}

/** @param console another one than the engine's own, for a test that stands between */
export function contextOver(engine: Engine, console: Console = engine.console): Context {
  const station: Station = {
    version: '0.0.0',
    dataDir: engine.scratch.dataDir,
    isPractice: false,
    practice: null,
    suggestedName: '',
    library: { load: NEVER, samples: NEVER },
    keys: { candidates: NEVER, create: NEVER, fromFile: NEVER, fromAgent: NEVER, practice: () => null },
    blobs: engine.parts.blobs,
    settings: { read: NEVER, write: NEVER },
    console: () => console,
    refusal: () => null,
    needsSetup: () => false,
    operator: () => null,
    signer: () => engine.scratch.lead,
    candidates: NEVER,
    setup: NEVER,
    unlock: NEVER,
    beginAgain: NEVER,
    onChange: () => () => undefined,
    close: () => Promise.resolve(),
  }
  const archive: ArchiveService = {
    status: NEVER,
    set: NEVER,
    sync: NEVER,
    verify: NEVER,
    onChange: () => () => undefined,
  }
  return { station, archive, asking: createAsking(), keptLogs: () => [], nowMs: () => Date.now() }
}
