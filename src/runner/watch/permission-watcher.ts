// The module that a stage under Node's permissions loads first. It notes the first access that was denied, even where
// the stage catches the error and goes on. It closes what Node's permissions leave open. And it allows what they forbid
// but no result depends on.

/** Its text; `denial` is the file for the note. */
export const watcherText = (denial: string): string => text.replace('DENIAL', JSON.stringify(denial));

const text = `import childProcess from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import workers from 'node:worker_threads';

const { writeFileSync, promises } = fs;
const { permission: permissions } = process;
let isNoted = false;

function note({ permission, resource, message }) {
  if (isNoted) return;
  isNoted = true;
  try {
    const place = resource ? resolve(String(resource)) : '';
    writeFileSync(DENIAL, JSON.stringify({ permission: permission ?? '', resource: place, message: message ?? '' }));
  } catch {
    isNoted = false;
  }
}

function noteError(error) {
  for (let cause = error, depth = 0; cause && depth < 10; cause = cause.cause, depth++) {
    if (cause.code !== 'ERR_ACCESS_DENIED') continue;
    note(cause);
    // Lines of this module say nothing to who looks for the mistake.
    if (typeof cause.stack === 'string') {
      cause.stack = cause.stack.split('\\n').filter((line) => !line.includes(import.meta.url)).join('\\n');
    }
    return;
  }
}

// What ends the process, and, where Node tells of it, every denial.
process.on('uncaughtExceptionMonitor', noteError);
for (const scope of ['fs', 'child', 'worker', 'wasi', 'addon', 'inspector', 'ffi', 'openssl-store']) {
  subscribe('node:permission-model:' + scope, note);
}

// Elsewhere, what the functions throw that may be denied.
function noting(call) {
  try {
    const result = call();
    if (!(result instanceof Promise)) return result;
    return result.then((value) => value, (error) => { noteError(error); throw error; });
  } catch (error) {
    noteError(error);
    throw error;
  }
}

function watched(callable) {
  return new Proxy(callable, {
    apply(target, self, words) {
      const last = words.at(-1);
      if (typeof last === 'function') {
        words[words.length - 1] = function (error, ...results) {
          noteError(error);
          return Reflect.apply(last, this, [error, ...results]);
        };
      }
      return noting(() => Reflect.apply(target, self, words));
    },
    construct: (target, words, type) => noting(() => Reflect.construct(target, words, type)),
  });
}

/** Listeners are told apart by identity; files that are open have been allowed. */
const left = /^(watchFile|unwatchFile|(read|write)v?(Sync)?|close(Sync)?|fstat(Sync)?|_.*)$/;
function watchAll(module) {
  const names = Object.keys(module).filter((name) => /^[a-z]/.test(name) && !left.test(name));
  watch(module, ...names);
}
function watch(holder, ...names) {
  for (const name of names) if (typeof holder?.[name] === 'function') holder[name] = watched(holder[name]);
}
watchAll(fs);
watchAll(promises);
watchAll(childProcess);
watch(workers, 'Worker');
watch(v8, 'writeHeapSnapshot');
watch(process, 'chdir', 'execve', 'loadEnvFile');
watch(process.getBuiltinModule('node:wasi'), 'WASI');
const inspector = process.getBuiltinModule('node:inspector');
watch(inspector, 'open');
watch(inspector?.Session.prototype, 'connect');

// Waiting for the disk is forbidden, and changes no byte of what is written.
fs.fsyncSync = fs.fdatasyncSync = () => {};
fs.fsync = fs.fdatasync = (file, callback) => process.nextTick(callback, null);
const handle = await promises.open(new URL(import.meta.url));
const FileHandle = Object.getPrototypeOf(handle);
FileHandle.sync = FileHandle.datasync = async () => {};
await handle.close();

function deny(permission, resource) {
  const error = new Error('Access to this API has been restricted');
  throw Object.assign(error, { code: 'ERR_ACCESS_DENIED', permission, resource });
}

// A report is written wherever its settings say.
const { getReport } = process.report;
const writeReport = watched((file) => deny('FileSystemWrite', typeof file === 'string' ? file : 'report.json'));
Object.defineProperty(process, 'report', { value: Object.freeze({ getReport, writeReport }), enumerable: true });

// SQLite opens files by itself.
const sqlite = process.getBuiltinModule('node:sqlite');
if (sqlite) {
  const pathOf = (place) => (/^file:/.test(place) ? fileURLToPath(String(place).replace(/[?].*/, '')) : String(place));
  const { backup } = sqlite;
  // Versions of Node that lack it export nothing of that name.
  if (backup) {
    sqlite.backup = (source, place, ...words) =>
      noting(() => {
        const path = pathOf(place);
        if (!permissions.has('fs.write', path)) deny('FileSystemWrite', path);
        return backup(source, place, ...words);
      });
  }
  sqlite.DatabaseSync = new Proxy(sqlite.DatabaseSync, {
    construct: (target, words, type) =>
      noting(() => {
        const path = pathOf(words[0]);
        if (path !== ':memory:' && path !== '') {
          if (!permissions.has('fs.read', path)) deny('FileSystemRead', path);
          if (!words[1]?.readOnly && !permissions.has('fs.write', path)) deny('FileSystemWrite', path);
        }
        return Reflect.construct(target, words, type);
      }),
  });
}
syncBuiltinESMExports();
`;
