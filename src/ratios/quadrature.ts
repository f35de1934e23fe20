// Integrals over [0, 1] of what can be evaluated only at whole batches: Gauss-Legendre.

/** Nodes and weights on [0, 1] of the Gauss-Legendre rule with `count` points, exact for polynomials below 2 count. */
export function gaussLegendre(count: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let z = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let iteration = 0; iteration < 20; iteration++) {
      let [previous, value] = [0, 1];
      for (let n = 1; n <= count; n++) [previous, value] = [value, ((2 * n - 1) * z * value - (n - 1) * previous) / n];
      slope = (count * (z * value - previous)) / (z * z - 1);
      z -= value / slope;
    }
    nodes[i] = (1 - z) / 2;
    weights[i] = 1 / ((1 - z * z) * slope ** 2);
  }
  return { nodes, weights };
}

/** The integral over time in [0, 1] of a function with values [count], nats per unit of time. */
export async function integrate(
  nodes: number,
  integrand: (time: number, index: number) => ArrayLike<number> | Promise<ArrayLike<number>>,
): Promise<Float64Array> {
  const rule = gaussLegendre(nodes);
  let sums: Float64Array | undefined;
  for (const [k, time] of rule.nodes.entries()) {
    const values = await integrand(time, k);
    sums ??= new Float64Array(values.length);
    for (let i = 0; i < sums.length; i++) sums[i]! += rule.weights[k]! * values[i]!;
  }
  return sums ?? new Float64Array();
}
