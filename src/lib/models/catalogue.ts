// Every model Kinemark knows, and the targets (engine/model@backend) they give.
import { blazeposeModels } from './blazepose.ts';
import type { BackendId, EngineId, ModelFile, ModelSpec } from './model-spec.ts';

/** All models. A new model on a known engine is one more entry here. */
export const models: readonly ModelSpec[] = [...blazeposeModels];

/** What is measured: one model on one engine and backend. */
export type Target = {
  /** `engine/model@backend`. */
  readonly id: string;
  readonly title: string;
  readonly engine: EngineId;
  readonly backend: BackendId;
  readonly model: ModelSpec;
  readonly file: ModelFile;
};

/** All targets, in the catalogue's order. */
export const targets: readonly Target[] = models.flatMap((model) =>
  model.variants.flatMap(({ engine, backends, file }) =>
    backends.map((backend) => ({
      id: `${engine}/${model.id}@${backend}`,
      title: `${model.title} · ${engine} · ${backend}`,
      engine,
      backend,
      model,
      file,
    })),
  ),
);

/** What a run measures when nothing is chosen. */
export const DEFAULT_TARGET_ID = 'mediapipe/blazepose-lite@wasm';

/** No target has the asked-for id. The message names those that exist. */
export class UnknownTargetError extends Error {
  override readonly name = 'UnknownTargetError';
}

/** The target with this id. Throws an UnknownTargetError when there is none. */
export function findTarget(id: string): Target {
  const target = targets.find((candidate) => candidate.id === id);
  if (target) return target;
  throw new UnknownTargetError(
    `The target "${id}" is unknown. Choose one of: ${targets.map((each) => each.id).join(', ')}.`,
  );
}
