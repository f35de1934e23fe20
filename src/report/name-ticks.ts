/** Names that stand beside each other on an axis at most. */
const mostNames = 30;

/** Which of the names from one place to another are shown: all, or every second, fifth or tenth of many. */
export function namedPlaces(from: number, to: number): number[] {
  const count = to - from + 1;
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((each) => count / each <= mostNames) ?? 1000;
  return Array.from({ length: Math.max(0, count) }, (_, index) => from + index).filter((place) => place % step === 0);
}
