// The stage `cost` under a clock that goes 8 ms further at each look.
let now = 0;
performance.now = () => (now += 8);
await import('../../stages/cost.ts');
