/** The contract, handled. Each line hands on to a service; schemas are checked by the contract itself. */
import { implement } from '@orpc/server'
import { contract } from '../../shared/api/contract.ts'
import { isRefusal } from '../../shared/model/commands.ts'
import { reportOf, showReport } from '../../shared/report/report.ts'
import type { CandidateKey } from '../engine/ports.ts'
import { infoAfter, infoOf, watchStatus } from './console-service.ts'
import { type Context, DONE, orRefusal } from './context.ts'
import { earlierLogs } from './earlier-logs.ts'
import { type LogParts, page, proof, verifyLog } from './log-service.ts'
import { addRunbook, checkText, listRunbooks, openRunbook } from './runbook-service.ts'
import * as runs from './run-service.ts'

export function routerOf(context: Context, log: LogParts) {
  const { station, archive } = context
  const os = implement(contract)
  const earlier = earlierLogs(() => context.keptLogs())
  return os.router({
    console: {
      info: os.console.info.handler(() => infoOf(context)),
      candidateKeys: os.console.candidateKeys.handler(async () =>
        (await station.candidates()).map((key: CandidateKey) => ({ ...key })),
      ),
      setup: os.console.setup.handler(({ input }) =>
        orRefusal(infoAfter(context, station.setup(input.name, input.key))),
      ),
      unlock: os.console.unlock.handler(({ input }) => infoAfter(context, station.unlock(input.passphrase))),
      beginAgain: os.console.beginAgain.handler(() => orRefusal(infoAfter(context, station.beginAgain()))),
      earlier: os.console.earlier.handler(() => [...earlier()]),
      watch: os.console.watch.handler(({ signal }) => watchStatus(context, signal)),
      answer: os.console.answer.handler(({ input }) => {
        context.asking.answer(input.id, input.text)
        return DONE
      }),
    },
    runbooks: {
      list: os.runbooks.list.handler(() => listRunbooks(context)),
      open: os.runbooks.open.handler(({ input }) => openRunbook(context, input.id)),
      add: os.runbooks.add.handler(({ input }) => orRefusal(addRunbook(context, input.path))),
      check: os.runbooks.check.handler(({ input }) => checkText(context, input.id, input.text)),
    },
    runs: {
      plan: os.runs.plan.handler(({ input }) => orRefusal(runs.planRun(context, input))),
      watch: os.runs.watch.handler(({ input, signal }) => runs.watchRun(context, input.run, input.from, signal)),
      events: os.runs.events.handler(({ input }) => runs.events(context, input.run, input.from, input.limit)),
      act: os.runs.act.handler(({ input }) => {
        const { command } = input
        return command.do === 'planRun' ? runs.refusePlan() : orRefusal(runs.act(context, input.run, command))
      }),
      approvers: os.runs.approvers.handler(({ input }) => runs.approvers(context, input.run, input.gate)),
      approve: os.runs.approve.handler(({ input }) => orRefusal(runs.approve(context, input))),
      secrets: os.runs.secrets.handler(({ input }) => runs.giveSecrets(context, input.run, input.values)),
      hostKey: os.runs.hostKey.handler(({ input }) => orRefusal(runs.answerHostKey(context, input))),
      output: os.runs.output.handler(({ input }) => runs.output(context, input)),
      report: os.runs.report.handler(({ input }) => {
        const handle = runs.handleOf(context, input.run)
        if (isRefusal(handle)) return handle
        return { text: showReport(reportOf(handle.events(), context.nowMs()), input.format) }
      }),
    },
    log: {
      page: os.log.page.handler(({ input }) => page(context, input)),
      entry: os.log.entry.handler(({ input }) => proof(context, log, input.seq)),
      verify: os.log.verify.handler(({ signal }) => verifyLog(context, log, signal)),
    },
    archive: {
      status: os.archive.status.handler(() => archive.status()),
      set: os.archive.set.handler(({ input }) => orRefusal(archive.set(input.path))),
      sync: os.archive.sync.handler(({ signal }) => archive.sync(signal)),
      verify: os.archive.verify.handler(({ signal }) => archive.verify(signal)),
    },
  })
}

export type ConsoleRouter = ReturnType<typeof routerOf>
