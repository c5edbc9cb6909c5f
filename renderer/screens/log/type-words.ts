/** What kinds of entries mean, in a sentence: the formal name stands in the log for ever, and is not meant for 3 a.m. */
const MEANINGS: Readonly<Record<string, string>> = {
  genesis: 'The log begins: the console’s key, its first operators and administrators',
  boot: 'The console started, and compared the log with its high-water mark',
  recovered: 'The log goes on after the one before was found cut, edited or restored',
  'nonce.issued': 'Numbers for signatures, each good for one act',
  'operator.added': 'A person’s key counts from here on',
  'operator.revoked': 'A person’s key counts no more',
  'entries.redacted': 'Texts were dropped by an administrator; the chain goes on whole',
  'archive.received': 'The archive was read back and holds everything to this size',
  'host-key.accepted': 'A host’s key was accepted',
  'plan.adopted': 'A plan was taken over',
  'run.planned': 'A run was planned: runbook, mode, window',
  'targets.frozen': 'The hosts of a set, as they stay for this run',
  'step.planned': 'One step of the plan, as it stays for this run',
  'run.started': 'The run was started',
  'run.held': 'The run was held: nothing new starts',
  'run.resumed': 'The run was resumed',
  'run.closed': 'The run was closed',
  'attempt.started': 'A try was about to start; written before the first byte went to the host',
  'attempt.finished': 'A try ended',
  'output.bound': 'A piece of output, bound by its hash',
  'cells.readied': 'A step may start on these hosts',
  'cell.ended': 'A step came to an end on a host',
  'cell.retried': 'A step is tried again',
  'cell.accepted': 'A failure was accepted: what needs it may start',
  'cells.skipped': 'Left out, with a reason',
  'cells.cancelled': 'Will not run any more',
  'cells.settled': 'A person said what became of what was unknown',
  'verify.asked': 'A person wants a look at what is unknown, with the step’s own check',
  'cell.verified': 'That check found the work done: what was unknown is known',
  'condition.evaluated': 'A condition of a step was looked at',
  'host.excluded': 'A host was taken out of the run',
  'noreturn.passed': 'The point of no return was passed',
  'approval.given': 'Someone approved a hold point',
  'approval.refused': 'Someone refused a hold point',
  'approval.withdrawn': 'An approval was withdrawn',
  'gate.decided': 'A hold point was decided',
  'backout.planned': 'Backing out was decided: what is undone, in which order',
  'backout.readied': 'These may be undone now',
  'backout.ended': 'Undoing a step on a host came to an end',
  'backout.retried': 'Undoing is tried again',
  'backout.givenUp': 'Undoing was given up: it stays as it is',
  'deviation.recorded': 'A departure from the approved plan',
  'note.recorded': 'A note',
  'driver.taken': 'This console took over driving the run',
}

export function typeMeaning(type: string): string {
  return (
    MEANINGS[type] ??
    'A kind of entry that this version does not know; its chain and signature are checked all the same'
  )
}
