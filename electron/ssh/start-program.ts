/**
 * The program that starts one attempt on a host, in plain POSIX sh, nothing installed. It is the command of the exec; the
 * attempt's name, variables, secrets and script come on its stdin, so it may be there before its attempt (standby.ts). It
 * is written so that
 *  - it is one line without a single quote, `!` or backslash: the account's login shell may be csh or fish;
 *  - what a login shell prints or reads before it does not matter: both directions begin with a nonce;
 *  - a script that did not arrive whole runs nothing;
 *  - the claim is a file that only one can make, in a folder named after the attempt: a second start never runs;
 *  - it replaces itself by the script: the host itself tells how it ended, exit code or signal, and no process of ours
 *    stays behind. The script leads its own session and process group (sshd sees to that; elsewhere setsid does).
 *
 * What it says, each a line beginning with the nonce: `ready` on stderr (nothing ran so far); `go PID 1` on stdout and
 * `go PID 2` on stderr (all that follows there is the script's); or, on both, `fail CODE DETAIL` (nothing ran). On both,
 * for a host may merge the streams or drop one of them, and what ran must not be taken for what did not.
 * Folder: $HOME/.holdpoint/attempts/NAME, or in $TMPDIR or /tmp where the home cannot be written to.
 * Files in it: `run` the script, `go` one line: process id, token, /proc/PID/stat of the start. Both stay: `go` is the
 * claim, and whoever has to find out what became of an attempt finds beside it what ran. Nobody is left to remove them,
 * and a second exec for it would cost every attempt a round trip.
 */
import { createHash } from 'node:crypto'
import type { AttemptRequest } from '../engine/ports.ts'

/** In the environment of the script and of all that it starts; how its processes are found again. */
export const TOKEN_VARIABLE = 'HOLDPOINT_TOKEN'

