// Walks the fields of a protobuf message whose bytes nobody vouches for.
// Encoding: https://protobuf.dev/programming-guides/encoding.

/** A field: a number, or the bytes of a string, a message or packed numbers. */
export type ProtobufField = {
  readonly number: number;
  /** Of a whole number, exact up to 2^53; null for everything else. */
  readonly value: number | null;
  /** Of a length-delimited field; empty for everything else. */
  readonly bytes: Uint8Array;
};

const WIRE_VARINT = 0;
const WIRE_FIXED_64 = 1;
const WIRE_LENGTH_DELIMITED = 2;
const WIRE_FIXED_32 = 5;
const MAX_VARINT_BYTES = 10;
const NO_BYTES = new Uint8Array();

/** The fields of a message in their order. Throws a RangeError when it is cut off or is none. */
export function* fieldsOf(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case WIRE_VARINT:
        yield { number, value: varint(), bytes: NO_BYTES };
        break;
      case WIRE_FIXED_64:
        skip(8);
        yield { number, value: null, bytes: NO_BYTES };
        break;
      case WIRE_LENGTH_DELIMITED: {
        const length = varint();
        const start = at;
        skip(length);
        yield { number, value: null, bytes: message.subarray(start, at) };
        break;
      }
      case WIRE_FIXED_32:
        skip(4);
        yield { number, value: null, bytes: NO_BYTES };
        break;
      default:
        throw new RangeError('A field has a wire type that there is not.');
    }
  }

  function skip(count: number): void {
    at += count;
    if (at > message.length) throw new RangeError('A field ends past the end of the message.');
  }

  /** Negative numbers take ten bytes and come out as 2^64 less their amount: nothing read here is one. */
  function varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < MAX_VARINT_BYTES; count++) {
      const byte = message[at];
      skip(1);
      value += ((byte ?? 0) & 0x7f) * factor;
      if ((byte ?? 0) < 0x80) return value;
      factor *= 0x80;
    }
    throw new RangeError('A number has more bytes than one can have.');
  }
}

/** The bytes of all fields with a number: strings, messages. */
export function bytesOf(message: Uint8Array, number: number): Uint8Array[] {
  return [...fieldsOf(message)].filter((each) => each.number === number).map(({ bytes }) => bytes);
}

/** The text of the last field with a number, which is the one that counts; empty where there is none. */
export function textOf(message: Uint8Array, number: number): string {
  return new TextDecoder().decode(bytesOf(message, number).at(-1));
}

/** The value of the last field with a number; null where there is none. */
export function valueOf(message: Uint8Array, number: number): number | null {
  return [...fieldsOf(message)].findLast((each) => each.number === number)?.value ?? null;
}
