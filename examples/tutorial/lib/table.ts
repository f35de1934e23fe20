export function points(csv: string): [number, number][] {
  const lines = csv.trim().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(Number) as [number, number]);
}
