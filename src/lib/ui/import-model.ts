// From the files of the user's own model to targets that can be run on this page.
import { choosePipeline } from '../model-import/choose-pipeline.ts';
import { inspectModel } from '../model-import/inspect-model.ts';
import { keepImportedModel } from '../model-import/keep-imported-model.ts';
import { targetsOf } from '../models/target.ts';
import type { Target } from '../models/target.ts';
import type { PipelineKind } from '../pipelines/pipeline-config.ts';

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
  // Whoever asked for it holds it for as long as the page lives.
  const save = () => Promise.resolve();
  return targetsOf(await keepImportedModel(inspected, chosen, modelNameOf(files), save));
}

/** What to call a model: its file's name; of several files, that of the one that names the others. */
export function modelNameOf(files: readonly File[]): string {
  const main = files.find(({ name }) => name.endsWith('.json')) ?? files[0];
  return main?.name.replace(/\.[^.]*$/, '') ?? '';
}
