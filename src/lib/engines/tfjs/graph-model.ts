// A TensorFlow.js graph model from verified files: model.json and its shards. The library itself then
// has nothing left to fetch.
import { io } from '@tensorflow/tfjs-core';
import type { PinnedFile } from '../../models/model-spec.ts';
import { readWeights } from '../../weights/read-weights.ts';
import { EngineError } from '../pose-engine.ts';
import { reasonOf } from '../reason-of.ts';

/**
 * What the library loads a network from. `folder` ends with `/`, or is empty where there is none: the
 * network is `<folder>model.json`, and its shards lie beside it. Throws a WeightsError for a file that
 * is not what was promised, an EngineError for one that is missing or is no graph model.
 */
export async function readGraphModel(
  modelId: string,
  files: readonly PinnedFile[],
  folder: string,
): Promise<io.IOHandler> {
  const topologyName = `${folder}model.json`;
  const topology = await readWeights(modelId, fileNamed(topologyName));
  const model = parseModel(modelId, topologyName, topology);
  const artifacts = await io.getModelArtifactsForJSON(model, async (manifest) => {
    const shards = manifest.flatMap(({ paths }) => paths.map((path) => `${folder}${path}`));
    const bytes = await Promise.all(shards.map((name) => readWeights(modelId, fileNamed(name))));
    return [io.getWeightSpecs(manifest), bytes.map(({ buffer }) => buffer)];
  });
  return io.fromMemory(artifacts);

  function fileNamed(name: string): PinnedFile {
    const file = files.find((each) => each.name === name);
    if (file) return file;
    throw new EngineError(
      `TensorFlow.js could not load ${modelId} because it has no file ${name}. Add model.json together with all the shards that it names.`,
    );
  }
}

function parseModel(modelId: string, name: string, bytes: Uint8Array): io.ModelJSON {
  try {
    const model = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    if (isGraphModel(model)) return model;
  } catch (cause) {
    throw new EngineError(
      `TensorFlow.js could not load ${modelId} because ${name} is damaged (${reasonOf(cause)}). Fetch or convert the model again.`,
    );
  }
  throw new EngineError(
    `TensorFlow.js could not load ${modelId} because ${name} describes no graph model with weights. Convert the model to a TensorFlow.js graph model.`,
  );
}

function isGraphModel(model: unknown): model is io.ModelJSON {
  if (typeof model !== 'object' || model === null) return false;
  const { modelTopology, weightsManifest } = model as Partial<io.ModelJSON>;
  return (
    Array.isArray((modelTopology as { node?: unknown } | undefined)?.node) &&
    Array.isArray(weightsManifest)
  );
}
