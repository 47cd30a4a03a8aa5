// Archives as our own writer makes them, and as zlib packs them.
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ZipError, extractZipEntry, listZipEntries } from '../../../src/lib/weights/zip-archive.ts';
import { buildStoredZip } from '../../../tools/forge/stored-zip.ts';

const NETWORK = Uint8Array.from({ length: 5000 }, (_, index) => (index * index) % 97);
const NOTES = new TextEncoder().encode('notes');

/** An archive of one deflated file, with an extra field and a comment, as zip programs write them. */
function deflatedZip(name: string, contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = deflateRawSync(contents);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(contents), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(contents.length, 18);
  common.writeUInt16LE(name.length, 22);
  common.writeUInt16LE(4, 24);
  const extra = Buffer.from([0xfe, 0xca, 0, 0]);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), extra]);
  const attributes = Buffer.alloc(14);
  const comment = Buffer.from('PK\x05\x06 in a comment, with text after it');
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    common,
    attributes,
    Buffer.from(name),
    extra,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + packed.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return new Uint8Array(Buffer.concat([local, packed, central, end, comment]));
}

const stored = new Uint8Array(
  buildStoredZip([
    { name: 'net.tflite', data: NETWORK },
    { name: 'notes.txt', data: NOTES },
  ]),
);

async function extract(archive: Uint8Array<ArrayBuffer>, name: string) {
  const entry = listZipEntries(archive).find((each) => each.name === name);
  if (!entry) throw new Error(`no ${name}`);
  return extractZipEntry(archive, entry);
}

test('stored files come out as they went in', async () => {
  expect(listZipEntries(stored).map(({ name }) => name)).toEqual(['net.tflite', 'notes.txt']);
  expect(await extract(stored, 'net.tflite')).toEqual(NETWORK);
  expect(await extract(stored, 'notes.txt')).toEqual(NOTES);
});

test('a deflated file comes out as it went in', async () => {
  const archive = deflatedZip('folder/end2end.onnx', NETWORK);
  expect(await extract(archive, 'folder/end2end.onnx')).toEqual(NETWORK);
});

describe('a damaged archive is refused', () => {
  test.each([
    ['that is none', new Uint8Array(100), 'no zip archive or is cut off'],
    ['that is empty', new Uint8Array(), 'no zip archive or is cut off'],
    ['that lacks its end', stored.slice(0, -30), 'no zip archive or is cut off'],
    ['whose beginning is missing', stored.slice(2000), 'cut off|damaged'],
  ])('%s', (_, archive, message) => {
    expect(() => listZipEntries(archive)).toThrow(ZipError);
    expect(() => listZipEntries(archive)).toThrow(new RegExp(message));
  });

  test('whose contents changed', async () => {
    const changed = stored.slice();
    changed.fill(7, 200, 210);
    await expect(extract(changed, 'net.tflite')).rejects.toThrow('net.tflite in it is damaged');
    const deflated = deflatedZip('net.tflite', NETWORK);
    deflated.fill(7, 60, 70);
    await expect(extract(deflated, 'net.tflite')).rejects.toThrow('net.tflite in it is damaged');
  });

  test('whose directory points outside', async () => {
    const [entry] = listZipEntries(stored);
    const beyond = { ...entry!, packedBytes: stored.length };
    await expect(extractZipEntry(stored, beyond)).rejects.toThrow('net.tflite in it is cut off');
    const nowhere = { ...entry!, localHeaderAt: stored.length - 2 };
    await expect(extractZipEntry(stored, nowhere)).rejects.toThrow(ZipError);
  });
});
