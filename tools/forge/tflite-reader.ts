// Reads the envelope of a TFLite model: what refers to what. Field slots and types follow schema version 3,
// tensorflow/compiler/mlir/lite/schema/schema.fbs. The network inside is read by tflite/.
import { FlatbufferTable, fileIdentifier } from './flatbuffer-table.ts';
import { ForgeError } from './forge-error.ts';
import { SUBGRAPH_SLOT, TENSOR_SLOT, TENSOR_TYPE } from './tflite/schema.ts';

/** The file identifier of a TFLite model, bytes 4 to 8. */
export const TFLITE_IDENTIFIER = 'TFL3';

/** The only version of the schema that goes with the identifier. */
export const TFLITE_VERSION = 3;

/** Slots of the root table, `Model`. */
export const MODEL_SLOT = {
  version: 0,
  operatorCodes: 1,
  subgraphs: 2,
  description: 3,
  buffers: 4,
  metadataBuffer: 5,
  metadata: 6,
  signatureDefs: 7,
} as const;

/** Slots of `Metadata`, a named index into the model's buffers. */
export const METADATA_SLOT = { name: 0, buffer: 1 } as const;

/** Slots of `Buffer`; offset and size serve models above 2 GB, which keep their weights elsewhere. */
export const BUFFER_SLOT = { data: 0, offset: 1, size: 2 } as const;

/** What to do about a bad file that came with a package. */
export const REINSTALL = 'reinstall its package with `npm ci`';

/** A TFLite file whose envelope has been checked. Positions are in bytes from the start of the file. */
export interface TfliteModel {
  /** File name, for error messages only. */
  name: string;
  bytes: Uint8Array;
  /** By slot of `Model`: the position of what the root refers to, for each field that is present. */
  references: Map<number, number>;
  /** Positions of the `Buffer` tables, in index order. */
  bufferPositions: number[];
  /** Names and positions of the `Metadata` tables. */
  metadata: { name: string; position: number }[];
  /** Shape of the main subgraph's only input, which is float32, e.g. [1, 256, 256, 3]. */
  inputShape: number[];
}

/**
 * Checks and opens a TFLite file of a package. Throws a ForgeError when it is not a complete model of
 * schema version 3 that takes one float32 tensor.
 */
export function readTflite(name: string, bytes: Uint8Array): TfliteModel {
  try {
    return readModel(name, bytes);
  } catch (error) {
    if (error instanceof RangeError) throw unusable(name, 'it is cut short or damaged', REINSTALL);
    throw error;
  }
}

/**
 * The root table of a TFLite file of schema version 3. Throws a ForgeError, whose sentence ends with
 * `remedy`, when the bytes are something else, and a RangeError when they are too few.
 */
export function openRoot(name: string, bytes: Uint8Array, remedy: string): FlatbufferTable {
  if (fileIdentifier(bytes) !== TFLITE_IDENTIFIER) {
    const reason = `it does not carry the TFLite file identifier ${TFLITE_IDENTIFIER}`;
    throw unusable(name, reason, remedy);
  }
  const root = FlatbufferTable.root(bytes);
  const version = root.uint32(MODEL_SLOT.version) ?? 0;
  if (version === TFLITE_VERSION) return root;
  throw unusable(name, `its schema version is ${version} instead of ${TFLITE_VERSION}`, remedy);
}

/** An error for a file that cannot be used for `reason`; `remedy` says what to do. */
export function unusable(name: string, reason: string, remedy: string): ForgeError {
  return new ForgeError(`${name} cannot be used because ${reason}; ${remedy}.`);
}

function readModel(name: string, bytes: Uint8Array): TfliteModel {
  const root = openRoot(name, bytes, REINSTALL);
  return {
    name,
    bytes,
    references: readReferences(root),
    bufferPositions: readBufferPositions(name, root),
    metadata: root.tables(MODEL_SLOT.metadata).map((entry) => ({
      name: entry.string(METADATA_SLOT.name) ?? '',
      position: entry.position,
    })),
    inputShape: readInputShape(name, root),
  };
}

function readReferences(root: FlatbufferTable): Map<number, number> {
  const references = new Map<number, number>();
  for (const slot of Object.values(MODEL_SLOT)) {
    const position = slot === MODEL_SLOT.version ? undefined : root.targetPosition(slot);
    if (position !== undefined) references.set(slot, position);
  }
  return references;
}

function readBufferPositions(name: string, root: FlatbufferTable): number[] {
  return root.tables(MODEL_SLOT.buffers).map((buffer) => {
    // Reading checks the bounds, which proves that the file holds all of its weights.
    buffer.bytes(BUFFER_SLOT.data);
    if (buffer.has(BUFFER_SLOT.offset)) {
      const reason = 'it keeps weights outside the flatbuffer, which the forge cannot move';
      throw unusable(name, reason, REINSTALL);
    }
    return buffer.position;
  });
}

function readInputShape(name: string, root: FlatbufferTable): number[] {
  const [subgraph] = root.tables(MODEL_SLOT.subgraphs);
  const [index, ...moreInputs] = subgraph?.int32s(SUBGRAPH_SLOT.inputs) ?? [];
  const input = index === undefined ? undefined : subgraph?.tables(SUBGRAPH_SLOT.tensors)[index];
  const type = input?.uint8(TENSOR_SLOT.type) ?? TENSOR_TYPE.float32;
  if (!input || moreInputs.length > 0 || type !== TENSOR_TYPE.float32) {
    throw unusable(name, 'it does not take exactly one float32 tensor', REINSTALL);
  }
  return input.int32s(TENSOR_SLOT.shape);
}
