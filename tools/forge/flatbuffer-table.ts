// Bounds-checked reading of a FlatBuffers table without generated code. Knows the encoding
// (flatbuffers.dev/internals), not what a field means; writing is the flatbuffers package's Builder.

const UOFFSET_BYTES = 4;
const UINT16_BYTES = 2;
const INT32_BYTES = 4;
const INT64_BYTES = 8;
const FLOAT32_BYTES = 4;

/** A vtable is its own size and the table's size, then the fields' offsets: uint16 each. */
const VTABLE_HEADER_BYTES = 4;
const VTABLE_ENTRY_BYTES = 2;

/** The file identifier follows the reference to the root table. */
const IDENTIFIER = { start: 4, end: 8 } as const;

/** The file's four-character identifier; shorter, or empty, when the file is too short for one. */
export function fileIdentifier(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(IDENTIFIER.start, IDENTIFIER.end));
}

/**
 * A read-only view of one table. A field is named by its slot: its index in the schema's
 * declaration, where a union counts as two, type and value. An absent scalar, string or table
 * reads as undefined and an absent vector as empty. Reading past the file throws a RangeError.
 */
export class FlatbufferTable {
  /** Where the table starts, in bytes from the start of the file. */
  readonly position: number;
  readonly #view: DataView;

  private constructor(view: DataView, position: number) {
    this.#view = view;
    this.position = position;
  }

  /** The root table of a file. */
  static root(bytes: Uint8Array): FlatbufferTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatbufferTable(view, view.getUint32(0, true));
  }

  /** Whether the field is present. */
  has(slot: number): boolean {
    return this.#fieldPosition(slot) !== undefined;
  }

  /** A uint8, or an enum or union type of that size. */
  uint8(slot: number): number | undefined {
    const at = this.#fieldPosition(slot);
    return at === undefined ? undefined : this.#view.getUint8(at);
  }

  /** A uint32. */
  uint32(slot: number): number | undefined {
    const at = this.#fieldPosition(slot);
    return at === undefined ? undefined : this.#view.getUint32(at, true);
  }

  /** An int32. */
  int32(slot: number): number | undefined {
    const at = this.#fieldPosition(slot);
    return at === undefined ? undefined : this.#view.getInt32(at, true);
  }

  /** A UTF-8 string. */
  string(slot: number): string | undefined {
    return this.has(slot) ? new TextDecoder().decode(this.bytes(slot)) : undefined;
  }

  /** A table, or the value of a union. */
  table(slot: number): FlatbufferTable | undefined {
    const at = this.targetPosition(slot);
    return at === undefined ? undefined : new FlatbufferTable(this.#view, at);
  }

  /** A vector of tables. */
  tables(slot: number): FlatbufferTable[] {
    return this.#elementPositions(slot, UOFFSET_BYTES).map(
      (at) => new FlatbufferTable(this.#view, this.#follow(at)),
    );
  }

  /** A vector of uint16. */
  uint16s(slot: number): number[] {
    return this.#elementPositions(slot, UINT16_BYTES).map((at) => this.#view.getUint16(at, true));
  }

  /** A vector of int64, as numbers: exact up to 2^53. */
  int64s(slot: number): number[] {
    return this.#elementPositions(slot, INT64_BYTES).map((at) =>
      Number(this.#view.getBigInt64(at, true)),
    );
  }

  /** A vector of int32. */
  int32s(slot: number): number[] {
    return this.#elementPositions(slot, INT32_BYTES).map((at) => this.#view.getInt32(at, true));
  }

  /** A vector of float32. */
  float32s(slot: number): number[] {
    return this.#elementPositions(slot, FLOAT32_BYTES).map((at) => this.#view.getFloat32(at, true));
  }

  /** A vector of bytes, as a view into the file. */
  bytes(slot: number): Uint8Array {
    const { start, length } = this.#vector(slot, Uint8Array.BYTES_PER_ELEMENT);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  /** Where the string, vector or table behind the field starts, in bytes from the start of the file. */
  targetPosition(slot: number): number | undefined {
    const at = this.#fieldPosition(slot);
    return at === undefined ? undefined : this.#follow(at);
  }

  #fieldPosition(slot: number): number | undefined {
    const vtable = this.position - this.#view.getInt32(this.position, true);
    const entry = VTABLE_HEADER_BYTES + slot * VTABLE_ENTRY_BYTES;
    if (entry >= this.#view.getUint16(vtable, true)) return undefined;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? undefined : this.position + offset;
  }

  #follow(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  /** `length` in elements. Checked here so that a damaged length cannot start a long loop. */
  #vector(slot: number, elementBytes: number): { start: number; length: number } {
    const at = this.targetPosition(slot);
    if (at === undefined) return { start: 0, length: 0 };
    const start = at + UOFFSET_BYTES;
    const length = this.#view.getUint32(at, true);
    if (start + length * elementBytes > this.#view.byteLength) {
      throw new RangeError('A vector ends past the end of the file.');
    }
    return { start, length };
  }

  #elementPositions(slot: number, elementBytes: number): number[] {
    const { start, length } = this.#vector(slot, elementBytes);
    return Array.from({ length }, (_, index) => start + index * elementBytes);
  }
}
