// Reads event files of TensorBoard, by other means than they are written with: protobufjs, and CRC-32C bit by bit.
import protobuf from 'protobufjs';
import { expect } from 'vitest';

interface Event {
  readonly wallTime: number;
  readonly step?: bigint;
  readonly fileVersion?: string;
  readonly scalars: Readonly<Record<string, number>>;
}

const eventType = protobuf
  .parse(
    `syntax = "proto3";
message Event {
  double wall_time = 1;
  optional int64 step = 2;
  oneof what { string file_version = 3; Summary summary = 5; }
}
message Summary {
  message Value { string tag = 1; optional float simple_value = 2; }
  repeated Value value = 1;
}`,
  )
  .root.lookupType('Event');

/** Checks every checksum on the way. */
export function readEvents(file: Buffer): Event[] {
  const events: Event[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 8)).toBe(masked(crc32c(file.subarray(at, at + 8))));
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(crc32c(data)));
    events.push(eventIn(data));
    at += 16 + length;
  }
  return events;
}

function eventIn(data: Buffer): Event {
  const { wallTime, step, fileVersion, summary } = eventType.toObject(eventType.decode(data), { longs: String }) as {
    wallTime: number;
    step?: string;
    fileVersion?: string;
    summary?: { value: { tag: string; simpleValue: number }[] };
  };
  return {
    wallTime,
    ...(step !== undefined && { step: BigInt(step) }),
    ...(fileVersion !== undefined && { fileVersion }),
    scalars: Object.fromEntries((summary?.value ?? []).map(({ tag, simpleValue }) => [tag, simpleValue])),
  };
}

export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
