// The wire format against bytes worked out by hand from protobuf.dev/programming-guides/encoding.
import { describe, expect, it } from 'vitest';
import { ProtobufMessage } from '../../../tools/forge/onnx/protobuf-message.ts';

function hex(message: ProtobufMessage): string {
  return Buffer.from(message.finish()).toString('hex');
}

describe('ProtobufMessage', () => {
  it.each([
    // The guide's own example: field 1 with 150.
    [1, 150, '089601'],
    [1, 0, '0800'],
    [1, 127, '087f'],
    [1, 128, '088001'],
    // Field 16 is the first whose tag takes two bytes: 16 << 3 = 128.
    [16, 1, '800101'],
    // Negative numbers take ten bytes: 64 bits of two's complement in groups of seven.
    [1, -1, '08ffffffffffffffffff01'],
    [2, 2 ** 40, '10808080808020'],
  ])('writes field %i with the integer %i as %s', (field, value, expected) => {
    expect(hex(new ProtobufMessage().integer(field, value))).toBe(expected);
  });

  it('writes a string with its length, as in the guide', () => {
    expect(hex(new ProtobufMessage().string(2, 'testing'))).toBe('120774657374696e67');
  });

  it('counts the bytes of a string, not its characters', () => {
    expect(hex(new ProtobufMessage().string(1, 'é'))).toBe('0a02c3a9');
  });

  it('writes a message inside another, as in the guide', () => {
    const inner = new ProtobufMessage().integer(1, 150);
    expect(hex(new ProtobufMessage().message(3, inner))).toBe('1a03089601');
  });

  it('keeps the order of the calls and repeats fields', () => {
    const message = new ProtobufMessage().integer(1, 3).bytes(2, Uint8Array.of(7)).integer(1, 4);
    expect(hex(message)).toBe('0803' + '120107' + '0804');
  });

  it('writes nothing for an empty message', () => {
    expect(hex(new ProtobufMessage())).toBe('');
  });
});
