// Writes a zip archive whose entries are stored (uncompressed) and aligned, so that they can be
// memory-mapped. Fields stand in the order of PKWARE's APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.12 to 4.3.16.
import { crc32 } from 'node:zlib';

/** A file to archive; `name` is ASCII. */
export interface ZipEntry {
  name: string;
  data: Uint8Array;
}

/** TFLite aligns weights to 16 bytes within a model, so the models in the archive start at a multiple. */
const DATA_ALIGNMENT = 16;

const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const CENTRAL_HEADER_SIGNATURE = 0x02014b50;
const END_RECORD_SIGNATURE = 0x06054b50;

/** Size of a local header without its name and extra field. */
const LOCAL_HEADER_BYTES = 30;

/** PKZIP 1.0: stored entries need nothing newer. */
const ZIP_VERSION = 10;
const NO_FLAGS = 0;
const METHOD_STORED = 0;

/** 1980-01-01 00:00, the first moment a zip can name: an archive depends on its contents alone. */
const DOS_TIME = 0;
const DOS_DATE = (1 << 5) | 1;

const ONLY_DISK = 0;
const NO_COMMENT = 0;
const NO_EXTRA = 0;
const NO_ATTRIBUTES = 0;

/**
 * The extra field with which Android's apksigner pads: id and size, then the alignment and zeros.
 * Google's own bundles have loose zeros before each header instead, which APPNOTE.TXT does not know.
 */
const PADDING_FIELD_ID = 0xd935;
const PADDING_FIELD_HEADER_BYTES = 4;
const PADDING_FIELD_MIN_BYTES = 6;

/** Returns an archive of the entries in the given order; equal entries give equal bytes. */
export function buildStoredZip(entries: readonly ZipEntry[]): Uint8Array {
  const contents: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const entry of entries) {
    const local = localHeader(entry, position);
    contents.push(local, Buffer.from(entry.data));
    directory.push(centralHeader(entry, position));
    position += local.length + entry.data.length;
  }
  const centralDirectory = Buffer.concat(directory);
  const end = endRecord(entries.length, centralDirectory.length, position);
  return Buffer.concat([...contents, centralDirectory, end]);
}

function localHeader(entry: ZipEntry, position: number): Buffer {
  const padding = paddingField(position + LOCAL_HEADER_BYTES + entry.name.length);
  return Buffer.concat([
    uint32(LOCAL_HEADER_SIGNATURE),
    commonFields(entry),
    uint16(padding.length),
    Buffer.from(entry.name, 'ascii'),
    padding,
  ]);
}

function centralHeader(entry: ZipEntry, localHeaderPosition: number): Buffer {
  return Buffer.concat([
    uint32(CENTRAL_HEADER_SIGNATURE),
    uint16(ZIP_VERSION),
    commonFields(entry),
    uint16(NO_EXTRA),
    uint16(NO_COMMENT),
    uint16(ONLY_DISK),
    uint16(NO_ATTRIBUTES),
    uint32(NO_ATTRIBUTES),
    uint32(localHeaderPosition),
    Buffer.from(entry.name, 'ascii'),
  ]);
}

/** What both headers say of an entry: from the version needed to the length of the name. */
function commonFields({ name, data }: ZipEntry): Buffer {
  return Buffer.concat([
    uint16(ZIP_VERSION),
    uint16(NO_FLAGS),
    uint16(METHOD_STORED),
    uint16(DOS_TIME),
    uint16(DOS_DATE),
    uint32(crc32(data)),
    uint32(data.length),
    uint32(data.length),
    uint16(name.length),
  ]);
}

function endRecord(entryCount: number, directoryBytes: number, directoryPosition: number): Buffer {
  return Buffer.concat([
    uint32(END_RECORD_SIGNATURE),
    uint16(ONLY_DISK),
    uint16(ONLY_DISK),
    uint16(entryCount),
    uint16(entryCount),
    uint32(directoryBytes),
    uint32(directoryPosition),
    uint16(NO_COMMENT),
  ]);
}

/** An extra field that starts at `position` and ends where data may start. */
function paddingField(position: number): Buffer {
  const earliestEnd = position + PADDING_FIELD_MIN_BYTES;
  const end = Math.ceil(earliestEnd / DATA_ALIGNMENT) * DATA_ALIGNMENT;
  const zeros = Buffer.alloc(end - earliestEnd);
  return Buffer.concat([
    uint16(PADDING_FIELD_ID),
    uint16(end - position - PADDING_FIELD_HEADER_BYTES),
    uint16(DATA_ALIGNMENT),
    zeros,
  ]);
}

function uint16(value: number): Buffer {
  const field = Buffer.alloc(2);
  field.writeUInt16LE(value);
  return field;
}

function uint32(value: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32LE(value);
  return field;
}
