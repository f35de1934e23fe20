// What CI reads: whatever a stage or a file put into names and reasons, it stays text in XML and in Markdown.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { junitXml } from '../../src/manifest/gates/junit.ts';
import { gateSummaryMarkdown } from '../../src/manifest/gates/summary.ts';
import { asMarkdown, markdownCode, markdownTable } from '../../src/manifest/text/markdown-text.ts';
import type { ManifestGate } from '../../src/schema/types.ts';
import { sketchManifest } from './sample.ts';

const hostile = `</system-out><script>alert(1)</script> ]]> & "q" 'a' | pipe \` tick \u001b[2J \u0000 \uffff \ud800 \u202e @all <!-- # * _ ![x](https://e.org)\nline`;
const withText = (text: string) =>
  sketchManifest([], {
    pipeline: { ...sketchManifest([]).pipeline, name: text },
    gates: (['PASS', 'FAIL', 'INCONCLUSIVE', 'UNMEASURED'] as const).map((verdict): ManifestGate => ({
      name: text,
      number: text,
      verdict,
      max: 1,
      measured: [{ address: text, value: 2 }],
      reason: text,
      warning: text,
    })),
  });

test('hostile text in JUnit and in the summary is text', async () => {
  const manifest = withText(hostile);
  const one = { ...manifest, gates: manifest.gates.slice(1, 2) };
  await expect(junitXml(one)).toMatchFileSnapshot('../golden/gates/hostile.xml');
  await expect(gateSummaryMarkdown(one)).toMatchFileSnapshot('../golden/gates/hostile.md');
});

const structure =
  /^<\?xml[^>]*\?>|<\/?(?:testsuites|testsuite|testcase|failure|error|system-out)(?: [a-z]+="[^"<>]*")*\/?>/gm;

test('JUnit XML holds no markup and no character that is not ours', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const rest = junitXml(withText(text)).replace(structure, '');
      expect(rest).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/);
      // eslint-disable-next-line no-control-regex -- the characters that XML 1.0 cannot hold
      expect(rest).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
    }),
    { numRuns: 40 },
  );
});

test('the summary is a table of as many lines, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const lines = gateSummaryMarkdown(withText(text)).split('\n');
      expect(lines).toHaveLength(11);
      for (const line of lines.slice(2, 8)) expect(line.match(/(?<!\\)(?:\\\\)*\|/g), line).toHaveLength(6);
    }),
  );
});

test('asMarkdown`` and markdownCode() start no markup', () => {
  expect(asMarkdown`${'<b> [x](y) *e* `c` a|b @me https://x.org www.x.org'}`.text).toBe(
    '&lt;b\\> \\[x\\]\\(y\\) \\*e\\* \\`c\\` a\\|b &#64;me https:&#47;/x.org www&#46;x.org',
  );
  expect(['plain', 'a`b', '`', ' a ', '<b>|'].map((text) => markdownCode(text).text)).toEqual([
    '`plain`',
    '``a`b``',
    '`` ` ``',
    '`  a  `',
    '<code>&#60;b&#62;&#124;</code>',
  ]);
});

test('a table keeps its cells apart and out of HTML, whatever is in them', () => {
  const unit = fc.constantFrom('a', '|', '\\', '`', '<', '>', '\n', '&', '*', '[');
  fc.assert(
    fc.property(fc.string({ unit }), fc.string({ unit }), (text, code) => {
      const [, , row = ''] = markdownTable(['one', 'two'], [[text, markdownCode(code)]]).text.split('\n');
      const own = row.replace(/<\/?code>/g, '');
      expect(own.match(/(?<!\\)(?:\\\\)*\|/g), row).toHaveLength(3);
      // Outside of code, where everything is shown as it is.
      expect(own.slice(0, own.lastIndexOf(' | ')).replace(/`.*`/, ''), row).not.toContain('<');
    }),
  );
});
