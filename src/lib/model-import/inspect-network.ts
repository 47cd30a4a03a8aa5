// A single raw network, for an engine that runs it through one of our pipelines.
import type { EngineId } from '../models/model-spec.ts';
import { proposePipelines } from '../pipelines/propose-pipeline.ts';
import { describeShapes } from '../pipelines/tensor-shape.ts';
import { ModelImportError, damaged } from './import-error.ts';
import type { InspectedModel } from './inspected-model.ts';
import { FormatError } from './network-interface.ts';
import type { NetworkInterface } from './network-interface.ts';
import { readOnnx } from './read-onnx.ts';
import { readTflite } from './read-tflite.ts';

const formats = {
  tflite: { engine: 'litert', read: readTflite },
  onnx: { engine: 'ort', read: readOnnx },
} as const satisfies Record<
  string,
  { engine: EngineId; read: (bytes: Uint8Array) => NetworkInterface }
>;

/** Throws a ModelImportError when the file is damaged or fits no pipeline. */
export function inspectNetwork(
  fileName: string,
  contents: Uint8Array<ArrayBuffer>,
  format: keyof typeof formats,
): InspectedModel {
  const { engine, read } = formats[format];
  const network = reading(fileName, () => read(contents));
  const proposals = proposePipelines(network.inputs, network.outputs);
  if (proposals.length === 0) throw unfitting(fileName, network);
  return { ...network, format, engine, proposals, files: [{ name: 'model', contents }] };
}

/** Makes a sentence of what is wrong with a file. */
export function reading<Result>(fileName: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof FormatError ? damaged(fileName, cause.message) : cause;
  }
}

/** What is thrown for a network that no pipeline knows. */
export function unfitting(
  fileName: string,
  { inputs, outputs }: NetworkInterface,
): ModelImportError {
  return new ModelImportError(
    `${fileName} fits no pipeline: its shapes are ${describeShapes(inputs, outputs)}, and Kinemark knows those of MoveNet, OpenPose, YOLO-pose and SimCC (RTMPose), as well as MediaPipe's bundles and pose-detection's TensorFlow.js models. Import a network of one of these families.`,
  );
}
