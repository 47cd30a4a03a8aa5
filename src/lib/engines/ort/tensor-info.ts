// What ONNX Runtime tells of a network's input or output, as pipelines understand it.
import type { InferenceSession } from 'onnxruntime-web';
import type { TensorInfo, TensorType } from '../../pipelines/tensor-runner.ts';

const knownTypes: readonly string[] = ['float32', 'int32', 'uint8', 'int8'] satisfies TensorType[];

/**
 * Name, element type and shape; a dimension that only has a name is left open (-1). Throws an Error, to be
 * read as a part of a sentence, when the elements are of a type that no pipeline knows, such as float16.
 */
export function toTensorInfo(value: InferenceSession.ValueMetadata): TensorInfo {
  const type = value.isTensor ? value.type : 'no tensor';
  if (!value.isTensor || !isKnown(type)) {
    throw new Error(
      `its input or output ${value.name} is ${type}, where the pipelines know ${knownTypes.join(', ')}`,
    );
  }
  const shape = value.shape.map((size) => (typeof size === 'number' ? size : -1));
  return { name: value.name, type, shape };
}

function isKnown(type: string): type is TensorType {
  return knownTypes.includes(type);
}
