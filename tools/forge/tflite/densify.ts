// Makes a sparse TFLite tensor dense: the format and the traversal follow the comments on
// `SparsityParameters` in TFLite's schema.fbs. Block-sparse tensors are not supported.
import type { FlatbufferTable } from '../flatbuffer-table.ts';
import { countElements } from '../graph/constant.ts';

/** Slots of `SparsityParameters`, and of `DimensionMetadata` with its unions' types and values. */
const SPARSITY_SLOT = { traversalOrder: 0, blockMap: 1, dimensions: 2 } as const;
const DIMENSION_SLOT = {
  format: 0,
  denseSize: 1,
  segmentsType: 2,
  segments: 3,
  indicesType: 4,
  indices: 5,
} as const;

const SPARSE_CSR = 1;

/** Members of `SparseIndexVector`; each is a table with the values in its first slot. */
const INDEX_VECTOR = { int32: 1, uint16: 2, uint8: 3 } as const;
const VALUES_SLOT = 0;

type Dimension =
  | { format: 'dense'; size: number }
  | { format: 'csr'; segments: ArrayLike<number>; indices: ArrayLike<number> };

/**
 * Writes the elements of a sparse tensor, in the order they are stored, to their places in `dense`, which
 * has the tensor's shape and is zero elsewhere. Returns false when the tensor is block-sparse, and then
 * writes nothing. Throws a RangeError when the indices do not fit the shape or the stored elements.
 */
export function densify(
  sparsity: FlatbufferTable,
  shape: readonly number[],
  stored: ArrayLike<number>,
  dense: { length: number; [index: number]: number },
): boolean {
  if (sparsity.int32s(SPARSITY_SLOT.blockMap).length > 0) return false;
  const order = sparsity.int32s(SPARSITY_SLOT.traversalOrder);
  const dimensions = sparsity.tables(SPARSITY_SLOT.dimensions).map(readDimension);

  let storedElements = 0;
  const visit = (depth: number, entry: number, target: number): void => {
    const dimension = dimensions[depth];
    if (!dimension) {
      // At a leaf, the entry's number is the place among the stored elements.
      if (entry >= stored.length || !(target < dense.length)) {
        throw new RangeError('A sparse tensor points outside itself.');
      }
      dense[target] = stored[entry]!;
      storedElements++;
      return;
    }
    const stride = countElements(shape.slice(order[depth]! + 1));
    if (dimension.format === 'dense') {
      for (let index = 0; index < dimension.size; index++) {
        visit(depth + 1, entry * dimension.size + index, target + index * stride);
      }
      return;
    }
    const end = dimension.segments[entry + 1] ?? 0;
    for (let at = dimension.segments[entry] ?? 0; at < end; at++) {
      visit(depth + 1, at, target + (dimension.indices[at] ?? NaN) * stride);
    }
  };
  visit(0, 0, 0);
  if (storedElements !== stored.length) {
    throw new RangeError('A sparse tensor has more elements than places for them.');
  }
  return true;
}

function readDimension(table: FlatbufferTable): Dimension {
  if ((table.uint8(DIMENSION_SLOT.format) ?? 0) !== SPARSE_CSR) {
    return { format: 'dense', size: table.uint32(DIMENSION_SLOT.denseSize) ?? 0 };
  }
  return {
    format: 'csr',
    segments: readIndices(table, DIMENSION_SLOT.segmentsType, DIMENSION_SLOT.segments),
    indices: readIndices(table, DIMENSION_SLOT.indicesType, DIMENSION_SLOT.indices),
  };
}

function readIndices(table: FlatbufferTable, typeSlot: number, slot: number): ArrayLike<number> {
  const vector = table.table(slot);
  switch (table.uint8(typeSlot)) {
    case INDEX_VECTOR.int32:
      return vector?.int32s(VALUES_SLOT) ?? [];
    case INDEX_VECTOR.uint16:
      return vector?.uint16s(VALUES_SLOT) ?? [];
    case INDEX_VECTOR.uint8:
      return vector?.bytes(VALUES_SLOT) ?? [];
    default:
      throw new RangeError('A sparse tensor has indices of an unknown type.');
  }
}
