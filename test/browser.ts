// A real browser for tests: the chromium that is installed, driven by playwright-core, which downloads nothing.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** For the names of tests that are skipped without one. */
export const needsBrowser = "needs Debian's package chromium";
export const hasBrowser = executablePath !== undefined;

/** A browser without a window: `await using browser = await openBrowser()` closes it. */
export async function openBrowser(): Promise<Browser> {
  // Its sandbox does not work for root or in most containers, and what it opens here is our own. The rest is for machines
  // without a GPU or a large /dev/shm.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--enable-unsafe-swiftshader'];
  return chromium.launch({ executablePath: executablePath!, args });
}
