// Writes protocol buffers messages field by field, by the wire format of
// https://protobuf.dev/programming-guides/encoding/. Knows no schema and reads nothing.

/** Wire types: what follows a field's tag. */
const WIRE = { varint: 0, lengthDelimited: 2 } as const;

const TAG_TYPE_BITS = 3;
const INT64_BITS = 64;
const VARINT_PAYLOAD_BITS = 7n;
const VARINT_PAYLOAD_MASK = 0x7fn;
const VARINT_MORE = 0x80;

/** A message under construction. Repeated fields are written by repeating the call. */
export class ProtobufMessage {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** An int32, int64 or enum; an integer of at most 2^53. */
  integer(field: number, value: number): this {
    this.#tag(field, WIRE.varint);
    this.#varint(value);
    return this;
  }

  /** A string, as UTF-8. */
  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Bytes, which are not copied before `finish`. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, WIRE.lengthDelimited);
    this.#varint(value.length);
    this.#push(value);
    return this;
  }

  /** A message inside this one, which must be complete. */
  message(field: number, value: ProtobufMessage): this {
    this.#tag(field, WIRE.lengthDelimited);
    this.#varint(value.#length);
    for (const chunk of value.#chunks) this.#push(chunk);
    return this;
  }

  /** The encoded message. */
  finish(): Uint8Array {
    const encoded = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      encoded.set(chunk, at);
      at += chunk.length;
    }
    return encoded;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 2 ** TAG_TYPE_BITS + wireType);
  }

  /** Little-endian groups of seven bits; negative numbers as 64 bits in two's complement. */
  #varint(value: number): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(INT64_BITS, BigInt(value));
    while (rest > VARINT_PAYLOAD_MASK) {
      bytes.push(Number(rest & VARINT_PAYLOAD_MASK) | VARINT_MORE);
      rest >>= VARINT_PAYLOAD_BITS;
    }
    bytes.push(Number(rest));
    this.#push(Uint8Array.from(bytes));
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}
