// The event file that TensorBoard reads: records of TensorFlow (TFRecord), in each of which is an `Event` of its protocol buffers.

/** What was measured at one step. */
export interface ScalarEvent {
  readonly step: number;
  readonly scalars: readonly (readonly [tag: string, value: number])[];
}

/** Reversed, as hash-wasm takes it: of CRC-32C. */
const castagnoli = 0x82f63b78;

/** @param wallTime Of all events, in seconds since 1970 */
export async function eventFile(wallTime: number, events: readonly ScalarEvent[]): Promise<Buffer> {
  const { createCRC32 } = await import('hash-wasm');
  const hasher = await createCRC32(castagnoli);
  const checksum = (data: Buffer) => maskedChecksum(hasher.init().update(data).digest('binary'));
  const record = (data: Buffer) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(data.length));
    return [length, checksum(length), data, checksum(data)];
  };
  const head = Buffer.concat([wallTimeField(wallTime), bytesField(3, Buffer.from('brain.Event:2'))]);
  return Buffer.concat([head, ...events.map((event) => scalarEvent(wallTime, event))].flatMap(record));
}

/** Turned and moved, as TensorFlow has it, so that the checksum of a text with checksums in it is none of those. */
function maskedChecksum(digest: Uint8Array): Buffer {
  const crc = Buffer.from(digest).readUInt32BE();
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

/** `Event { wall_time: 1, step: 2, summary: 5 { value: 1 { tag: 1, simple_value: 2 } } }` */
function scalarEvent(wallTime: number, { step, scalars }: ScalarEvent): Buffer {
  const values = scalars.map(([tag, value]) => {
    const simpleValue = Buffer.from([key(2, 5), 0, 0, 0, 0]);
    simpleValue.writeFloatLE(value, 1);
    return bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), simpleValue]));
  });
  const stepField = [Buffer.from([key(2, 0)]), varint(BigInt(step))];
  return Buffer.concat([wallTimeField(wallTime), ...stepField, bytesField(5, Buffer.concat(values))]);
}

function wallTimeField(seconds: number): Buffer {
  const field = Buffer.alloc(9, key(1, 1));
  field.writeDoubleLE(seconds, 1);
  return field;
}

function bytesField(id: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([key(id, 2)]), varint(BigInt(content.length)), content]);
}

/** Of a field of a protocol buffer, with how it is written: 0 varint, 1 of 64 bits, 2 with its length, 5 of 32 bits. */
function key(id: number, wire: 0 | 1 | 2 | 5): number {
  return (id << 3) | wire;
}

/** Seven bits a byte, the lowest first; of a negative number in two's complement. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