/** $1 nonce. The rest is assigned by lines of its input: see startInput. */
const PROGRAM = [
  'hp_n=$1; hp_x=; hp_k=; hp_t=; hp_a=; hp_g=;',
  'hp_fail() { echo "$hp_n fail $*"; echo "$hp_n fail $*" >&2; exit 125; };',
  // A newline cannot stand in a line: it is taken from IFS, which a shell sets anew, else from a substitution.
  'hp_nl=${IFS#??}; [ ${#hp_nl} -eq 1 ] || { hp_nl=$(echo x; echo y); hp_nl=${hp_nl#x}; hp_nl=${hp_nl%y}; };',
  // Whatever comes before the nonce belongs to someone else.
  'while IFS= read -r hp_l; do [ "x$hp_l" = "x$hp_n" ] && break; done;',
  // Assignments: hp_m name of the attempt, hp_sum SHA-256, hp_crc cksum and size, hp_i interpreter, hp_g its argument where
  // it has one; hp_v0, hp_v1, … and hp_x, which exports them (none is exported while other programs run); and, for a small
  // script, hp_k=y and hp_t, its text.
  'while IFS= read -r hp_l; do [ "x$hp_l" = "x$hp_n" ] && { hp_a=y; break; }; eval "$hp_l"; done;',
  '[ -n "$hp_a" ] || hp_fail upload-failed the variables did not arrive;',
  '[ -x "$hp_i" ] || hp_fail no-shell "$hp_i" is not there or may not be run;',
  'hp_h=${HOME:-/}/.holdpoint/attempts;',
  'hp_r=${TMPDIR:-/tmp}/.holdpoint-${LOGNAME:-${USER:-user}};',
  'hp_b=$hp_r/attempts;',
  'for hp_d in "$hp_h/$hp_m" "$hp_b/$hp_m"; do [ -e "$hp_d/go" ] && hp_fail already-started "$hp_d"; done;',
  // The base is private, and so is all in it. In a subshell: the script must not inherit this mask.
  'hp_make() { [ -d "$1" ] || (umask 077; mkdir -p "$1") 2>/dev/null; };',
  'hp_d=$hp_h/$hp_m;',
  'if hp_make "$hp_h" && [ -w "$hp_h" ] && mkdir -p -m 700 "$hp_d" 2>/dev/null; then :; else',
  ' hp_d=$hp_b/$hp_m; hp_make "$hp_r";',
  // In a folder that all may write to, only one's own will do: another could have put a link there.
  ' { [ -d "$hp_r" ] && [ -O "$hp_r" ]; } || hp_fail upload-failed no folder can be made in "$hp_h", and "$hp_r" is none of this account;',
  ' [ -h "$hp_r" ] && hp_fail upload-failed "$hp_r" is a link;',
  ' hp_make "$hp_d" || hp_fail upload-failed no folder can be made in "$hp_h" nor in "$hp_b";',
  'fi;',
  'set -C;',
  'hp_f=$hp_d/run;',
  // Whoever finds the name taken (an upload that was cut, a rival at this moment) uses one of its own.
  '{ true >"$hp_f"; } 2>/dev/null || { hp_f=$hp_d/run.$hp_n; { true >"$hp_f"; } 2>/dev/null; } || hp_fail upload-failed "$hp_f" cannot be written;',
  'hp_e=; hp_s=;',
  // A small script came as a value, and is written and read back by the shell itself: two programs fewer to start.
  'if [ -n "$hp_k" ]; then { printf %s "$hp_t" >>"$hp_f"; } 2>/dev/null || hp_e=$(printf %s "$hp_t" 2>&1 >>"$hp_f");',
  ' while IFS= read -r hp_l; do hp_s=$hp_s$hp_l$hp_nl; done <"$hp_f"; [ "$hp_s$hp_l" = "$hp_t" ] && hp_s=$hp_sum;',
  'else hp_e=$(cat 2>&1 >>"$hp_f");',
  ' if command -v sha256sum >/dev/null 2>&1; then hp_s=$(sha256sum <"$hp_f");',
  ' elif command -v openssl >/dev/null 2>&1; then hp_s=$(openssl dgst -sha256 <"$hp_f");',
  ' elif command -v shasum >/dev/null 2>&1; then hp_s=$(shasum -a 256 <"$hp_f");',
  ' elif command -v sha256 >/dev/null 2>&1; then hp_s=$(sha256 <"$hp_f");',
  ' elif command -v busybox >/dev/null 2>&1; then hp_s=$(busybox sha256sum <"$hp_f");',
  ' elif command -v digest >/dev/null 2>&1; then hp_s=$(digest -a sha256 <"$hp_f");',
  ' elif command -v cksum >/dev/null 2>&1; then hp_s=$(cksum <"$hp_f"); hp_sum=$hp_crc;',
  ' else rm -f "$hp_f"; hp_fail upload-failed there is no program to check a digest with; fi;',
  'fi;',
  'case " $hp_s " in *"$hp_sum"*) ;; *) rm -f "$hp_f"; rmdir "$hp_d" 2>/dev/null; hp_fail upload-failed the script did not arrive whole in "$hp_d, is the disk full? $hp_e"; esac;',
  'hp_s=;',
  '{ read -r hp_s </proc/$$/stat; } 2>/dev/null;',
  // Fifth field: the process group. sshd starts each command in a session of its own; a server that does not is helped.
  'hp_leads() { [ -z "$5" ] || [ "$5" = "$$" ]; };',
  'hp_q=; hp_leads $hp_s || hp_q=$(command -v setsid);',
  `export HOLDPOINT_ATTEMPT="$hp_m" ${TOKEN_VARIABLE}="$hp_n";`,
  'set -- ${hp_q:+"$hp_q"} "$hp_i" ${hp_g:+"$hp_g"} "$hp_f";',
  'eval "$hp_x" || hp_fail upload-failed a variable cannot be set;',
  'echo "$hp_n ready" >&2;',
  // Who loses takes its own copy away; the script beside the claim is the one that runs.
  '{ true >"$hp_d/go"; } 2>/dev/null || { rm -f "$hp_f"; [ -e "$hp_d/go" ] && hp_fail already-started "$hp_d"; hp_fail upload-failed "$hp_d/go" cannot be written; };',
  '{ echo "$$ $hp_n $hp_s" >>"$hp_d/go"; } 2>/dev/null || { rm -f "$hp_d/go"; hp_fail upload-failed "$hp_d/go" cannot be written; };',
  // stderr comes second: what a shell says of a stdout that is closed is none of the script's.
  'echo "$hp_n go $$ 1"; echo "$hp_n go $$ 2" >&2;',
  'unset hp_n hp_m hp_sum hp_crc hp_i hp_g hp_x hp_k hp_t hp_a hp_nl hp_l hp_h hp_r hp_b hp_d hp_f hp_e hp_s hp_q;',
  'exec "$@" </dev/null;',
].join(' ')

