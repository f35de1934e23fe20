// Environment variables as records have them, for pages, exports and comparisons. A value in clear, as records of format 1
// have it, is not repeated.
import type { StageRecord } from '../../schema/types.ts';
import { keyOf } from '../../store/environment-key.ts';

/** `not set`, or `set` with the beginning of its digest. */
export function variableText(value: string | null): string {
  if (value === null) return 'not set';
  return keyOf(value) === null ? 'set (value not shown)' : `set (${value.slice(-64, -52)}…)`;
}

/** A variable as another document may have it: its digest, or that it was set. */
export function publicVariable(value: string | null): string | null {
  return value === null || keyOf(value) !== null ? value : 'set';
}

/** A stage's record without values in clear. */
export function withoutValues<Stage extends { readonly record: StageRecord }>(stage: Stage): Stage {
  const { record } = stage;
  const env = Object.fromEntries(
    Object.entries(record.preimage.env).map(([name, value]) => [name, publicVariable(value)]),
  );
  return { ...stage, record: { ...record, preimage: { ...record.preimage, env } } };
}

type Variables = StageRecord['preimage']['env'];

/** The variables of two executions as texts that differ where the values do, or where that cannot be told. */
export function comparableVariables(before: Variables, after: Variables): [Variables, Variables] {
  const told = { before: { ...before }, after: { ...after } };
  for (const name of Object.keys(before)) {
    const [old, now] = [before[name], Object.hasOwn(after, name) ? after[name] : null];
    if (old === null || old === undefined || now === null || now === undefined) continue;
    const [oldKey, nowKey] = [keyOf(old), keyOf(now)];
    if (oldKey !== nowKey) {
      told.before[name] = 'set';
      told.after[name] = 'set, under another key or in clear: whether it changed cannot be told';
    } else if (oldKey === null && old !== now) {
      told.before[name] = variableText(old);
      told.after[name] = 'set (to another value, not shown)';
    }
  }
  const texts = (own: Variables): Variables =>
    Object.fromEntries(
      Object.entries(own).map(([name, value]) => {
        const isTold = value !== before[name] && value !== after[name];
        return [name, isTold ? value : variableText(value)];
      }),
    );
  return [texts(told.before), texts(told.after)];
}
