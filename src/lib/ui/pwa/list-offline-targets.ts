// Which targets work without a network: of those that were kept, the ones of which all is still there.
import { models } from '../../models/catalogue.ts';
import type { ModelSpec } from '../../models/model-spec.ts';
import { targetsOf } from '../../models/target.ts';
import type { Target } from '../../models/target.ts';
import type { EngineFiles } from '../../offline/engine-files.ts';
import { isReady, listReady } from '../../offline/runtime-cache.ts';
import type { ReadyTarget } from '../../offline/runtime-cache.ts';
import { findKept } from '../../weights/kept-weights.ts';
import { filesOfRun } from '../host-run.ts';

/** Those that a run could load now: with the engines of this version, and with their weights. */
export async function listOfflineTargets(
  engineFiles: EngineFiles,
  ownModels: readonly ModelSpec[],
): Promise<readonly ReadyTarget[]> {
  const targets = targetsById(ownModels);
  const found: ReadyTarget[] = [];
  for (const { targetId, threads } of await listReady()) {
    const target = targets.get(targetId);
    if (target && (await isKept(target, threads, engineFiles))) found.push({ targetId, threads });
  }
  return found;
}

/** All targets that this device can choose among, by id. */
export function targetsById(ownModels: readonly ModelSpec[]): ReadonlyMap<string, Target> {
  return new Map([...models, ...ownModels].flatMap(targetsOf).map((target) => [target.id, target]));
}

async function isKept(
  target: Target,
  threads: number | null,
  engineFiles: EngineFiles,
): Promise<boolean> {
  const { worker } = engineFiles[target.engine];
  if (!(await isReady({ targetId: target.id, threads }, worker))) return false;
  return (await findKept(filesOfRun(target))) !== null;
}
