// Which targets are said to work offline, from what really lies in Cache Storage.
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_TARGET_ID } from '../../src/lib/models/catalogue.ts';
import type { EngineFiles } from '../../src/lib/offline/engine-files.ts';
import { noteReady } from '../../src/lib/offline/runtime-cache.ts';
import { filesOfRun } from '../../src/lib/ui/host-run.ts';
import { listOfflineTargets, targetsById } from '../../src/lib/ui/pwa/list-offline-targets.ts';
import { openWeightsCache } from '../../src/lib/weights/weights-cache.ts';

const WORKER = '/_app/immutable/workers/mediapipe.worker-1.js';
const ready = { targetId: DEFAULT_TARGET_ID, threads: null };

function engineFilesWith(worker: string): EngineFiles {
  const parts = { worker, files: [{ path: worker, bytes: 1 }] };
  return { mediapipe: parts, litert: parts, ort: parts, tfjs: parts };
}

/** The digests of the default target's weights. */
function digests(): readonly string[] {
  const target = targetsById([]).get(DEFAULT_TARGET_ID);
  if (!target) throw new Error('The catalogue lacks its default.');
  return filesOfRun(target).map(({ sha256 }) => {
    if (sha256 === null) throw new Error('The default has a published digest.');
    return sha256;
  });
}

async function keepWeights(): Promise<void> {
  const weights = await openWeightsCache();
  for (const sha256 of digests()) {
    await weights.keep({ sha256, bytes: 1, url: '/models/a.task' }, Uint8Array.of(1));
  }
}

async function keepEngine(): Promise<void> {
  const cache = await caches.open('kinemark-runtimes-v1');
  await cache.put(WORKER, new Response('worker'));
}

afterEach(async () => {
  for (const name of await caches.keys()) await caches.delete(name);
});

test('a target works offline with its engine and its weights', async () => {
  await Promise.all([keepWeights(), keepEngine(), noteReady(ready, WORKER)]);
  expect(await listOfflineTargets(engineFilesWith(WORKER), [])).toEqual([ready]);
});

test('not any more when its weights are gone', async () => {
  await Promise.all([keepWeights(), keepEngine(), noteReady(ready, WORKER)]);
  const weights = await openWeightsCache();
  for (const sha256 of digests()) await weights.remove(sha256);
  expect(await listOfflineTargets(engineFilesWith(WORKER), [])).toEqual([]);
});

test('not any more when an update brought another engine', async () => {
  await Promise.all([keepWeights(), keepEngine(), noteReady(ready, WORKER)]);
  const next = engineFilesWith('/_app/immutable/workers/mediapipe.worker-2.js');
  expect(await listOfflineTargets(next, [])).toEqual([]);
});

test('not when the engine was noted but never kept, nor when the model is none of this device', async () => {
  await Promise.all([keepWeights(), noteReady(ready, WORKER)]);
  expect(await listOfflineTargets(engineFilesWith(WORKER), [])).toEqual([]);
  await Promise.all([
    keepEngine(),
    noteReady({ targetId: 'mediapipe/of-somebody@wasm', threads: null }, WORKER),
  ]);
  expect(await listOfflineTargets(engineFilesWith(WORKER), [])).toEqual([ready]);
});
