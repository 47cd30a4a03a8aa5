// The ONNX Runtime Web engine in a real worker: what it reports, what it refuses, and that it gives its
// memory back. The networks themselves: ort-networks.test.ts; people in pictures: pipelines-real.test.ts.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as Comlink from 'comlink';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import { startOrtRuntime } from '../../src/lib/engines/ort/ort-runtime.ts';
import { createPipelineEngine } from '../../src/lib/engines/pipeline-engine.ts';
import type {
  BareEngine,
  EngineLoadRequest,
  PoseEngine,
} from '../../src/lib/engines/pose-engine.ts';
import { oks } from '../../src/lib/metrics/oks.ts';
import { toCoco17 } from '../../src/lib/pose/coco-mapping.ts';
import { actorFrame, actorTruth } from './actor-frames.ts';
import { chainOf, shiftOfUint16 } from './made-onnx.ts';
import type { OrtDevice } from './ort-device.worker.ts';
import { requestFor } from './target-request.ts';

const THREADS = 2;
const ROUNDS = 20;
/** WebAssembly's memory never shrinks; this much may be lost to gaps between what is used again. */
const MAX_GROWTH_BYTES = 10e6;
const ROUNDS_LIMIT_MS = 180_000;

let request: EngineLoadRequest;
beforeAll(async () => {
  request = await requestFor('ort/blazepose-lite@wasm', { threads: THREADS });
});

/** A request for a file that no server has; a blob's URL stands for it. */
function madeRequest(bytes: Uint8Array<ArrayBuffer>): EngineLoadRequest {
  const url = URL.createObjectURL(new Blob([bytes]));
  const file = { name: 'model', url, bytes: bytes.length, sha256: bytesToHex(sha256(bytes)) };
  return { ...request, modelId: 'made', files: [file] };
}

const engines: BareEngine[] = [];
function engine(): PoseEngine {
  const made = createEngineClient('ort');
  engines.push(made);
  return made;
}
function engineOnPage(): BareEngine {
  const made = createPipelineEngine('ONNX Runtime Web', startOrtRuntime);
  engines.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map((each) => each.dispose()));
});

describe('ONNX Runtime Web', () => {
  it('finds the actor where he is, and times each stage', async () => {
    const ort = engine();
    const report = await ort.load(request);
    expect(report).toMatchObject({
      backendUsed: 'wasm',
      threadsUsed: THREADS,
      engineVersion: '1.30.0',
    });
    expect(report.loadMs).toBeGreaterThan(0);

    const { poses, engineMs, ...stages } = await ort.estimate(await actorFrame(), 0);
    const { preprocessMs, inferenceMs, postprocessMs } = stages;
    expect(inferenceMs).toBeGreaterThan(0);
    expect((preprocessMs ?? 0) + (inferenceMs ?? 0) + (postprocessMs ?? 0)).toBeCloseTo(engineMs);
    const [pose] = poses;
    if (!pose) throw new Error('Nobody was found.');
    expect(oks(toCoco17(pose), await actorTruth())).toBeGreaterThan(0.8);
  });

  it('refuses a damaged file, a wrong digest and operators that it lacks, each in a sentence', async () => {
    const ort = engine();
    const [detector, landmarks] = request.files;
    if (!detector || !landmarks) throw new Error('The target has no files.');
    const damaged = new Uint8Array(await (await fetch(landmarks.url)).arrayBuffer(), 0, 100_000);
    const wrongDigest = { ...request, files: [{ ...detector, sha256: '0'.repeat(64) }, landmarks] };
    const cases: [EngineLoadRequest, RegExp][] = [
      [
        madeRequest(damaged.slice()),
        /could not load made: its file is damaged or no ONNX model\. /,
      ],
      [wrongDigest, /blazepose-lite was refused because/],
      [
        madeRequest(chainOf({ opType: 'Wobble', attributes: {} })),
        /^ONNX Runtime Web could not load made: it has the operator Wobble, which the runtime lacks\. Choose another engine or backend for this model\.$/,
      ],
      [madeRequest(shiftOfUint16()), /it has the operator BitShift with element types that/],
      [{ ...request, backend: 'webgl' }, /has no webgl backend\. Choose/],
    ];
    for (const [bad, sentence] of cases) await expect(ort.load(bad)).rejects.toThrow(sentence);

    // None of this has hurt the runtime.
    await ort.load(request);
    expect((await ort.estimate(await actorFrame(), 0)).poses).toHaveLength(1);
  });
});

// On this page: no message then lies between two calls, and a frame that is sent to a worker is gone from
// here, closed or not.
describe('an engine of raw networks', () => {
  it('closes every frame, also when it fails', async () => {
    const ort = engineOnPage();
    const unloaded = await actorFrame();
    await expect(ort.estimate(unloaded, 0)).rejects.toThrow('No model is loaded');
    expect(unloaded.format).toBeNull();
    await ort.load(request);
    const frame = await actorFrame();
    expect(frame.format).not.toBeNull();
    await ort.estimate(frame, 0);
    expect(frame.format).toBeNull();
  });

  it('forgets whom it followed, even when told to in the middle of a frame', async () => {
    const ort = engineOnPage();
    await ort.load(request);
    const first = await ort.estimate(await actorFrame(), 0);
    const followed = await ort.estimate(await actorFrame(), 40);
    expect(followed.poses).not.toEqual(first.poses);
    const frame = await actorFrame();
    await Promise.all([ort.estimate(frame, 80), ort.reset()]);
    const again = await ort.estimate(await actorFrame(), 120);
    expect(again.poses).toEqual(first.poses);
  });

  it('ends its frame before it is disposed of', async () => {
    const ort = engineOnPage();
    await ort.load(request);
    const frame = await actorFrame();
    const [{ poses }] = await Promise.all([ort.estimate(frame, 0), ort.dispose()]);
    expect(poses).toHaveLength(1);
    await expect(ort.estimate(await actorFrame(), 0)).rejects.toThrow('No model is loaded');
  });
});

describe('the memory of ONNX Runtime Web', () => {
  it('is used again by the next model', { timeout: ROUNDS_LIMIT_MS }, async () => {
    const worker = new Worker(new URL('./ort-device.worker.ts', import.meta.url), {
      type: 'module',
    });
    try {
      const device = Comlink.wrap<OrtDevice>(worker);
      const held: number[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        await device.load(request);
        const frame = await actorFrame();
        const { poses } = await device.estimate(Comlink.transfer(frame, [frame]), 0);
        expect(poses).toHaveLength(1);
        await device.dispose();
        const { memoryBytes, ...rest } = await device.held();
        expect(rest).toEqual({ memories: 1, workers: THREADS - 1 });
        held.push(memoryBytes);
      }
      const [first = 0] = held;
      expect(first).toBeGreaterThan(0);
      expect(Math.max(...held) - first).toBeLessThan(MAX_GROWTH_BYTES);
    } finally {
      worker.terminate();
    }
  });
});
