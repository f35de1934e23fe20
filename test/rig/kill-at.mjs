// Preloaded into the command: kills its process at its KILL_AT-th call that may change a file, a write half done. Otherwise
// it says at the end how many such calls there were, in the file COUNT_IN.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env['KILL_AT']);
const { readdirSync, rmSync, statSync, writeFileSync, writeSync } = fs;
let calls = 0;

/** The first of what a directory holds goes, as it does first of all. */
function removeHalf(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const [first] = readdirSync(path);
  if (first !== undefined) rmSync(`${path}/${first}`, { recursive: true });
}

function watch(owner, name) {
  const call = owner[name].bind(owner);
  owner[name] = (...args) => {
    if (++calls === at) {
      if (name === 'writeSync') {
        const bytes = Buffer.from(args[1]);
        writeSync(args[0], bytes.subarray(0, bytes.length >> 1));
      }
      if (name === 'rm') removeHalf(args[0]);
      process.kill(process.pid, 'SIGKILL');
    }
    return call(...args);
  };
}

for (const name of [
  'chmodSync',
  'linkSync',
  'mkdirSync',
  'openSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'writeSync',
])
  watch(fs, name);
for (const name of ['copyFile', 'open', 'rm']) watch(fs.promises, name);
syncBuiltinESMExports();

process.on('exit', () => {
  if (process.env['COUNT_IN']) writeFileSync(process.env['COUNT_IN'], String(calls));
});
