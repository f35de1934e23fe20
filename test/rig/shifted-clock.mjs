// Preloaded into the command: its wall clock is off by the milliseconds that the file CLOCK says at each look.
import { readFileSync } from 'node:fs';

const Real = Date;
const now = () => Real.now() + Number(readFileSync(process.env['CLOCK'], 'utf8'));

globalThis.Date = class extends Real {
  constructor(...values) {
    super(...(values.length === 0 ? [now()] : values));
  }

  static now() {
    return now();
  }
};
