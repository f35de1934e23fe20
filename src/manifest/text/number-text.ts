// How a number is written for people: no more digits than its standard error supports.
import { bytesText } from '../../pipeline/memory.ts';
import type { Environment, ReportedNumber } from '../../schema/types.ts';
import { keepsSides, placeText, significantText } from './decimal-text.ts';

/**
 * A value without a standard error: at most six significant digits, whole numbers in full.
 * @param others What it is compared with, shown in full: it gets the digits that keep it above, equal or below.
 */
export function valueText(value: number, others: readonly number[] = []): string {
  return valueTexts([value], others)[0]!;
}

/** Values that are compared with each other, all with as many digits as tell them apart in their order. */
export function valueTexts(values: readonly number[], others: readonly number[] = []): string[] {
  for (let digits = 6; digits < 17; digits += 1) {
    const texts = values.map((value) => significantText(value, digits));
    const written = texts.map(Number);
    const isTrue = values.every(
      (value, index) =>
        keepsSides(written[index]!, value, others) &&
        values.every((other, at) => Math.sign(written[index]! - written[at]!) === Math.sign(value - other)),
    );
    if (isTrue) return texts;
  }
  return values.map(String);
}

/** `0.2 to 0.3`, or one value where they are equal. */
export function rangeText(values: readonly number[], others: readonly number[] = []): string {
  const least = values.reduce((least, value) => Math.min(least, value), Infinity);
  const most = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return least === most ? valueText(least, others) : valueTexts([least, most], others).join(' to ');
}

/**
 * A value and its standard error, the error with two significant digits and the value to the same place:
 * 2.34561 with 0.00213 gives `2.3456` and `0.0021`. An error of more than two whole digits has them all.
 * @param others What it is compared with: a value that would not stay above, equal or below gets the digits that keep it
 */
export function numberText(
  number: Pick<ReportedNumber, 'value' | 'standardError'>,
  others: readonly number[] = [],
): { value: string; error: string | null } {
  const text = roundedText(number);
  if (keepsSides(Number(text.value), number.value, others)) return text;
  return { ...text, value: valueText(number.value, others) };
}

function roundedText({ value, standardError }: Pick<ReportedNumber, 'value' | 'standardError'>): {
  value: string;
  error: string | null;
} {
  if (standardError === undefined) return { value: valueText(value), error: null };
  if (standardError === 0) return { value: valueText(value), error: '0' };
  const place = Number(standardError.toExponential(1).split('e')[1]) - 1;
  if (place < -12 || Math.max(Math.abs(value), standardError) >= 1e15) {
    return { value: placeText(value, place), error: standardError.toExponential(1) };
  }
  return { value: placeText(value, Math.min(0, place)), error: placeText(standardError, Math.min(0, place)) };
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
  const all = Math.round(seconds / 60);
  return `${Math.floor(all / 60)} h ${String(all % 60).padStart(2, '0')} min`;
}

/** `host: CPU, 2 cores, 8 GiB, linux x64, Node v20.20.2`. */
export function machineText({ host, cpu, cores, memoryBytes, platform, arch, node }: Environment): string {
  return `${host === undefined ? '' : `${host}: `}${cpu}, ${cores} cores, ${bytesText(memoryBytes)}, ${platform} ${arch}, Node ${node}`;
}

/** `1 stage`, `2 stages`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
