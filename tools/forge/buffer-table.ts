// Writes the `Buffer` tables of a TFLite model, which hold its weights.
import type { Builder, Offset } from 'flatbuffers';
import { BUFFER_SLOT } from './tflite-reader.ts';

/** `Buffer.data` is declared `force_align: 16`. */
const BUFFER_ALIGNMENT = 16;

const FIELD_COUNT = Object.keys(BUFFER_SLOT).length;

/** Writes a vector of bytes. Aligned from the end of the file, which `finish` turns into from its start. */
export function createAlignedBytes(builder: Builder, bytes: Uint8Array): Offset {
  builder.prep(BUFFER_ALIGNMENT, bytes.length);
  return builder.createByteVector(bytes);
}

/** Writes a `Buffer` that holds `bytes`. */
export function createBuffer(builder: Builder, bytes: Uint8Array): Offset {
  const data = createAlignedBytes(builder, bytes);
  builder.startObject(FIELD_COUNT);
  builder.addFieldOffset(BUFFER_SLOT.data, data, 0);
  return builder.endObject();
}
