// What WebDAV servers say of a folder, in the forms that they say it in, and what a server would say that is no friend.
import { expect, test } from 'vitest';
import { readListing } from '../../src/remote/webdav.ts';

const folder = new URL('https://results.example.org/cdm/v1/objects/');
const date = 'Sun, 29 Nov 2026 01:00:00 GMT';

function answer(...members: readonly (readonly [href: string, bytes: number | null])[]): string {
  const responses = members.map(([href, bytes]) => {
    const kind = bytes === null ? '<D:collection/>' : '';
    const length = bytes === null ? '' : `<D:getcontentlength>${bytes}</D:getcontentlength>`;
    return `<D:response><D:href>${href}</D:href><D:propstat><D:prop><D:resourcetype>${kind}</D:resourcetype>${length}
      <D:getlastmodified>${date}</D:getlastmodified></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`;
  });
  return `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">${responses.join('')}</D:multistatus>`;
}

const read = (text: string) => readListing(text, folder, 'v1/objects/');

test('readListing() gives files and folders, however their addresses are written', () => {
  const text = answer(
    ['/cdm/v1/objects/', null],
    ['/cdm/v1/objects/ab', null],
    ['/cdm/v1/objects/cd/', null],
    ['http://behind-a-proxy:8080/cdm/v1/objects/ef', 5],
    ['/cdm/v1/objects/%65%66.part~1', 6],
  );
  const modified = Date.parse(date);
  expect(read(text)).toEqual({
    folders: ['v1/objects/ab/', 'v1/objects/cd/'],
    files: [
      { key: 'v1/objects/ef', bytes: 5, modified },
      { key: 'v1/objects/ef.part~1', bytes: 6, modified },
    ],
  });
});

test('readListing() leaves out what lies elsewhere, or has a name that no key has', () => {
  const text = answer(
    ['/cdm/v1/objects/../../../etc/passwd', 1],
    ['/cdm/v1/objects/a/b', 1],
    ['/cdm/v1/objects/..%2f..%2fetc', 1],
    ['/cdm/v1/objects/with%20space', 1],
    ['/other/', null],
  );
  expect(read(text)).toEqual({ folders: [], files: [] });
});

test.each([
  ['no XML', 'hello'],
  ['another document', '<html></html>'],
  ['XML that is cut off', answer(['/cdm/v1/objects/ab', 1]).slice(0, -20)],
  ['a file of no size', answer(['/cdm/v1/objects/ab', Number.NaN])],
  ['entities of its own', `<!DOCTYPE x [<!ENTITY a "b">]>${answer(['/cdm/v1/objects/&a;', 1]).slice(21)}`],
])('readListing() gives nothing for %s', (_, text) => {
  expect(read(text)).toBeNull();
});
