// Which of the proposed pipelines is meant.
import type { PipelineConfig, PipelineKind } from '../pipelines/pipeline-config.ts';
import { describeShapes } from '../pipelines/tensor-shape.ts';
import { ModelImportError } from './import-error.ts';
import type { InspectedModel } from './inspected-model.ts';

/**
 * The proposed pipeline of a kind; of null, the likeliest. Throws a ModelImportError that names those that fit
 * when the kind does not.
 */
export function choosePipeline(
  { inputs, outputs, proposals }: InspectedModel,
  kind: PipelineKind | null,
): PipelineConfig {
  const chosen = proposals.find((each) => kind === null || each.kind === kind);
  if (chosen) return chosen;
  const fitting = [...new Set(proposals.map((each) => each.kind))].join(', ');
  throw new ModelImportError(
    `The pipeline ${kind} does not fit the model, whose shapes are ${describeShapes(inputs, outputs)}. Choose one of: ${fitting}.`,
  );
}
