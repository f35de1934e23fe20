// The safetensors file format (https://github.com/huggingface/safetensors): the length of a JSON header as eight
// little-endian bytes, the header, then the tensors' bytes without gaps. Typed arrays are assumed little-endian.
import { createHash } from 'node:crypto';

export interface StoredTensor {
  readonly shape: readonly number[];
  /** Row-major; stored as F32, I32 or U8. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export interface TensorFile {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

// In file order: the format asks for falling alignment.
const TYPES = [
  { name: 'F32', make: Float32Array },
  { name: 'I32', make: Int32Array },
  { name: 'U8', make: Uint8Array },
] as const;

const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
// The reference implementation's limit; a damaged length must not become a huge allocation.
const MAX_HEADER_BYTES = 100_000_000;
// Our own addition, allowed by the format: a metadata entry with the digest of the whole file (its own 64 digits
// taken as zeros), so that damage is noticed wherever it is. Files without it are read as well.
const CHECKSUM = 'sha256-of-file';
const CHECKSUM_ZEROS = '0'.repeat(64);

/**
 * The file's bytes: a function of names, shapes, values and metadata only, not of key order.
 * Throws a RangeError for a tensor whose length is not its shape's, or for a reserved name.
 */
export function encodeSafetensors(file: TensorFile): Uint8Array {
  const tensors = Object.entries(file.tensors).map(([name, tensor]) => ({ name, ...tensor, type: typeOf(tensor) }));
  tensors.sort((a, b) => a.type - b.type || (a.name < b.name ? -1 : 1));

  const metadata: [string, string][] = [...Object.entries(file.metadata), [CHECKSUM, CHECKSUM_ZEROS]];
  if (Object.hasOwn(file.metadata, CHECKSUM)) throw new RangeError(`safetensors: metadata "${CHECKSUM}" is reserved`);
  metadata.sort(([a], [b]) => (a < b ? -1 : 1));

  const header: [string, unknown][] = [[METADATA, Object.fromEntries(metadata)]];
  let dataBytes = 0;
  for (const { name, shape, data, type } of tensors) {
    if (name === METADATA) throw new RangeError(`safetensors: the tensor name "${METADATA}" is reserved`);
    const size = shape.reduce((a, b) => a * b, 1);
    if (!shape.every(isNatural) || size !== data.length) {
      throw new RangeError(`safetensors: "${name}" of shape [${shape.join(', ')}] has ${data.length} elements`);
    }
    const end = dataBytes + data.byteLength;
    header.push([name, { dtype: TYPES[type]!.name, shape, data_offsets: [dataBytes, end] }]);
    dataBytes = end;
  }

  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(LENGTH_BYTES + headerBytes + dataBytes, ' ');
  bytes.writeBigUInt64LE(BigInt(headerBytes), 0);
  bytes.set(json, LENGTH_BYTES);
  let begin = LENGTH_BYTES + headerBytes;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), begin);
    begin += data.byteLength;
  }
  const position = checksumPosition(bytes, headerBytes, CHECKSUM_ZEROS);
  bytes.write(digestAround(bytes, position), position, 'ascii');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads a file strictly: whatever the format does not allow, or the checksum contradicts, is an Error saying what. */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < LENGTH_BYTES) refuse(`truncated: ${view.length} bytes, the header's length alone takes 8`);
  const declared = view.readBigUInt64LE(0);
  if (declared > MAX_HEADER_BYTES) refuse(`header of ${declared} bytes: longer than ${MAX_HEADER_BYTES}`);
  const headerBytes = Number(declared);
  const dataBegin = LENGTH_BYTES + headerBytes;
  if (view.length < dataBegin) refuse(`truncated: ${view.length} bytes, the header ends at ${dataBegin}`);

  const { [METADATA]: rawMetadata = {}, ...entries } = parseHeader(view.subarray(LENGTH_BYTES, dataBegin));
  const { [CHECKSUM]: checksum, ...metadata } = checkMetadata(rawMetadata);
  const declaredTensors = Object.entries(entries).map(([name, entry]) => checkEntry(name, entry));
  declaredTensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, begin, end } of declaredTensors) {
    if (begin < expected) refuse(`"${name}" at byte ${begin} overlaps the tensor before it, which ends at ${expected}`);
    if (begin > expected) refuse(`a gap before "${name}": bytes ${expected} to ${begin} belong to no tensor`);
    expected = end;
  }
  const dataBytes = view.length - dataBegin;
  if (dataBytes < expected) refuse(`truncated: ${dataBytes} bytes of data, the tensors take ${expected}`);
  if (dataBytes > expected) refuse(`${dataBytes - expected} bytes after the last tensor`);
  if (checksum !== undefined) checkChecksum(view, headerBytes, checksum);

  const tensors = declaredTensors.map(({ name, shape, begin, end, make }): [string, StoredTensor] => {
    // A copy: the file's own bytes need not be aligned in memory. (A Buffer's slice would be a view.)
    const { buffer } = new Uint8Array(view.subarray(dataBegin + begin, dataBegin + end));
    return [name, { shape, data: new make(buffer) }];
  });
  // fromEntries, because a tensor may be called "__proto__".
  return { tensors: Object.fromEntries(tensors), metadata };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new Error(`safetensors: the header is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (!text.startsWith('{') || !isRecord(header)) return refuse('the header is not a JSON object');
  // JSON.parse keeps the last of two equal keys; the format forbids them.
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
  if (written !== countKeys(header)) refuse('the header has a key twice');
  return header;
}

function checkMetadata(metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) return refuse(`${METADATA} is not an object`);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') refuse(`${METADATA} "${key}" is not a string`);
  }
  return metadata as Record<string, string>;
}

function checkEntry(name: string, entry: unknown) {
  if (!isRecord(entry)) return refuse(`"${name}" is not described by an object`);
  const { dtype, shape, data_offsets: offsets, ...rest } = entry;
  const unknown = Object.keys(rest);
  if (unknown.length > 0) refuse(`"${name}" has an unknown property "${unknown[0]}"`);
  const type = TYPES.find((candidate) => candidate.name === dtype);
  if (type === undefined) {
    return refuse(`"${name}" has dtype ${JSON.stringify(dtype)}, not one of ${TYPES.map((t) => t.name).join(', ')}`);
  }
  if (!isNaturals(shape)) return refuse(`the shape of "${name}" is not a list of integers >= 0`);
  if (!isNaturals(offsets) || offsets.length !== 2) return refuse(`the offsets of "${name}" are not two integers >= 0`);
  const [begin, end] = offsets as [number, number];
  const width = type.make.BYTES_PER_ELEMENT;
  if (begin % width !== 0) refuse(`"${name}" is misaligned: ${type.name} at byte ${begin}`);
  const size = shape.reduce((a, b) => a * b, 1) * width;
  if (!Number.isSafeInteger(size) || end - begin !== size) {
    refuse(`"${name}" of shape [${shape.join(', ')}] takes ${size} bytes, its offsets give ${end - begin}`);
  }
  return { name, shape, begin, end, make: type.make };
}

function checkChecksum(view: Buffer, headerBytes: number, checksum: string): void {
  const position = checksumPosition(view, headerBytes, checksum);
  if (position < 0 || digestAround(view, position) !== checksum) {
    refuse('damaged: the bytes do not match the checksum in the header');
  }
}

/** Where the checksum's digits begin, or -1. Quotes inside JSON strings are escaped, so only the entry itself matches. */
function checksumPosition(view: Buffer, headerBytes: number, checksum: string): number {
  const key = `"${CHECKSUM}":"`;
  const found = view.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes).indexOf(`${key}${checksum}"`);
  return found < 0 || checksum.length !== CHECKSUM_ZEROS.length ? -1 : LENGTH_BYTES + found + key.length;
}

/** SHA-256 of the file with zeros for the checksum's digits at `position`. */
function digestAround(bytes: Uint8Array, position: number): string {
  const hash = createHash('sha256').update(bytes.subarray(0, position)).update(CHECKSUM_ZEROS);
  return hash.update(bytes.subarray(position + CHECKSUM_ZEROS.length)).digest('hex');
}

function typeOf(tensor: StoredTensor): number {
  return TYPES.findIndex(({ make }) => tensor.data instanceof make);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNaturals(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNatural);
}

function countKeys(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item), 0);
  if (!isRecord(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + countKeys(item), 0);
}

function refuse(reason: string): never {
  throw new Error(`safetensors: ${reason}`);
}
