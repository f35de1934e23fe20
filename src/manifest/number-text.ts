// How a number is written for people: no more digits than its standard error supports.
import type { Environment, ReportedNumber } from '../schema/types.ts';

/** A value without a standard error, with at most six significant digits; whole numbers in full. */
export function valueText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Number(value.toPrecision(6)));
}

/**
 * A value and its standard error, the error with two significant digits and the value to the same place:
 * 2.34561 with 0.00213 gives `2.3456` and `0.0021`.
 */
export function numberText(number: Pick<ReportedNumber, 'value' | 'standardError'>): {
  value: string;
  error: string | null;
} {
  const { value, standardError } = number;
  if (standardError === undefined) return { value: valueText(value), error: null };
  if (standardError === 0) return { value: valueText(value), error: '0' };
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(standardError)));
  if (decimals > 12 || Math.abs(value) >= 1e12) {
    return { value: valueText(value), error: standardError.toExponential(1) };
  }
  return { value: value.toFixed(decimals), error: standardError.toFixed(decimals) };
}

/** `2.3456 ± 0.0021 bits/dim`; the unit `1` of a pure number is left out. */
export function quantityText(number: ReportedNumber): string {
  const { value, error } = numberText(number);
  return `${value}${error === null ? '' : ` ± ${error}`}${number.unit === '1' ? '' : ` ${number.unit}`}`;
}

/** Seconds as `0.4 s`, `12 s`, `3 min 05 s` or `2 h 07 min`. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `host: CPU, 2 cores, 8 GiB, linux x64, Node v20.20.2`. */
export function machineText({ host, cpu, cores, memoryBytes, platform, arch, node }: Environment): string {
  const memory = (memoryBytes / 2 ** 30).toFixed(0);
  return `${host === undefined ? '' : `${host}: `}${cpu}, ${cores} cores, ${memory} GiB, ${platform} ${arch}, Node ${node}`;
}

/** `1 stage`, `2 stages`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
