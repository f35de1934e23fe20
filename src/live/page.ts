// The page of a run that goes on. It has the frame of a report, and its script draws what it is told; when the run is over
// the report takes the place of all this.
import { html, trusted } from '../report/html.ts';
import { policyHash } from '../report/policy-hash.ts';
import { styleSheet } from '../report/style.ts';
import { pageScript } from './page-script.ts';
import { liveStyle } from './style.ts';

const style = styleSheet + liveStyle;

/**
 * Beyond that of a report it may ask the server that it came from, and take in one kind of markup: the report, whose texts
 * are escaped where it is written.
 */
export const livePolicy = [
  "default-src 'none'",
  `script-src ${policyHash(pageScript)}`,
  // The second is that of the report as it arrives.
  `style-src ${policyHash(style)} ${policyHash(styleSheet)}`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types report',
].join('; ');

/** The same for every run: what it shows comes over its events. */
export const livePage = `${
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>repro run</title>
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <nav class="contents" aria-label="Contents"></nav>
        <div class="page">
          <p class="connection" role="status">Looking for the run</p>
          <div class="shown"></div>
        </div>
        <noscript>The page of a run that goes on needs its script. repro report writes one that does not.</noscript>
        ${trusted(`<script>${pageScript}</script>`)}
      </body>
    </html>`.text
}\n`;
