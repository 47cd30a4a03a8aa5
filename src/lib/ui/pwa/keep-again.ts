// After an update: the targets that were kept for use offline and whose engine has changed since.
import { defaultEngineOptions } from '../../engines/default-options.ts';
import type { ModelSpec } from '../../models/model-spec.ts';
import { readEngineFiles } from '../../offline/engine-files.ts';
import { listReady } from '../../offline/runtime-cache.ts';
import { keepTarget } from './keep-target.ts';
import { targetsById } from './list-offline-targets.ts';

/**
 * Keeps them again, one after the other. Throws the signal's reason when aborted; what cannot be kept again is
 * left out, and the measuring page says so where it is chosen.
 */
export async function keepAgain(
  ownModels: readonly ModelSpec[],
  signal: AbortSignal,
): Promise<void> {
  const engineFiles = await readEngineFiles();
  if (!engineFiles) return;
  const targets = targetsById(ownModels);
  for (const { targetId, threads, worker } of await listReady()) {
    const target = targets.get(targetId);
    if (!target || engineFiles[target.engine].worker === worker) continue;
    const options = { ...defaultEngineOptions, threads };
    await keepTarget(target, { options, signal, onWeights: () => undefined }).catch(() =>
      signal.throwIfAborted(),
    );
  }
}
