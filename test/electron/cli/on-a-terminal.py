"""Runs a program on a terminal of its own and answers what it asks, as soon as it is asked.
on-a-terminal.py ANSWERS PROGRAM…: ANSWERS is JSON, [[what is asked, what is typed], …]; where {"touch": FILE} stands for what
is typed, that file is made instead. Prints all that was on the terminal; the exit code is the program's, 99 when it said
nothing for a long time."""
import json, os, pty, select, sys

answers = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
said, seen = b"", 0
while True:
    if not select.select([terminal], [], [], 150)[0]:
        os.kill(child, 9)
        sys.stdout.write(said.decode("utf8", "replace"))
        sys.exit(99)
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    said += part
    if answers and answers[0][0].encode() in said[seen:]:
        seen = len(said)
        typed = answers.pop(0)[1]
        if isinstance(typed, str):
            os.write(terminal, typed.encode())
        else:
            open(typed["touch"], "w").close()
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.stdout.write(said.decode("utf8", "replace"))
sys.exit(code if code >= 0 else 128 - code)
