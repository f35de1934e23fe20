// What the live page has beyond the report.

export const liveStyle = `
.connection { position: sticky; top: 0; z-index: 3; margin: 0 0 1rem; padding: .5rem .9rem; border-radius: 6px; font-size: .86rem; background: var(--wash); color: var(--ink); }
.connection.lost { background: var(--open-wash); color: var(--open); }
.connection.lost, .connection.over { font-weight: 600; }
.total { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; }
progress { appearance: none; flex: 0 0 9rem; width: 9rem; height: 8px; border: 0; border-radius: 4px; overflow: hidden; background: var(--line); }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--link); }
progress::-moz-progress-bar { background: var(--link); }
.total progress { flex: 1 1 14rem; }
.live-stage { padding: .45rem 0; border-top: 1px solid var(--line); }
.live-stage:first-child { border-top: 0; padding-top: 0; }
.live-stage.single { display: flex; flex-wrap: wrap; gap: 0 .8rem; align-items: baseline; }
.live-stage.single .live-cells { flex: 1 1 20rem; margin: 0; }
.live-stage > h3 { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center; margin: 0; font-weight: 400; }
.live-stage h3 progress { margin-left: auto; }
.live-cells { margin: .2rem 0 0 1.1rem; padding: 0; list-style: none; font-size: .88rem; }
.live-cells > li { display: flex; flex-wrap: wrap; gap: 0 .8rem; align-items: center; padding: .12rem 0; }
.live-cells .said { flex: 1 1 18rem; min-width: 0; overflow-wrap: anywhere; color: var(--quiet); }
.live-cells pre { flex: 1 0 100%; max-height: 16rem; margin: .2rem 0 .5rem; padding: .6rem .8rem; overflow: auto; border-radius: 6px; background: var(--wash); font: .8rem/1.45 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.live-stage details { margin: .2rem 0 0 1.1rem; font-size: .88rem; }
.live-stage summary { color: var(--quiet); cursor: pointer; }
.status.waiting, .status.queued { color: var(--quiet); }
.status.running { color: var(--link); font-weight: 600; }
.live-curve > svg { display: block; width: 100%; height: auto; overflow: visible; font: 14px var(--sans); }
.live-curve .grid { stroke: var(--line); }
.live-curve text { fill: var(--quiet); }
.live-curve path { fill: none; stroke-width: 1.8; vector-effect: non-scaling-stroke; }
@media (max-width: 64rem) { .connection { top: 2.6rem; } }
@media (max-width: 46rem) { progress { flex-basis: 6rem; width: 6rem; } .live-cells, .live-stage details { margin-left: 0; } .live-curve > svg { font-size: 18px; } }
`;
