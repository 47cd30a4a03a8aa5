// Every model Kinemark knows, and the targets (engine/model@backend) they give.
import { blazeposeModels } from './blazepose.ts';
import type { ModelSpec } from './model-spec.ts';
import { movenetModels } from './movenet.ts';
import { openposeModels } from './openpose.ts';
import { posenetModels } from './posenet.ts';
import { rtmposeModels } from './rtmpose.ts';
import { targetsOf } from './target.ts';
import type { Target } from './target.ts';
import { yoloPoseModels } from './yolo-pose.ts';

/** All models. A new model on a known pipeline is one more entry here. */
export const models: readonly ModelSpec[] = [
  ...blazeposeModels,
  ...movenetModels,
  ...posenetModels,
  ...openposeModels,
  ...rtmposeModels,
  ...yoloPoseModels,
];

/** All targets, in the catalogue's order. */
export const targets: readonly Target[] = models.flatMap(targetsOf);

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
