// Many small requests: as many at a time as a server likes.

export const usual = 16;

/** Does it for each item, some at a time. The first that fails ends the others before they begin. */
export async function inParallel<T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
  atOnce = usual,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, work));
  const fault = settled.find((each) => each.status === 'rejected');
  if (fault) throw fault.reason;
}
