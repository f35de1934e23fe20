// The program of the fork server, as text: it has to be found from the sources, from their bundle and from the package.

/** Frames in both directions: a letter, the number of a process, the length of what follows. */
export const headBytes = 9;

/**
 * It is told to start a process (`s`), and to hear it no more (`g`). It tells its number (`p`) or why it was refused (`r`),
 * what it prints (`o`, `e`), how it ended (`x`), and that nothing more of it comes (`c`).
 */
export const forkServerProgram = `
const { spawn } = require('node:child_process');
const { Socket } = require('node:net');

process.title = 'repro-fork-server';
// Who ends all processes of a run at once means the stages, which have time to end: this one ends with its channel.
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => {});
const channel = new Socket({ fd: 3 });
const children = new Map();
let pending = Buffer.alloc(0);

channel.on('data', (chunk) => {
  let rest = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
  while (rest.length >= ${headBytes}) {
    const end = ${headBytes} + rest.readUInt32LE(5);
    if (rest.length < end) break;
    take(rest.toString('latin1', 0, 1), rest.readUInt32LE(1), rest.subarray(${headBytes}, end));
    rest = rest.subarray(end);
  }
  pending = rest;
});
channel.on('error', () => {});
// The runner has ended, and may have had no time to note what it began.
channel.on('close', () => {
  for (const { pid } of children.values()) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }
  process.exit();
});

function tell(kind, id, body) {
  const head = Buffer.alloc(${headBytes});
  head.write(kind);
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(body.length, 5);
  return channel.write(Buffer.concat([head, body]));
}

const tellJson = (kind, id, value) => tell(kind, id, Buffer.from(JSON.stringify(value)));

function take(kind, id, body) {
  if (kind === 's') return start(id, JSON.parse(body));
  const child = children.get(id);
  child?.stdout.destroy();
  child?.stderr.destroy();
}

function start(id, { program, words, directory, environment }) {
  const refuse = ({ message, code }) => tellJson('r', id, { message, code });
  let child;
  try {
    const stdio = ['ignore', 'pipe', 'pipe'];
    child = spawn(program, words, { cwd: directory, env: environment, stdio, detached: true });
  } catch (error) {
    return refuse(error);
  }
  if (child.pid === undefined) return child.once('error', refuse);
  children.set(id, child);
  tellJson('p', id, child.pid);
  for (const [kind, stream] of [['o', child.stdout], ['e', child.stderr]]) {
    stream.on('data', (chunk) => {
      if (tell(kind, id, chunk)) return;
      // The runner reads less quickly than the process prints.
      stream.pause();
      channel.once('drain', () => stream.resume());
    });
  }
  child.once('exit', (code, signal) => tellJson('x', id, { code, signal }));
  child.once('close', () => {
    children.delete(id);
    tell('c', id, Buffer.alloc(0));
  });
}
`;
