// A table as a Parquet file. Apart from the verb: what writes it is loaded when it is asked for.
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Cell, Rows } from '../manifest/number-table.ts';

/** A column of numbers is one of doubles, of booleans one of booleans; every other is text. Any of its values may be null. */
export function parquetFile({ columns, rows }: Rows): Uint8Array {
  const columnData = columns.map((name) => {
    const values = rows.map((row) => row[name] ?? null);
    const type = typeOf(values);
    const data = type === 'STRING' ? values.map((value) => (value === null ? null : String(value))) : values;
    return { name, data, type, nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function typeOf(values: readonly Cell[]): 'DOUBLE' | 'BOOLEAN' | 'STRING' {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (types.size !== 1) return 'STRING';
  return types.has('number') ? 'DOUBLE' : types.has('boolean') ? 'BOOLEAN' : 'STRING';
}
