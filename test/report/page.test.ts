// The report: complete, self-contained, and not to be taken over by what a stage writes.
import { parseHTML } from 'linkedom';
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { reportPage } from '../../src/report/page.ts';
import type { PageData } from '../../src/report/page-data.ts';
import type { Manifest, PlotFile } from '../../src/schema/types.ts';
import { digestOf, sketchManifest, sketchStage } from '../manifest/sample.ts';

const hostile = `<img src=x onerror="alert(1)">'"&</style></code><script>alert(2)</script>`;

const files: Record<string, string | Uint8Array> = {
  [digestOf('curves')]: JSON.stringify({
    title: 'Training',
    x: { label: 'step' },
    y: { label: 'loss' },
    series: [
      {
        name: 'loss',
        points: [
          [0, 3, 0.1],
          [1, 2, 0.1],
        ],
      },
    ],
  }),
  [digestOf('broken')]: '{"title":"Broken"}',
  [digestOf('png')]: encode({ width: 4, height: 2, channels: 1, data: new Uint8Array(8) }),
  [digestOf('fake')]: 'not an image',
};

function experiment(changes: Partial<Manifest> = {}, text = 'plain'): Manifest {
  return sketchManifest(
    [
      sketchStage({
        id: 'data',
        restored: true,
        inputs: { files: { source: text, digest: digestOf('mnist') } },
        params: { data: { [text]: text } },
        outputs: {
          preview: { path: 'preview.png', digest: digestOf('png') },
          dataset: { path: 'd.bin', digest: digestOf('dataset') },
        },
      }),
      sketchStage({
        id: 'train',
        dependsOn: ['data'],
        inputs: { dataset: { source: 'data.dataset', digest: digestOf('dataset') } },
        outputs: { curves: { path: 'training.plot.json', digest: digestOf('curves') } },
        numbers: {
          loss: { value: 2.34561, standardError: 0.00213, unit: 'nats', kind: 'estimate', n: 50, note: text },
        },
      }),
      ...[0, 1].map((replicate) =>
        sketchStage({
          id: `toy[replicate=${replicate}]`,
          cell: { replicate },
          numbers: { bias: { value: replicate / 3, unit: '1', kind: 'exact' } },
        }),
      ),
    ],
    {
      gates: [
        {
          name: 'low',
          number: 'train.loss',
          max: 3,
          verdict: 'PASS',
          measured: [{ address: 'train.loss', value: 2.3 }],
        },
      ],
      gaps: [{ stage: 'data', message: text }],
      ...changes,
    },
  );
}

const render = (manifest: Manifest) =>
  reportPage(manifest, (_, artifact) => {
    const content = files[artifact.digest];
    if (content === undefined) throw new Error('its bytes are gone');
    return Promise.resolve(typeof content === 'string' ? Buffer.from(content) : content);
  });

const bodyText = (page: string) => parseHTML(page).document.body.textContent.replace(/\s+/g, ' ');

test('the report shows numbers with errors, gates, figures, stages and gaps', async () => {
  const page = await render(experiment());
  const { document } = parseHTML(page);
  const text = bodyText(page);
  for (const shown of ['sample-experiment', 'low', 'PASS', '± 0.0021', 'nats', 'What is not known']) {
    expect(text).toContain(shown);
  }
  expect(document.querySelectorAll('tr[data-address]')).toHaveLength(3);
  expect(document.querySelectorAll('figure svg, figure img').length).toBeGreaterThanOrEqual(2);
});

test('the contents tell figures of one title apart by their cells', async () => {
  const cells = ['digits', 'clothes'].map((set) =>
    sketchStage({
      id: `train[set=${set}]`,
      cell: { set },
      outputs: { curves: { path: 'training.plot.json', digest: digestOf('curves') } },
    }),
  );
  const namesOf = async (manifest: Manifest): Promise<string[]> =>
    Array.from<{ textContent: string }>(parseHTML(await render(manifest)).document.querySelectorAll('.contents a')).map(
      ({ textContent }) => textContent,
    );
  expect((await namesOf(sketchManifest(cells))).filter((text) => text.startsWith('Training'))).toEqual([
    'Training, set=digits',
    'Training, set=clothes',
  ]);
  // One of its title needs no cell.
  expect(await namesOf(experiment())).toContain('Training');
});

