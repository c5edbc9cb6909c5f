/**
 * How a detached attempt may look on a host, tried before it is built: one program that starts an attempt or, where it was
 * started before, joins it, and streams its output from the offsets it is told. Plain POSIX sh, one line without a single
 * quote, `!` or backslash, so that any login shell hands it on. It may run under sudo as a whole: whoever may run it then
 * may end all of it.
 * In the attempt's folder: `run.NONCE` the script as it arrived, `go` the claim and commit point (noclobber: one wins),
 * `out` and `err` its output, `sup` process id, start time and boot id of the supervisor, `rc` the exit code, renamed there.
 */

/** Leads a session of its own, and outlives the connection. $1 folder, $2… the command. Nothing secret is in its arguments. */
const SUPERVISOR = [
  'hp_d=$1; shift; hp_s=; hp_b=; hp_t=;',
  '{ read -r hp_s </proc/$$/stat; read -r hp_b </proc/sys/kernel/random/boot_id; } 2>/dev/null;',
  // The name in brackets may have blanks; the start time is the twentieth word after it.
  'hp_time() { hp_t=${20}; }; hp_time ${hp_s##*) };',
  '(umask 077; echo "$$ $hp_t $hp_b" >"$hp_d/sup.tmp"; mv "$hp_d/sup.tmp" "$hp_d/sup");',
  '"$@" >"$hp_d/out" 2>"$hp_d/err" </dev/null &',
  'wait $!; hp_c=$?;',
  '(umask 077; echo $hp_c >"$hp_d/rc.tmp"; mv "$hp_d/rc.tmp" "$hp_d/rc");',
].join(' ')

/** $1 nonce. Assigned by its input: hp_d folder, hp_o and hp_e offsets, hp_w start or join; see `requestOf`. */
const PROGRAM = [
  'hp_n=$1; hp_a=; hp_x=; hp_t=; hp_s=; hp_p=; hp_b=;',
  'hp_fail() { echo "$hp_n fail $*"; echo "$hp_n fail $*" >&2; exit 125; };',
  'hp_nl=${IFS#??};',
  // Whatever comes before the nonce (a password that nobody asked for) belongs to someone else.
  'while IFS= read -r hp_l; do [ "x$hp_l" = "x$hp_n" ] && break; done;',
  'while IFS= read -r hp_l; do [ "x$hp_l" = "x$hp_n" ] && { hp_a=y; break; }; eval "$hp_l"; done;',
  '[ -n "$hp_a" ] || hp_fail upload-failed the request did not arrive;',
  'if [ -e "$hp_d/go" ]; then :; else',
  ' [ "$hp_w" = start ] || hp_fail not-there "$hp_d";',
  ' (umask 077; mkdir -p "$hp_d") 2>/dev/null || hp_fail upload-failed "$hp_d" cannot be made;',
  ' (umask 077; printf %s "$hp_t" >"$hp_d/run.$hp_n") 2>/dev/null || hp_fail upload-failed no space in "$hp_d";',
  ' hp_f=$(sha256sum <"$hp_d/run.$hp_n"); [ "${hp_f%% *}" = "$hp_sum" ] || hp_fail upload-failed the script did not arrive whole;',
  ' [ -e "$hp_d/out" ] || (umask 077; true >"$hp_d/out"; true >"$hp_d/err");',
  ' if (umask 077; set -C; true >"$hp_d/go") 2>/dev/null; then',
  '  (eval "$hp_x"; unset hp_x hp_t; exec setsid /bin/sh -c "$hp_s" holdpoint "$hp_d" /bin/sh "$hp_d/run.$hp_n") </dev/null >/dev/null 2>&1 &',
  ' fi;',
  'fi;',
  'unset hp_x hp_t hp_s;',
  'echo "$hp_n go"; echo "$hp_n go" >&2;',
  // What a shell says of this program's own doings is none of the script's.
  'exec 6>&2 2>/dev/null;',
  // The end of the channel is the end of this reader, never of the script.
  'exec 5<&0; (cat <&5 >/dev/null; kill $$ 2>/dev/null) & hp_k=$!;',
  'exec 3<"$hp_d/out" 4<"$hp_d/err";',
  'hp_skip() { [ $1 -lt 65536 ] || dd bs=65536 count=$(($1/65536)) of=/dev/null 2>/dev/null; [ $(($1%65536)) -eq 0 ] || dd bs=$(($1%65536)) count=1 of=/dev/null 2>/dev/null; };',
  'hp_skip $hp_o <&3; hp_skip $hp_e <&4;',
  'hp_alive() { read -r hp_p hp_t hp_b <"$hp_d/sup" 2>/dev/null || return 0; hp_l=; read -r hp_l </proc/sys/kernel/random/boot_id; [ "$hp_l" = "$hp_b" ] || return 1; hp_l=; { read -r hp_l </proc/$hp_p/stat; } 2>/dev/null; case " ${hp_l##*) } " in *" $hp_t "*) return 0; esac; return 1; };',
  'while true; do',
  // Finished is looked at before the size, and a process that is gone may have finished just before.
  ' hp_q=run; [ -e "$hp_d/rc" ] && hp_q=end; [ $hp_q = end ] || hp_alive || { hp_q=lost; [ -e "$hp_d/rc" ] && hp_q=end; };',
  ' cat <&3 || exit; cat <&4 >&6 || exit;',
  ' [ $hp_q = run ] || break; sleep 0.1 2>/dev/null || sleep 1;',
  'done;',
  'hp_c=; [ $hp_q = end ] && read -r hp_c <"$hp_d/rc";',
  'echo "$hp_n $hp_q $hp_c"; echo "$hp_n $hp_q $hp_c" >&6; kill $hp_k 2>/dev/null; exit 0;',
].join(' ')

export type DetachedRequest = {
  /** Absolute, on the host. */
  readonly folder: string
  readonly script: string
  readonly sha256: string
  readonly secrets: Readonly<Record<string, string>>
  /** Bytes that are here durably. */
  readonly have: { readonly stdout: number; readonly stderr: number }
}

/** @param become what the whole program is run by, ended by a blank: `sudo -n -- ` */
export function commandOf(nonce: string, become: string): string {
  return `exec ${become}/bin/sh -c '${PROGRAM}' holdpoint ${nonce}`
}

/** @param password for become, where it may ask for one on its standard input */
export function requestOf(request: DetachedRequest, nonce: string, password: string | null): string {
  const exports = Object.entries(request.secrets).map(([name, value]) => `export ${name}=${quote(value)}`)
  const values = {
    hp_w: 'start',
    hp_d: request.folder,
    hp_o: String(request.have.stdout),
    hp_e: String(request.have.stderr),
    hp_sum: request.sha256,
    hp_t: request.script,
    hp_s: SUPERVISOR,
    hp_x: exports.join('; '),
  }
  const lines = Object.entries(values).map(([name, value]) => `${name}=${onOneLine(value)}\n`)
  return `${password ?? ''}\n${nonce}\n${lines.join('')}${nonce}\n`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`
}

function onOneLine(text: string): string {
  return quote(text).replaceAll('\n', `'"$hp_nl"'`)
}
