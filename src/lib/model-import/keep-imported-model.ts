// Puts a model that has been read onto this device: its weights, and then whatever else is to know of it.
import type { ModelSpec } from '../models/model-spec.ts';
import type { PipelineConfig } from '../pipelines/pipeline-config.ts';
import { keepImported, removeContents } from '../weights/kept-weights.ts';
import type { InspectedModel } from './inspected-model.ts';
import { makeImportedModel } from './make-imported-model.ts';

/**
 * The model with the confirmed pipeline and name, after its weights were kept and `save` has taken it. Rejects
 * with a WeightsError or with what `save` rejects with; then nothing of it is kept that was not kept before.
 */
export async function keepImportedModel(
  inspected: InspectedModel,
  pipeline: PipelineConfig,
  name: string,
  save: (model: ModelSpec) => Promise<void>,
): Promise<ModelSpec> {
  const { model, contents } = await makeImportedModel(inspected, pipeline, name);
  const added = await keepImported(contents);
  try {
    await save(model);
  } catch (cause) {
    await removeContents(added);
    throw cause;
  }
  return model;
}
