// ONNX Runtime would keep a database of events in the home directory, and send it. A computation leaves nothing there.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../rig/temporary.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

test('the runtime leaves nothing in the home directory', () => {
  using home = temporaryDirectory();
  const program = `import { loadRuntime } from ${JSON.stringify(join(repository, 'src/tensor/session.ts'))};
const ort = await loadRuntime();
// The smallest model: y = x.
const model = Buffer.from('CAg6LQoQCgF4EgF5IghJZGVudGl0eRIBZ1oKCgF4EgUKAwgBEgBiCgoBeRIFCgMIARIAQgIQEQ==', 'base64');
const session = await ort.InferenceSession.create(model).catch((error) => console.log(error.message));
console.log(session === undefined ? 'no session' : 'session');`;
  const printed = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: repository,
    env: { PATH: process.env['PATH'], HOME: home.path },
    encoding: 'utf8',
  });
  expect(printed).toContain('session');
  expect(readdirSync(home.path)).toEqual([]);
});
