// What ONNX Runtime tells of a network's inputs and outputs, as pipelines understand it.
import type { InferenceSession } from 'onnxruntime-web';
import type { TensorInfo, TensorType } from '../../pipelines/tensor-runner.ts';

type Metadata = InferenceSession.ValueMetadata;

const knownTypes: readonly string[] = ['float32', 'int32', 'uint8', 'int8'] satisfies TensorType[];

/**
 * Name, element type and shape; a dimension that only has a name is left open (-1). Throws an Error, to be
 * read as a part of a sentence, when the elements are of a type that no pipeline gives, such as float16.
 */
export function toInputInfo(value: Metadata): TensorInfo {
  const type = typeOf(value);
  if (isKnown(type)) return infoOf(value, type);
  throw new Error(
    `its input ${value.name} is ${type}, where the pipelines give ${knownTypes.join(', ')}`,
  );
}

/**
 * The same of an output; int64, which ONNX has classes and counts in, becomes int32. Null for an output
 * that no pipeline reads: a network may have some beside those that matter.
 */
export function toOutputInfo(value: Metadata): TensorInfo | null {
  const type = typeOf(value);
  if (type === 'int64') return infoOf(value, 'int32');
  return isKnown(type) ? infoOf(value, type) : null;
}

function typeOf(value: Metadata): string {
  return value.isTensor ? value.type : 'no tensor';
}

function infoOf(value: Metadata, type: TensorType): TensorInfo {
  const sizes = value.isTensor ? value.shape : [];
  return {
    name: value.name,
    type,
    shape: sizes.map((size) => (typeof size === 'number' ? size : -1)),
  };
}

function isKnown(type: string): type is TensorType {
  return knownTypes.includes(type);
}
