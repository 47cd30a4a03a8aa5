// Reads the user's own model without running it: what it takes and gives, and what could be around it.
import { ModelImportError } from './import-error.ts';
import { inspectNetwork } from './inspect-network.ts';
import { inspectTask } from './inspect-task.ts';
import { inspectTfjs } from './inspect-tfjs.ts';
import type { InspectedModel } from './inspected-model.ts';

const KNOWN =
  'a .task, .tflite or .onnx file, or the model.json of a TensorFlow.js model with its shards';

/**
 * Reads one model from its files: a `.task`, a `.tflite`, an `.onnx`, or a TensorFlow.js `model.json` with its
 * shards, for BlazePose in two folders. Throws a ModelImportError for everything else, for damaged files,
 * and for networks that fit no pipeline.
 */
export async function inspectModel(files: readonly File[]): Promise<InspectedModel> {
  const [file] = files;
  if (!file) throw new ModelImportError(`No file was given. Choose ${KNOWN}.`);
  if (files.some(({ name }) => name.endsWith('.json'))) return inspectTfjs(files);
  if (files.length > 1) {
    throw new ModelImportError(
      `${files.length} files were given, which are not one model. Choose ${KNOWN}.`,
    );
  }
  const extension = /\.[^./]+$/.exec(file.name.toLowerCase())?.[0] ?? '';
  if (file.size === 0) {
    throw new ModelImportError(`${file.name} is empty. Fetch or convert it again.`);
  }
  const contents = new Uint8Array(await file.arrayBuffer());
  switch (extension) {
    case '.task':
      return inspectTask(file.name, contents);
    case '.tflite':
      return inspectNetwork(file.name, contents, 'tflite');
    case '.onnx':
      return inspectNetwork(file.name, contents, 'onnx');
    default:
      throw new ModelImportError(`${file.name} is no model that Kinemark knows. Choose ${KNOWN}.`);
  }
}
