// Ctrl-C while bytes go over a line: what has arrived whole is kept, the rest is not.

export interface Abort extends Disposable {
  readonly signal: AbortSignal;
}

export function onAbort(): Abort {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
