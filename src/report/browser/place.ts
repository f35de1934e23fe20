type Ends = readonly [number, number];

/**
 * Where a value is in a picture.
 * @param window Ends of the axis, in units of the value
 * @param range Where these are in the picture
 */
export function placeOf(value: number, [from, to]: Ends, [start, end]: Ends): number {
  // Halved, so that the range of the largest numbers is no infinity.
  const share = (value / 2 - from / 2) / (to / 2 - from / 2);
  return start + share * (end - start);
}
