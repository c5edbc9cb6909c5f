/**
 * The program that ends one attempt on a host with all that it started, and looks whether anything survived. POSIX sh,
 * one line, as start-program.ts. Its processes are: the leader, its group and session, what descends from any of them,
 * and whatever carries the attempt's token in its environment (a daemon that left the session).
 * First TERM, then, after the grace, KILL. Says one line on stdout, beginning with the nonce: `none` (nothing was left to
 * end), `ended` (all gone), or `alive PIDS` (these could not be ended: another account's, or stuck in the kernel).
 */
import { TOKEN_VARIABLE } from './start-program.ts'

/** $1 nonce, $2 process id of the leader, $3 token, $4 grace in tenths of a second. */
const PROGRAM = [
  'hp_n=$1; hp_pid=$2; hp_token=$3; hp_left=$4; hp_k=;',
  'hp_ifs=$IFS; hp_nl=${IFS#??}; [ ${#hp_nl} -eq 1 ] || { hp_nl=$(echo x; echo y); hp_nl=${hp_nl#x}; hp_nl=${hp_nl%y}; };',
  // One line a process: id, state, parent, group, session.
  'hp_proc() { hp_t=; for hp_p in /proc/[0-9]*; do hp_s=; { read -r hp_s <"$hp_p/stat"; } 2>/dev/null;',
  ' [ -n "$hp_s" ] && hp_t=$hp_t$hp_nl${hp_p#/proc/}" "${hp_s##*") "}; done; };',
  'hp_table() { hp_t=$(ps -A -o pid= -o stat= -o ppid= -o pgid= -o sid= 2>/dev/null); [ -n "$hp_t" ] && return;',
  ' if [ -r /proc/self/stat ]; then hp_proc; else hp_t=$(ps -A -o pid= -o stat= -o ppid= -o pgid=); fi; };',
  'hp_is() { case $2 in Z*|X*) return 1; esac;',
  ' [ "$1" = "$hp_pid" ] || [ "$4" = "$hp_pid" ] || [ "$5" = "$hp_pid" ] && return 0;',
  ' case "$hp_env" in *" $1/environ "*) return 0; esac;',
  ' case "$hp_k " in *" $3 "*) return 0; esac;',
  ' case "$hp_seen " in *" $1 "*) return 0; esac; return 1; };',
  'hp_look() { case "$hp_k " in *" $1 "*) ;; *) hp_is "$@" && { hp_k="$hp_k $1"; hp_more=y; }; esac; };',
  'hp_scan() { hp_seen=$hp_k; hp_k=; hp_table;',
  ` hp_env=$(cd /proc 2>/dev/null && grep -l -s -F "${TOKEN_VARIABLE}=$hp_token" [0-9]*/environ 2>/dev/null);`,
  // Unquoted, so that lines become words.
  ' hp_env=" $(echo $hp_env) ";',
  // Until no further descendant is found.
  ' hp_more=y; while [ -n "$hp_more" ]; do hp_more=;',
  ' IFS=$hp_nl; for hp_s in $hp_t; do IFS=$hp_ifs; hp_look $hp_s; done; IFS=$hp_ifs; done; };',
  'hp_wait() { sleep 0.1 2>/dev/null || sleep 1; };',
  'hp_scan; [ -n "$hp_k" ] || { echo "$hp_n none"; exit 0; };',
  'kill -TERM $hp_k 2>/dev/null;',
  'while hp_scan; [ -n "$hp_k" ] && [ "$hp_left" -gt 0 ]; do hp_wait; hp_left=$((hp_left - 1)); done;',
  'hp_left=30;',
  'while [ -n "$hp_k" ] && [ "$hp_left" -gt 0 ]; do kill -KILL $hp_k 2>/dev/null; hp_wait; hp_left=$((hp_left - 1)); hp_scan; done;',
  'if [ -n "$hp_k" ]; then echo "$hp_n alive$hp_k"; else echo "$hp_n ended"; fi;',
].join(' ')

export type EndResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'alive'; readonly processes: readonly string[] }

export function endCommand(options: {
  readonly nonce: string
  readonly pid: string
  readonly token: string
  readonly graceMs: number
}): string {
  const { nonce, pid, token, graceMs } = options
  return `exec /bin/sh -c '${PROGRAM}' holdpoint ${nonce} ${pid} ${token} ${Math.ceil(graceMs / 100)}`
}

/** @returns null when the program did not come to its end */
export function endResult(nonce: string, stdout: string): EndResult | null {
  const line = stdout.split('\n').find((text) => text.startsWith(`${nonce} `))
  const [, kind, ...processes] = line?.trim().split(' ') ?? []
  if (kind === 'none' || kind === 'ended') return { kind }
  return kind === 'alive' ? { kind, processes } : null
}
