// The page as one file that a browser opens from disk: what it shows at first, its script, and the files it carries. It may run
// its own script and style, known by their digests, and reach nothing else.
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { markup } from './markup.ts';
import { style } from './style.ts';

/** @param files Bytes by the names that the page reads them by */
export function pageDocument(script: string, files: Readonly<Record<string, Uint8Array>>, title: string): string {
  const policy = [
    "default-src 'none'",
    `script-src ${digestOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${digestOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const carried = Object.entries(files).map(
    ([name, bytes]) =>
      `<script type="application/octet-stream" data-file="${name}">${deflateSync(bytes).toString('base64')}</script>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${markup(escaped(title))}
${carried.join('\n')}
<script>${script}</script>
</body>
</html>
`;
}

const digestOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!);
