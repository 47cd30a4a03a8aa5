// Reads zip archives, stored or deflated. Fields stand as in PKWARE's APPNOTE.TXT 6.3.10, 4.3.7, 4.3.12
// and 4.3.16.

/** A file in an archive; `name` is its path there. Sizes in bytes. */
export type ZipEntry = {
  readonly name: string;
  readonly bytes: number;
  readonly packedBytes: number;
  readonly method: number;
  readonly crc32: number;
  readonly localHeaderAt: number;
};

/** An archive is damaged or of a kind that is not read. The message is a part of a sentence. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const CENTRAL_HEADER_SIGNATURE = 0x02014b50;
const END_RECORD_SIGNATURE = 0x06054b50;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_RECORD_BYTES = 22;
/** The longest comment that may follow the end record. */
const MAX_COMMENT_BYTES = 0xffff;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const CRC32_POLYNOMIAL = 0xedb88320;

/** The files of an archive, in its order. Throws a ZipError when it is none or is cut off. */
export function listZipEntries(archive: Uint8Array): readonly ZipEntry[] {
  return reading(() => {
    const view = viewOf(archive);
    const end = findEndRecord(view);
    const count = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    return Array.from({ length: count }, () => {
      if (view.getUint32(at, true) !== CENTRAL_HEADER_SIGNATURE) {
        throw new ZipError('its directory is damaged');
      }
      const nameBytes = view.getUint16(at + 28, true);
      const extraBytes = view.getUint16(at + 30, true);
      const commentBytes = view.getUint16(at + 32, true);
      const entry = {
        name: textAt(archive, at + CENTRAL_HEADER_BYTES, nameBytes),
        method: view.getUint16(at + 10, true),
        crc32: view.getUint32(at + 16, true),
        packedBytes: view.getUint32(at + 20, true),
        bytes: view.getUint32(at + 24, true),
        localHeaderAt: view.getUint32(at + 42, true),
      };
      at += CENTRAL_HEADER_BYTES + nameBytes + extraBytes + commentBytes;
      return entry;
    });
  });
}

/** The contents of a file in the archive. Throws a ZipError when they are damaged. */
export async function extractZipEntry(
  archive: Uint8Array<ArrayBuffer>,
  entry: ZipEntry,
): Promise<Uint8Array<ArrayBuffer>> {
  const packed = reading(() => packedContents(archive, entry));
  const contents = await unpack(packed, entry);
  if (contents.byteLength !== entry.bytes || crc32(contents) !== entry.crc32) {
    throw new ZipError(`${entry.name} in it is damaged`);
  }
  return contents;
}

function packedContents(
  archive: Uint8Array<ArrayBuffer>,
  { name, localHeaderAt: at, packedBytes }: ZipEntry,
): Uint8Array<ArrayBuffer> {
  const view = viewOf(archive);
  if (view.getUint32(at, true) !== LOCAL_HEADER_SIGNATURE) {
    throw new ZipError(`${name} in it is damaged`);
  }
  const start =
    at + LOCAL_HEADER_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packedBytes > archive.byteLength) throw new ZipError(`${name} in it is cut off`);
  return archive.subarray(start, start + packedBytes);
}

async function unpack(
  packed: Uint8Array<ArrayBuffer>,
  { name, method }: ZipEntry,
): Promise<Uint8Array<ArrayBuffer>> {
  switch (method) {
    case METHOD_STORED:
      return packed.slice();
    case METHOD_DEFLATED:
      try {
        const plain = new Blob([packed])
          .stream()
          .pipeThrough(new DecompressionStream('deflate-raw'));
        return new Uint8Array(await new Response(plain).arrayBuffer());
      } catch {
        throw new ZipError(`${name} in it is damaged`);
      }
    default:
      throw new ZipError(`${name} in it is packed in a way that is not read here`);
  }
}

/** Where the record at the end starts. The comment after it may look like one, but does not reach the end. */
function findEndRecord(view: DataView): number {
  const last = view.byteLength - END_RECORD_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (view.getUint32(at, true) !== END_RECORD_SIGNATURE) continue;
    const commentBytes = view.getUint16(at + 20, true);
    if (at + END_RECORD_BYTES + commentBytes === view.byteLength) return at;
  }
  throw new ZipError('it is no zip archive or is cut off');
}

/** A read beyond the end is a RangeError of the DataView: the archive is shorter than it says. */
function reading<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof RangeError ? new ZipError('it is cut off') : cause;
  }
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC32_POLYNOMIAL : crc >>> 1;
  return crc;
});

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(start, start + length));
}
