// From the files of the user's own model to targets that can be run on this page.
import { choosePipeline } from '../model-import/choose-pipeline.ts';
import { inspectModel } from '../model-import/inspect-model.ts';
import { makeImportedModel } from '../model-import/make-imported-model.ts';
import { targetsOf } from '../models/target.ts';
import type { Target } from '../models/target.ts';
import type { PipelineKind } from '../pipelines/pipeline-config.ts';
import { keepImported } from '../weights/kept-weights.ts';

/**
 * Reads a model and keeps its weights; `pipeline` is the name of what is around the network, null for what
 * its shapes suggest. Throws a ModelImportError or a WeightsError with a sentence.
 */
export async function importModel(
  files: readonly File[],
  pipeline: string | null,
): Promise<readonly Target[]> {
  const inspected = await inspectModel(files);
  // A name that is none fits no model, and is refused as such.
  const chosen = choosePipeline(inspected, pipeline as PipelineKind | null);
  const { model, contents } = await makeImportedModel(inspected, chosen, modelNameOf(files));
  for (const each of contents) await keepImported(each);
  return targetsOf(model);
}

/** What to call a model: its file's name; of several files, that of the one that names the others. */
export function modelNameOf(files: readonly File[]): string {
  const main = files.find(({ name }) => name.endsWith('.json')) ?? files[0];
  return main?.name.replace(/\.[^.]*$/, '') ?? '';
}
