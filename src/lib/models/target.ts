// A target: one model on one engine and backend. What is measured.
import type { PipelineConfig } from '../pipelines/pipeline-config.ts';
import type { BackendId, EngineId, ModelFile, ModelSpec } from './model-spec.ts';

/** What is measured: one model on one engine and backend. */
export type Target = {
  /** `engine/model@backend`. */
  readonly id: string;
  readonly title: string;
  readonly engine: EngineId;
  readonly backend: BackendId;
  readonly model: ModelSpec;
  readonly pipeline: PipelineConfig;
  readonly files: readonly ModelFile[];
};

/** The targets of a model, in the order of its variants. */
export function targetsOf(model: ModelSpec): Target[] {
  return model.variants.flatMap(({ engine, backends, pipeline, files }) =>
    backends.map((backend) => ({
      id: `${engine}/${model.id}@${backend}`,
      title: `${model.title} · ${engine} · ${backend}`,
      engine,
      backend,
      model,
      pipeline,
      files,
    })),
  );
}
