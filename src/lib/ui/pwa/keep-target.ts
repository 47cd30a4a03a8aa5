// Makes a target ready for use offline: its weights are fetched, and its engine is started once, through the
// service worker, which keeps whatever that engine loads on this device.
import { readEngineFiles } from '../../offline/engine-files.ts';
import { noteReady } from '../../offline/runtime-cache.ts';
import { effectiveOptions } from '../../engines/effective-options.ts';
import { createEngineClient } from '../../engines/engine-client.ts';
import type { EngineOptions } from '../../engines/pose-engine.ts';
import type { Target } from '../../models/target.ts';
import { obtainFiles } from '../../weights/obtain-files.ts';
import type { ObtainProgress } from '../../weights/obtain-files.ts';
import { loadRequestOf, referenceOf } from '../host-run.ts';
import { watchRefusals } from './watch-refusals.ts';

/** How to keep a target. */
export type KeepOptions = {
  /** Of the run that is to be made offline: the number of threads decides on an engine's build. */
  readonly options: EngineOptions;
  readonly signal: AbortSignal;
  /** Told while weights arrive. */
  readonly onWeights: (progress: ObtainProgress) => void;
};

/**
 * Keeps what runs of a target load, also that of the parity check. Started rather than listed, because which
 * build a device can run is the engine's secret, and a target that was started is known to work. Throws
 * an Error with a sentence, or the signal's reason.
 */
export async function keepTarget(target: Target, keeping: KeepOptions): Promise<void> {
  const { options, signal, onWeights } = keeping;
  const worker = (await readEngineFiles())?.[target.engine].worker;
  if (!navigator.serviceWorker?.controller || worker === undefined) {
    throw new Error(
      'Nothing can be kept for offline use because this page does not go through the service worker. Reload the page.',
    );
  }
  const refused = watchRefusals();
  try {
    const reference = target.backend === 'wasm' ? null : referenceOf(target);
    for (const each of reference ? [target, reference] : [target]) {
      const files = await obtainFiles(each.files, { signal, onProgress: onWeights });
      const engine = createEngineClient(each.engine, { signal, idleLimitMs: null });
      try {
        await engine.load(loadRequestOf(each, files, effectiveOptions(each.engine, options)));
      } finally {
        await engine.dispose().catch(() => undefined);
      }
    }
    signal.throwIfAborted();
    if (refused.some()) {
      throw new Error(
        "The engine could not be kept for offline use because the browser's storage is full or failing. Free space on the page of this device and try again.",
      );
    }
    await noteReady({ targetId: target.id, threads: options.threads }, worker);
  } finally {
    refused.stop();
  }
}