const SHELL = '/bin/sh'
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** @returns what no host could start, or null */
export function wrongWith(request: AttemptRequest): string | null {
  if (!NAME.test(request.name) || request.name.length > 400) return `“${request.name}” is not the name of an attempt`
  for (const [name, value] of variablesOf(request)) {
    if (!VARIABLE.test(name)) return `“${name}” cannot be the name of a variable`
    if (name.startsWith('hp_')) return `“${name}”: names that begin with hp_ are kept for the start of the script`
    if (value.includes('\0')) return `the value of ${name} has a NUL character in it, which no variable can hold`
  }
  if (sha256(request.script) !== request.sha256) return 'the script is not the one whose digest was given'
  return null
}

function variablesOf(request: AttemptRequest): readonly (readonly [string, string])[] {
  return Object.entries({ ...request.variables, ...request.secrets })
}

/** For whatever attempt comes. @param nonce hex digits; no two starts have the same */
export function startCommand(nonce: string): string {
  return `exec ${SHELL} -c '${PROGRAM}' holdpoint ${nonce}`
}

/** All that goes to the program's stdin, in order. @param request one that nothing is wrong with */
export function startInput(request: AttemptRequest, nonce: string): readonly Uint8Array[] {
  const { interpreter, argument } = interpreterOf(request.script)
  const { crc, size } = cksum(request.script)
  const named = {
    hp_m: request.name,
    hp_sum: request.sha256,
    hp_crc: `${crc} ${size}`,
    hp_i: interpreter,
    ...(argument === '' ? {} : { hp_g: argument }),
  }
  const lines = Object.entries(named).map(([name, value]) => `${name}=${quoteLine(value)}\n`)
  const before = `\n${nonce}\n${lines.join('')}${assignments(variablesOf(request))}`
  return isSmall(request.script)
    ? [Buffer.from(`${before}${asValue(request.script)}${nonce}\n`, 'utf8')]
    : [Buffer.from(`${before}${nonce}\n`, 'utf8'), request.script]
}

/** A shell reads values byte by byte, so beyond this a program that reads blocks is faster. */
const SMALL = 512

/** Short, and such that every shell in every locale reads it as it is. */
function isSmall(script: Uint8Array): boolean {
  return script.length <= SMALL && script.every((byte) => byte === 9 || byte === 10 || (byte >= 32 && byte < 127))
}

function asValue(script: Uint8Array): string {
  return `hp_k=y; hp_t=${quoteLine(Buffer.from(script).toString('latin1'))}\n`
}

/** One shell command a line: values first, then what exports them all at once. */
function assignments(variables: readonly (readonly [string, string])[]): string {
  if (variables.length === 0) return ''
  const values = variables.map((_, index) => `hp_v${index}`)
  const lines = variables.map(([, value], index) => `hp_v${index}=${quoteLine(value)}`)
  const exports = variables.map(([name], index) => `${name}="$hp_v${index}"`)
  lines.push(`hp_x=${quote(`export ${exports.join(' ')}; unset ${values.join(' ')}`)}`)
  return lines.map((line) => `${line}\n`).join('')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`
}

/** On one line, whatever is in it. */
function quoteLine(text: string): string {
  return quote(text).replaceAll('\n', `'"$hp_nl"'`)
}

/** As the kernel reads `#!`: a program and at most one argument, the rest of the line. Without it, /bin/sh. */
export function interpreterOf(script: Uint8Array): { readonly interpreter: string; readonly argument: string } {
  const head = Buffer.from(script.buffer, script.byteOffset, Math.min(script.length, 256)).toString('latin1')
  const [, interpreter, argument] = /^#![ \t]*([^ \t\r\n\0]+)[ \t]*([^\r\n\0]*)/.exec(head) ?? []
  return { interpreter: interpreter ?? SHELL, argument: (argument ?? '').trimEnd() }
}

/** POSIX cksum, for hosts that have nothing better. */
export function cksum(bytes: Uint8Array): { readonly crc: number; readonly size: number } {
  let crc = 0
  const add = (byte: number) => {
    crc = ((crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0
  }
  for (const byte of bytes) add(byte)
  for (let left = bytes.length; left > 0; left = Math.floor(left / 256)) add(left % 256)
  return { crc: ~crc >>> 0, size: bytes.length }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
