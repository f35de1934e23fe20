// The object stores that other tests push to: they take requests that are signed, and those alone.
import { describe, expect, test } from 'vitest';
import { missingForCeph, startCeph } from './ceph.ts';

const missing = missingForCeph();
describe.skipIf(missing.length > 0)(`a Ceph of the rig${missing.map((each) => `, needs ${each}`).join('')}`, () => {
  test('lets in who has keys, and nobody else', async () => {
    await using ceph = await startCeph();
    expect((await fetch(`${ceph.endpoint}/bucket`, { method: 'PUT' })).status).toBe(403);
    expect(JSON.parse(await ceph.admin('user', 'list'))).toEqual(['lab']);
    expect(await ceph.addUser('other')).not.toEqual(ceph.keys);
  });
});
