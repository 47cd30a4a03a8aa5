// Reads tables of a flatbuffer whose bytes nobody vouches for. A read beyond the file is a RangeError, and
// lengths are checked before they are looped over. Layout: https://flatbuffers.dev/internals.

const VTABLE_HEADER_BYTES = 4;
const VTABLE_ENTRY_BYTES = 2;
const OFFSET_BYTES = 4;

/** A table; its fields are named by their place in the schema, counted from 0. */
export class FlatbufferTable {
  readonly #view: DataView;
  readonly #at: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** The root table of a file. Throws a RangeError when the file is shorter than any. */
  static root(bytes: Uint8Array): FlatbufferTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatbufferTable(view, view.getUint32(0, true));
  }

  /** An int8; 0 where it is absent, which is the default of every enumeration read here. */
  int8(slot: number): number {
    const at = this.#field(slot);
    return at === null ? 0 : this.#view.getInt8(at);
  }

  /** A UTF-8 string; empty where it is absent. */
  string(slot: number): string {
    const { start, length } = this.#vector(slot, Uint8Array.BYTES_PER_ELEMENT);
    return new TextDecoder().decode(
      new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length),
    );
  }

  /** A vector of int32; empty where it is absent. */
  int32s(slot: number): number[] {
    const { start, length } = this.#vector(slot, Int32Array.BYTES_PER_ELEMENT);
    return Array.from({ length }, (_, index) =>
      this.#view.getInt32(start + index * Int32Array.BYTES_PER_ELEMENT, true),
    );
  }

  /** The size of a vector of bytes, which is known to lie within the file. */
  byteCount(slot: number): number {
    return this.#vector(slot, Uint8Array.BYTES_PER_ELEMENT).length;
  }

  /** A vector of tables; empty where it is absent. */
  tables(slot: number): FlatbufferTable[] {
    const { start, length } = this.#vector(slot, OFFSET_BYTES);
    return Array.from({ length }, (_, index) => {
      const at = start + index * OFFSET_BYTES;
      return new FlatbufferTable(this.#view, at + this.#view.getUint32(at, true));
    });
  }

  #field(slot: number): number | null {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    const entry = VTABLE_HEADER_BYTES + slot * VTABLE_ENTRY_BYTES;
    if (entry + VTABLE_ENTRY_BYTES > this.#view.getUint16(vtable, true)) return null;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? null : this.#at + offset;
  }

  #vector(slot: number, elementBytes: number): { start: number; length: number } {
    const field = this.#field(slot);
    if (field === null) return { start: 0, length: 0 };
    const at = field + this.#view.getUint32(field, true);
    const start = at + OFFSET_BYTES;
    const length = this.#view.getUint32(at, true);
    if (start + length * elementBytes > this.#view.byteLength) {
      throw new RangeError('A vector ends past the end of the file.');
    }
    return { start, length };
  }
}