test('losses of different scales have frames of their own, each of which its values fill', async () => {
  const losses: PlotFile = {
    title: 'Training',
    facets: true,
    x: { label: 'step' },
    y: { label: 'loss', log: true },
    series: [
      { name: 'ce', points: [[0, 5], [9, 4]] }, // prettier-ignore
      { name: 'mse [1]', points: [[0, 1], [9, 0.1]] }, // prettier-ignore
    ],
  };
  const outputs = { curves: { path: 'training.plot.json', digest: digestOf('losses') } };
  const cells = ['a', 'b'].map((set) => sketchStage({ id: `train[set=${set}]`, cell: { set }, outputs }));
  files[digestOf('losses')] = JSON.stringify(losses);
  const { document } = parseHTML(await render(sketchManifest(cells)));
  const { figures } = JSON.parse(document.getElementById('page-data')!.textContent) as Pick<PageData, 'figures'>;
  expect(figures.map((figure) => figure!.name)).toEqual(['a', 'b'].flatMap((set) => [`train[set=${set}].curves.ce`, `train[set=${set}].curves.mse [1]`])); // prettier-ignore
  expect(figures.slice(0, 2).map((figure) => figure!.y.domain)).toEqual([[4, 5], [0.1, 1]]); // prettier-ignore
  const links = Array.from<{ textContent: string }>(document.querySelectorAll('.contents li li a'));
  const titles = links.map(({ textContent }) => textContent);
  expect(titles).toEqual(['Training: ce, set=a', 'Training: mse [1], set=a', 'Training: ce, set=b', 'Training: mse [1], set=b']); // prettier-ignore
});

test('each number knows the stage that it was made by, and a stage what it read', async () => {
  const { document } = parseHTML(await render(experiment()));
  const loss = document.querySelector('tr[data-address]')!;
  const { stages } = JSON.parse(document.getElementById('page-data')!.textContent) as Pick<PageData, 'stages'>;
  const stage = stages[Number(loss.getAttribute('data-stage'))]!;
  expect(stage.reads).toEqual([{ name: 'dataset', outputs: [[0, 'dataset']] }]);
  expect(stages[0]!.outside).toEqual([{ name: 'files', source: 'plain', digest: digestOf('mnist') }]);
  expect(stages[0]!.origin).toContain('restored; computed by run 20261120T101500Z-0b17');
});

test('the report needs no network and runs no script but its own', async () => {
  const page = await render(experiment());
  const { document } = parseHTML(page);
  expect(document.querySelectorAll('link, iframe, object, embed')).toHaveLength(0);
  const scripts = [...document.querySelectorAll('script')].map((script) => script.getAttribute('type'));
  expect(scripts).toEqual(['application/json', null]);
  expect(document.querySelectorAll('[style]')).toHaveLength(0);
  for (const element of document.querySelectorAll('[src], [href]')) {
    const reference = element.getAttribute('src') ?? element.getAttribute('href')!;
    expect(reference).toMatch(/^(data:image\/png;base64,|#)/);
  }
  expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:\/\/|@import|url\((?!#)/);
});

test('hostile names and notes are shown as text', async () => {
  const names = { profile: hostile, name: hostile, file: hostile, overrides: { [hostile]: hostile } };
  const manifest = experiment({}, hostile);
  manifest.pipeline = { ...manifest.pipeline, ...names };
  manifest.gates[0] = { ...manifest.gates[0]!, name: hostile, number: hostile, reason: hostile };
  const page = await render(manifest);
  const { document } = parseHTML(page);
  expect(document.querySelectorAll('script')).toHaveLength(2);
  expect(document.querySelectorAll('[onerror]')).toHaveLength(0);
  expect([...document.querySelectorAll('img')].every((image) => image.getAttribute('src')!.startsWith('data:'))).toBe(
    true,
  );
  expect(page).not.toContain('<img src=x');
  const markup = page.replaceAll(/<script>[^]*?<\/script>/g, '');
  expect(markup.match(/<\/style>/g)).toHaveLength(markup.match(/<style/g)!.length);
});

test('control codes are spelt out', async () => {
  expect(await render(experiment({}, 'red\u001b[31m\u202e'))).toContain('red\\u001b[31m\\u202e');
});

test.each([
  ['broken', 'x.plot.json', 'artifacts/draw/x.plot.json cannot be drawn: it lacks "x"'],
  ['fake', 'x.png', 'artifacts/draw/x.png is not a PNG image'],
  ['gone', 'x.png', 'artifacts/draw/x.png cannot be read: its bytes are gone'],
])('an output that is %s is named in its place', async (name, path, message) => {
  const manifest = sketchManifest([sketchStage({ id: 'draw', outputs: { figure: { path, digest: digestOf(name) } } })]);
  expect(bodyText(await render(manifest))).toContain(message);
});

test('a run that failed before any number still has a report', async () => {
  const failed = sketchManifest([], {
    stages: [
      {
        id: 'train',
        stage: 'train',
        cell: {},
        status: 'failed',
        dependsOn: [],
        error: { code: 'exit-code', message: 'It ended with exit code 1' },
      },
    ],
    git: null,
  });
  failed.run.outcome = 'failed';
  const text = bodyText(await render(failed));
  expect(text).toContain('failed');
  expect(text).toContain('It ended with exit code 1');
  expect(text).toContain('not in a git repository');
});
