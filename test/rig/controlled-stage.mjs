// A stage that does what a test tells it, over a unix socket: `node controlled-stage.mjs SOCKET NAME`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

const [socketPath, name] = process.argv.slice(2);
const socket = connect(socketPath);
const send = (message) => socket.write(`${JSON.stringify(message)}\n`);

const orders = {
  print: (text) => void process.stdout.write(text),
  write: ({ path, text }) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  },
  read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null),
  env: (variable) => process.env[variable],
  /** A process of the same group that outlives this one unless the group is ended. */
  spawn: () => spawn('sleep', ['1000'], { stdio: 'ignore' }).pid,
  ignore: (signal) => void process.on(signal, () => {}),
};

socket.on('connect', () => send({ name, pid: process.pid }));
socket.on('close', () => process.exit(70));
socket.on('error', () => process.exit(71));
for await (const line of createInterface({ input: socket })) {
  const [order, value] = JSON.parse(line);
  if (order === 'exit') process.exit(value);
  send({ result: orders[order](value) ?? null });
}
