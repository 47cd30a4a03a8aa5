// A reader for small zip archives, written from APPNOTE.TXT apart from the forge's writer to check it.

/** An entry as the central directory and its local header describe it. */
export interface ReadEntry {
  method: number;
  dosTime: number;
  dosDate: number;
  crc32: number;
  dataPosition: number;
  data: Buffer;
}

const END_RECORD_BYTES = 22;

/** Returns the entries by name in directory order. Throws when the two headers of an entry disagree. */
export function readZip(zip: Buffer): Map<string, ReadEntry> {
  const end = zip.length - END_RECORD_BYTES;
  requireSignature(zip, end, 0x06054b50);
  const entries = new Map<string, ReadEntry>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    requireSignature(zip, at, 0x02014b50);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('ascii', at + 46, at + 46 + nameLength);
    entries.set(name, readEntry(zip, at, nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (at !== end)
    throw new Error('The central directory does not end where the end record starts.');
  return entries;
}

function readEntry(zip: Buffer, at: number, nameLength: number): ReadEntry {
  const local = zip.readUInt32LE(at + 42);
  requireSignature(zip, local, 0x04034b50);
  const shared = zip.subarray(local + 4, local + 28);
  if (!shared.equals(zip.subarray(at + 6, at + 30))) throw new Error('The headers disagree.');
  const dataPosition = local + 30 + nameLength + zip.readUInt16LE(local + 28);
  return {
    method: zip.readUInt16LE(at + 10),
    dosTime: zip.readUInt16LE(at + 12),
    dosDate: zip.readUInt16LE(at + 14),
    crc32: zip.readUInt32LE(at + 16),
    dataPosition,
    data: zip.subarray(dataPosition, dataPosition + zip.readUInt32LE(at + 20)),
  };
}

function requireSignature(zip: Buffer, at: number, signature: number): void {
  if (zip.readUInt32LE(at) !== signature) throw new Error(`No zip record at byte ${at}.`);
}
