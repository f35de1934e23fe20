// Integers beyond 2^53: a 64-bit floating-point number is one of them, and its spelling may have other digits.

/**
 * Whether a number keeps the digits of an integer: it does up to 2^53, and beyond that where JSON spells the number with
 * them, such as 10000000000000000, which is 1e16.
 */
export function keepsDigits(integer: bigint): boolean {
  return String(Number(integer)) === String(integer);
}
