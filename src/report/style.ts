// The style sheet of the report: one column of calm text, light and dark by the reader's preference, fit for paper.

export const styleSheet = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d2125; --quiet: #666d74; --line: #e3e3de; --wash: #f4f4f0; --link: #1f5f99;
  --pass: #1d6b3f; --pass-wash: #e2f1e7; --fail: #a32525; --fail-wash: #f9e4e2; --open: #8a5a00; --open-wash: #faefd6;
  --series-1: #0b6fb8; --series-2: #d1591b; --series-3: #2d8a5f; --series-4: #a0438f; --series-5: #8a7200; --series-6: #5b5fc7;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --ink: #dfe2e4; --quiet: #949ba1; --line: #2d3236; --wash: #1d2124; --link: #7db7e8;
    --pass: #7fd0a0; --pass-wash: #17352444; --fail: #f19a92; --fail-wash: #4a1f1d66; --open: #e5bd6a; --open-wash: #45361266;
    --series-1: #5fb0ee; --series-2: #f08d57; --series-3: #6cc79b; --series-4: #d68ac8; --series-5: #d0b84a; --series-6: #9ba0f5;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 70rem; padding: 3rem 2rem 6rem; background: var(--paper); color: var(--ink);
  font: 15px/1.55 var(--sans); font-variant-numeric: tabular-nums; text-rendering: optimizeLegibility;
}
h1 { margin: 0 0 .5rem; font-size: 1.9rem; font-weight: 650; letter-spacing: -.015em; line-height: 1.2; }
h2 { margin: 3.2rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); font-size: 1.2rem; font-weight: 650; }
h3 { margin: 0 0 .4rem; font-size: 1rem; font-weight: 650; }
h4 { margin: 1rem 0 .3rem; font-size: .86rem; font-weight: 600; }
h4 .quiet { font-weight: 400; }
p { margin: .2rem 0; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code { font: .86em/1.5 var(--mono); overflow-wrap: anywhere; }
h3 code { font-size: .95em; }
.quiet, .lead, .source, .note, figcaption { color: var(--quiet); }
.lead { margin-bottom: 1rem; }
.digest { color: var(--quiet); font-size: .78em; }
.nowrap { white-space: nowrap; }
.outcome { margin: 0 0 1.4rem; }
.verdict {
  display: inline-block; margin-right: .35rem; padding: .1em .6em; border-radius: 1em; font-size: .78rem; font-weight: 600;
  letter-spacing: .02em; white-space: nowrap; color: var(--open); background: var(--open-wash);
}
.verdict.pass { color: var(--pass); background: var(--pass-wash); }
.verdict.fail { color: var(--fail); background: var(--fail-wash); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr)); gap: .25rem 2rem; margin: 0; }
dl div { display: grid; grid-template-columns: 6.2rem 1fr; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; }
table { width: 100%; border-collapse: collapse; }
th { padding: .3rem .9rem .3rem 0; color: var(--quiet); font-size: .8rem; font-weight: 500; text-align: left; }
td { padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top; }
.wide { overflow-x: auto; }
.wide td:first-child { white-space: nowrap; }
.plain td, .plain th { padding-block: .15rem; }
.reason { color: var(--quiet); font-size: .85rem; }
.strip { width: 120px; height: 14px; vertical-align: -2px; }
.strip .allowed { fill: var(--pass-wash); stroke: var(--pass); stroke-opacity: .35; }
.strip .inside { fill: var(--pass); }
.strip .outside { fill: var(--fail); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 2.4rem 2.6rem; }
.figures.images { grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); margin-top: 2.4rem; }
figure { margin: 0; break-inside: avoid; }
figure .plot svg { display: block; width: 100%; height: auto; overflow: visible; --plot-background: none; }
figure img { display: block; max-width: 100%; height: auto; border-radius: 3px; background: #fff; }
figure img.small { width: 100%; max-width: 24rem; image-rendering: pixelated; }
figcaption { max-width: 40rem; font-size: .86rem; }
.source { margin-top: .3rem; font-size: .8rem; }
.message { padding: .7rem .9rem; border-left: 3px solid var(--open); background: var(--open-wash); color: var(--open); }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: 0 0 .3rem; padding: 0; list-style: none; font-size: .86rem; }
.swatch { width: 26px; height: 8px; vertical-align: 1px; }
.group { margin: 1.6rem 0; break-inside: avoid-page; }
.number > summary {
  display: grid; grid-template-columns: 1.1rem minmax(10rem, 1fr) 6rem var(--fraction) calc(var(--error) + 1.4rem) 6rem 5.5rem 6.5rem;
  align-items: baseline; padding: .28rem 0; border-top: 1px solid var(--line); cursor: pointer; list-style: none;
}
summary::-webkit-details-marker { display: none; }
.number > summary::before, .stage > summary::before { content: "›"; color: var(--quiet); transition: transform .12s; width: .5rem; }
details[open] > summary::before { transform: rotate(90deg); }
summary:hover { background: var(--wash); }
.number .label { padding-right: 1rem; }
.number .note { display: block; font-size: .8rem; line-height: 1.35; }
h4 .note { font-weight: 400; }
.number .whole { text-align: right; font-weight: 600; }
.number .fraction { font-weight: 600; }
.number .error { padding-left: .7rem; color: var(--quiet); white-space: nowrap; }
.number .unit { padding-left: .4rem; }
.number .n, .number .kind { color: var(--quiet); font-size: .82rem; }
.series > summary { padding: .28rem 0; border-top: 1px solid var(--line); cursor: pointer; list-style: none; }
.series > summary::before { content: "›"; display: inline-block; width: 1.1rem; color: var(--quiet); }
.series .numbers { margin-left: 1.1rem; }
.lineage, .stage .body { margin: .2rem 0 1.2rem 1.1rem; padding: .7rem 1.1rem; border-radius: 6px; background: var(--wash); font-size: .88rem; }
.lineage ol { margin: .6rem 0 0; padding-left: 1.3rem; }
.lineage li { margin: .5rem 0; }
.params { display: flex; flex-wrap: wrap; gap: 0 1.2rem; color: var(--quiet); }
.stage > summary { display: flex; gap: .8rem; align-items: baseline; padding: .3rem 0; border-top: 1px solid var(--line); cursor: pointer; list-style: none; }
.status { font-size: .82rem; color: var(--pass); }
.status.failed { color: var(--fail); }
.status.blocked, .status.cancelled { color: var(--open); }
.status.restored { color: var(--link); }
.gaps { padding-left: 1.2rem; }
@media (max-width: 46rem) {
  body { padding: 1.5rem 1rem 4rem; }
  .number > summary { grid-template-columns: 1.1rem 1fr auto var(--fraction) calc(var(--error) + 1.4rem); }
  .number .unit, .number .n, .number .kind { display: none; }
  dl { grid-template-columns: 1fr; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  details:not([open]) > summary::before { content: ""; }
}
`;
