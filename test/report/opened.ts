// A page opened from disk in a real browser, as a person opens it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { temporaryDirectory } from '../rig/temporary.ts';

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  /** Whatever the browser complains of, and what the page asked for. */
  readonly complaints: readonly string[];
}

export async function opened(browser: Browser, html: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const directory = temporaryDirectory();
  const file = join(directory.path, 'report.html');
  writeFileSync(file, html);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  const close = async () => {
    await context.close();
    directory[Symbol.dispose]();
  };
  return { page, complaints, [Symbol.asyncDispose]: close };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What a screen reader would stumble over: the rule, and where. The page is opened with `bypassCSP`. */
export async function seriousViolations(page: Page): Promise<[rule: string, places: string[]][]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResult>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Characters of a page beside its images, its drawings and its data. */
export async function ownSize(page: Page): Promise<number> {
  const own = `[...document.querySelectorAll('figure svg, img, script[type], tbody')].forEach((each) => each.remove());
    document.documentElement.outerHTML.length`;
  return page.evaluate<number>(own);
}
