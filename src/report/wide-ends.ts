/** Ends of an axis. One value alone has some room to each side, so that it has ticks that are round. */
export function wideEnds(least: number, most: number): [number, number] {
  const margin = least === most ? Math.abs(least) / 10 || 0.5 : 0;
  return [least - margin, most + margin];
}
