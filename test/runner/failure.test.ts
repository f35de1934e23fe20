import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/runner/failure.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import { writeNewFile } from '../../src/store/atomic-write.ts';
import { readOnly } from '../rig/read-only.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const thrownBy = (call: () => void): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
};

/** As Node makes them. */
const systemError = (fields: object, message: string): Error => Object.assign(new Error(message), fields);

describe('failureOf', () => {
  it('knows every error of the operating system, with a name, a place and what to do', () => {
    const named = new Map([...getSystemErrorMap()].map(([number, [name]]) => [name, number]));
    for (const [name, number] of Object.entries(constants.errno)) {
      const known = named.has(name);
      const error = systemError(
        { errno: known ? named.get(name) : -number, code: known ? name : 'UNKNOWN', syscall: 'open', path: '/x' },
        `${known ? `${name}: words` : 'UNKNOWN: unknown error'}, open '/x'`,
      );
      const { code, message, hint } = failureOf(error);
      expect([code, hint === undefined]).toEqual(['file-system', false]);
      // Two names may share a number: EAGAIN and EWOULDBLOCK.
      const same = Object.entries(constants.errno).filter(([, other]) => other === number);
      expect(same.map(([each]) => `${each}: `)).toContain(/^[A-Z0-9]+: /.exec(message)?.[0]);
      expect(message).toContain('/x');
    }
  });

  it.each<[string, () => void, string]>([
    ['ENAMETOOLONG', () => writeFileSync(join('/', 'x'.repeat(300)), ''), 'shorten the name'],
    ['ENOTDIR', () => mkdirSync('/dev/null/x/y', { recursive: true }), 'is a file'],
    ['EISDIR', () => writeFileSync('/', ''), 'is a directory'],
    ['EISDIR', () => rmSync('/tmp'), 'is a directory'],
  ])('%s, as Node throws it', (name, call, hint) => {
    const failure = failureOf(thrownBy(call));
    expect(failure.hint).toContain(hint);
    expect(failure.message).toContain(name);
  });

  it('names what rmSync of Node 24 and 26 leaves without a name', () => {
    const error = systemError(
      { code: '', errno: -4094, syscall: 'rm', path: '/p/f' },
      ", Unknown error: Read-only file system '/p/f'",
    );
    expect(failureOf(error)).toMatchObject({
      message: "EROFS: Read-only file system '/p/f'",
      hint: expect.stringContaining('is read-only'),
    });
    const unknown = systemError({ code: '', errno: -4094, syscall: 'rm', path: '/p/f' }, ", Unknown error: Odd '/p/f'");
    expect(failureOf(unknown)).toMatchObject({ message: "UNKNOWN: Odd '/p/f'", code: 'file-system' });
  });

  it('says of which file a write failed', () => {
    const full = { ...nodeFileSystem, writeSync: () => thrower() };
    const thrower = (): never => {
      throw systemError({ code: 'ENOSPC', errno: -28, syscall: 'write' }, 'ENOSPC: no space left on device, write');
    };
    using directory = temporaryDirectory();
    const path = join(directory.path, 'f');
    expect(failureOf(thrownBy(() => writeNewFile(full, path, 'x'))).message).toBe(
      `ENOSPC: no space left on device, write '${path}'`,
    );
  });

  it('throws a bug again', () => {
    for (const error of [new TypeError('x'), systemError({ code: 'ERR_INVALID_ARG_TYPE' }, 'x'), new Error('x')]) {
      expect(thrownBy(() => failureOf(error))).toBe(error);
    }
  });
});

const canBeReadOnly = ((): boolean => {
  using directory = temporaryDirectory();
  using held = readOnly(directory.path);
  return held !== null;
})();

describe.skipIf(!canBeReadOnly)('on a read-only disk', () => {
  const pipeline = `name: t\nstages: { s: { run: [sh, -c, 'echo 1 > o'], code: [], outputs: { o: o } } }\n`;

  it('a new project, and a tag that cannot be deleted, are no bugs of repro', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline });
    {
      using held = readOnly(rig.root)!;
      const run = await rig.startWith({ within: held.within }, 'run').result;
      expect(run.stderr).toMatch(/^error file-system: (EROFS|EACCES): .*mkdir '.*\.repro.*'\n {2}hint: /);
      expect(run.code).toBe(1);
    }
    expect((await rig.repro('run')).code).toBe(0);
    expect((await rig.repro('tag', 'first')).code).toBe(0);
    using held = readOnly(rig.root)!;
    const tag = await rig.startWith({ within: held.within }, 'tag', 'first', '--delete').result;
    expect(tag.stderr).toMatch(/^error file-system: (EROFS|EACCES): .*first\.json'\n {2}hint: /);
    expect(tag.code).toBe(1);
  });
});
