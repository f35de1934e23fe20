// Small tar archives for tests.

/** An archive of files by name, of the given type (`0` a regular file). */
export function tarOf(files: Readonly<Record<string, Uint8Array>>, type = '0'): Buffer {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    const cut = name.length > 100 ? name.indexOf('/') : -1;
    header.write(name.slice(cut + 1), 0, 100);
    if (cut > 0) header.write(name.slice(0, cut), 345, 155);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
