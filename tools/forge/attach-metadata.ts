// Adds metadata to a TFLite model without re-encoding it. Knows the model's envelope, not what the
// metadata says.
import { Builder, type Offset } from 'flatbuffers';
import { createAlignedBytes, createBuffer } from './buffer-table.ts';
import { ForgeError } from './forge-error.ts';
import { createOffsetVector } from './offset-vector.ts';
import {
  METADATA_SLOT,
  MODEL_SLOT,
  TFLITE_IDENTIFIER,
  TFLITE_VERSION,
  type TfliteModel,
} from './tflite-reader.ts';

/** Name of the `Metadata` entry in which readers look for a `ModelMetadata` file. */
const METADATA_ENTRY = 'TFLITE_METADATA';

/** A vector starts with its length. */
const VECTOR_HEADER_BYTES = 4;

const FIELD_COUNT = {
  model: Object.keys(MODEL_SLOT).length,
  metadata: Object.keys(METADATA_SLOT).length,
};

/** First size of the Builder's buffer beyond the model itself; it grows when that is too little. */
const ROOM_FOR_NEW_TABLES_BYTES = 64 * 1024;

/**
 * Returns the model with `metadata`, a `ModelMetadata` file, as its TFLITE_METADATA entry.
 *
 * A flatbuffer's references point forward, so a root put in front of the old file can refer to
 * everything in it: the result is the new root, its two vectors and the metadata, then the old file
 * byte for byte, whose own root goes unused. Throws a ForgeError when the entry exists already.
 */
export function attachMetadata(model: TfliteModel, metadata: Uint8Array): Uint8Array {
  if (model.metadata.some(({ name }) => name === METADATA_ENTRY)) {
    throw new ForgeError(
      `${model.name} has a ${METADATA_ENTRY} entry already, so it is not the file the forge was made for; ` +
        'reinstall its package with `npm ci`.',
    );
  }
  const builder = new Builder(model.bytes.length + metadata.length + ROOM_FOR_NEW_TABLES_BYTES);
  const oldFile = createAlignedBytes(builder, model.bytes) - VECTOR_HEADER_BYTES;
  // A Builder counts from the end of the file it is writing, the old file from its own start.
  const keep = (position: number): Offset => oldFile - position;

  const buffers = model.bufferPositions.map(keep);
  const newBufferIndex = buffers.push(createBuffer(builder, metadata)) - 1;
  const entries = model.metadata.map(({ position }) => keep(position));
  entries.push(createMetadataEntry(builder, newBufferIndex));

  const references = new Map<number, Offset>();
  for (const [slot, position] of model.references) references.set(slot, keep(position));
  references.set(MODEL_SLOT.buffers, createOffsetVector(builder, buffers));
  references.set(MODEL_SLOT.metadata, createOffsetVector(builder, entries));

  builder.startObject(FIELD_COUNT.model);
  builder.addFieldInt32(MODEL_SLOT.version, TFLITE_VERSION, 0);
  for (const [slot, offset] of references) builder.addFieldOffset(slot, offset, 0);
  builder.finish(builder.endObject(), TFLITE_IDENTIFIER);
  return builder.asUint8Array();
}

function createMetadataEntry(builder: Builder, bufferIndex: number): Offset {
  const name = builder.createString(METADATA_ENTRY);
  builder.startObject(FIELD_COUNT.metadata);
  builder.addFieldOffset(METADATA_SLOT.name, name, 0);
  builder.addFieldInt32(METADATA_SLOT.buffer, bufferIndex, 0);
  return builder.endObject();
}
