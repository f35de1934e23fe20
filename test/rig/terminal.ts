// A command in a terminal of its own, by Python's pty: Node can open none. SIGINT to it is Ctrl-C typed, SIGUSR1 makes
// the terminal smaller.
import { spawnSync } from 'node:child_process';

/** Copies what the terminal shows to standard output, and ends as the command does. */
const program = `
import fcntl, os, pty, signal, struct, sys, termios
columns, rows, small_columns, small_rows = map(int, sys.argv[1:5])
def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
pid, terminal = pty.fork()
if pid == 0:
    resize(0, columns, rows)
    os.execvp(sys.argv[5], sys.argv[5:])
signal.signal(signal.SIGINT, lambda *_: os.write(terminal, b'\\x03'))
signal.signal(signal.SIGUSR1, lambda *_: resize(terminal, small_columns, small_rows))
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

export const hasTerminal = spawnSync('python3', ['-c', 'import os, pty; os.waitstatus_to_exitcode']).status === 0;

/** Words that start a command in a terminal, for \`within\` of the rig. */
export function inTerminal(columns: number, rows: number, small = { columns, rows }): string[] {
  return ['python3', '-c', program, ...[columns, rows, small.columns, small.rows].map(String)];
}

/** A terminal as people have it: the rig's own asks for no colours, which a person with a screen reader does. */
export const asPeopleHaveIt = { TERM: 'xterm-256color', NO_COLOR: '' };
