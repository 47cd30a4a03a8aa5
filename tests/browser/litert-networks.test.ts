// Raw networks on the real LiteRT.js in a worker: what they say of themselves, what they see in pictures
// whose content is known, what they leave behind, and how failures read. The engine: litert-engine.test.ts.
import * as Comlink from 'comlink';
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { TensorRuntimeOptions } from '../../src/lib/engines/pipeline-engine.ts';
import type { Tensor } from '../../src/lib/pipelines/tensor-runner.ts';
import { FlatbufferTable } from '../../tools/forge/flatbuffer-table.ts';
import { MODEL_SLOT } from '../../tools/forge/tflite-reader.ts';
import { OPERATOR_CODE_SLOT } from '../../tools/forge/tflite/schema.ts';
import { actorFrames } from './actor-frames.ts';
import type { LitertNetworks } from './litert-networks.worker.ts';
import { actorTensor, fetchBytes, landmarksInput, rgbOf } from './network-inputs.ts';

const LITE = '/models/blazepose-lite-landmarks.tflite';
const DETECTOR = '/models/blazepose-detector.tflite';
const MOVENET =
  '/fixtures/models/movenet-singlepose-lightning-int8-tflite/movenet_single_pose_lightning_ptq.tflite';
const MOVENET_REFERENCE =
  '/fixtures/models/movenet-singlepose-lightning-int8-tflite/squat_bmp_reference.csv';

/** Of MoveNet's published keypoints, in fractions of the picture's sides. */
const REFERENCE_TOLERANCE = 0.03;
/** How far a GPU's landmarks may be from the CPU's, in pixels of the network's input. */
const GPU_TOLERANCE_PX = 0.05;
/** How far a GPU's scores and boxes may be from the CPU's: of numbers of up to some hundreds. */
const GPU_TOLERANCE_DETECTIONS = 0.01;
/** A software GPU takes seconds for an inference. */
const SOFTWARE_GPU_LIMIT_MS = 180_000;
/** What may be left after loading and disposing of a model over and over. */
const GROWTH_LIMIT_BYTES = 10_000_000;
const ROUNDS = 20;

const onWasm: TensorRuntimeOptions = { backend: 'wasm', threads: 1 };

const workers: Worker[] = [];
function litertNetworks(): Comlink.Remote<LitertNetworks> {
  const worker = new Worker(new URL('./litert-networks.worker.ts', import.meta.url), {
    type: 'module',
  });
  workers.push(worker);
  return Comlink.wrap<LitertNetworks>(worker);
}
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

/** The largest difference between the elements of two tensors. */
function largestDifference(a: Tensor | undefined, b: Tensor | undefined): number {
  if (!a || a.data.length !== b?.data.length) throw new Error('The tensors differ in size.');
  return Math.max(
    ...Array.from(a.data, (value, index) => Math.abs(value - (b.data[index] ?? NaN))),
  );
}

describe('a network on LiteRT.js', () => {
  it('tells what it takes and gives', async () => {
    const network = await litertNetworks().open(onWasm, await fetchBytes(LITE));
    expect(network).toMatchObject({
      backendUsed: 'wasm',
      threadsUsed: 1,
      inputs: [{ name: 'input_1', type: 'float32', shape: [1, 256, 256, 3] }],
    });
    expect(network.outputs.map(({ type, shape }) => `${type} ${shape.join('×')}`)).toEqual(
      expect.arrayContaining(['float32 1×195', 'float32 1×1', 'float32 1×117']),
    );
  });

  it.skipIf(!inject('hasSharedAssets'))(
    'takes whole numbers, and gives the keypoints that were published',
    async () => {
      const networks = litertNetworks();
      const { inputs } = await networks.open(onWasm, await fetchBytes(MOVENET));
      expect(inputs).toEqual([{ name: 'input', type: 'uint8', shape: [1, 192, 192, 3] }]);
      const picture = await (await fetch('/fixtures/images/coral_squat.bmp')).blob();
      const input = {
        shape: [1, 192, 192, 3],
        data: rgbOf(await createImageBitmap(picture), 192, 192),
      };
      const { output_0: output } = await networks.run({ input });
      expect(output?.shape).toEqual([1, 1, 17, 3]);

      const [, ...lines] = (await (await fetch(MOVENET_REFERENCE)).text()).trim().split('\n');
      const reference = lines.map((line) => line.split(',').slice(4).map(Number));
      expect(reference).toHaveLength(17);
      for (const [joint, [x = NaN, y = NaN]] of reference.entries()) {
        const [outputY = NaN, outputX = NaN] = output?.data.slice(3 * joint) ?? [];
        expect(Math.abs(outputX - x)).toBeLessThan(REFERENCE_TOLERANCE);
        expect(Math.abs(outputY - y)).toBeLessThan(REFERENCE_TOLERANCE);
      }
    },
  );

  it('gives the same on one thread and on two, again and again', async () => {
    const weights = await fetchBytes(LITE);
    const input = await landmarksInput();
    const [single, double] = [litertNetworks(), litertNetworks()];
    await single.open(onWasm, weights);
    await double.open({ backend: 'wasm', threads: 2 }, weights);
    const first = await single.run(input);
    expect(first).toEqual(await double.run(input));
    expect(first).toEqual(await single.run(input));
  });

  it('has copied its outputs when the run ends, and no others than are wanted', async () => {
    const networks = litertNetworks();
    await networks.open(onWasm, await fetchBytes(LITE));
    const input = await landmarksInput();
    const all = await networks.run(input);
    expect(await networks.run(input, ['Identity'])).toEqual({ Identity: all['Identity'] });
    expect(await networks.runLast(input)).toEqual(all);
  });

  it('says why it cannot be opened', async () => {
    const networks = litertNetworks();
    const weights = await fetchBytes(LITE);
    const damaged = 'the file is damaged or is no TFLite network';
    await expect(networks.open(onWasm, weights.slice(0, 100_000))).rejects.toThrow(damaged);
    await expect(networks.open(onWasm, weights.slice(100_000))).rejects.toThrow(damaged);
    await expect(networks.open(onWasm, withFutureResize(weights))).rejects.toThrow(
      'it lacks the operator RESIZE_BILINEAR (version 99)',
    );
    // What failed must not be in the way of what does not.
    await networks.open(onWasm, weights);
    expect(await networks.run(await landmarksInput())).toHaveProperty('Identity');
  });

  it('says what was wrong with an input, and goes on with the next', async () => {
    const networks = litertNetworks();
    await networks.open(onWasm, await fetchBytes(LITE));
    const short = { input_1: { shape: [1, 256, 256, 3], data: new Float32Array(3) } };
    await expect(networks.run(short)).rejects.toThrow(
      'LiteRT.js could not run the network: its input input_1 needs 196608 elements of float32. Choose another engine or backend for this model.',
    );
    await expect(networks.run({})).rejects.toThrow('its input input_1 needs 196608 elements');
    expect(await networks.run(await landmarksInput())).toHaveProperty('Identity');
  });

  it.each([1, 2])(
    'leaves no memory behind when it is disposed of, on %i thread(s)',
    async (threads) => {
      const networks = litertNetworks();
      const weights = await fetchBytes(LITE);
      const input = await landmarksInput();
      const heaps: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await networks.open({ backend: 'wasm', threads }, weights);
        await networks.run(input);
        await networks.dispose();
        heaps.push(await networks.heapBytes());
      }
      const [first = 0] = heaps;
      expect(first).toBeGreaterThan(weights.byteLength);
      expect(Math.max(...heaps) - first).toBeLessThan(GROWTH_LIMIT_BYTES);
    },
  );
});

describe('LiteRT.js on a software GPU', { timeout: SOFTWARE_GPU_LIMIT_MS }, () => {
  it('sees what it sees on wasm', async () => {
    const [cpu, gpu] = [litertNetworks(), litertNetworks()];
    const weights = await fetchBytes(LITE);
    await cpu.open(onWasm, weights);
    const network = await gpu.open({ backend: 'webgpu', threads: null }, weights);
    expect(network).toMatchObject({ backendUsed: 'webgpu', threadsUsed: null });
    for await (const frame of actorFrames(3)) {
      const input = { input_1: actorTensor(frame, 256, 0) };
      frame.close();
      const [expected, found] = [await cpu.run(input), await gpu.run(input)];
      const { Identity: landmarks } = found;
      expect(landmarks?.shape).toEqual([1, 195]);
      expect(largestDifference(expected['Identity'], landmarks)).toBeLessThan(GPU_TOLERANCE_PX);
    }
  });

  it('runs the person detector, whose weights came sparse', async () => {
    const [cpu, gpu] = [litertNetworks(), litertNetworks()];
    const weights = await fetchBytes(DETECTOR);
    await cpu.open(onWasm, weights);
    const network = await gpu.open({ backend: 'webgpu', threads: null }, weights);
    expect(network.backendUsed).toBe('webgpu');
    for await (const frame of actorFrames(1)) {
      const input = { input_1: actorTensor(frame, 224, -1) };
      frame.close();
      const [expected, found] = [await cpu.run(input), await gpu.run(input)];
      for (const { name } of network.outputs) {
        expect(largestDifference(expected[name], found[name])).toBeLessThan(
          GPU_TOLERANCE_DETECTIONS,
        );
      }
    }
  });

  it.skipIf(!inject('hasSharedAssets'))(
    'says that it fell back when wasm has to help',
    async () => {
      const weights = await fetchBytes(MOVENET);
      const network = await litertNetworks().open({ backend: 'webgpu', threads: null }, weights);
      expect(network.backendUsed).toBe('wasm');
    },
  );
});

/** The network with one operator in a version that is yet to come. */
function withFutureResize(weights: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const RESIZE_BILINEAR = 23;
  const spoiled = weights.slice();
  const view = new DataView(spoiled.buffer);
  const resize = FlatbufferTable.root(spoiled)
    .tables(MODEL_SLOT.operatorCodes)
    .find((code) => code.int32(OPERATOR_CODE_SLOT.code) === RESIZE_BILINEAR);
  if (!resize) throw new Error('The network has no such operator.');
  // A table starts with the way back to its vtable, which says after 4 bytes where each field is.
  const vtable = resize.position - view.getInt32(resize.position, true);
  const version = view.getUint16(vtable + 4 + 2 * OPERATOR_CODE_SLOT.version, true);
  view.setInt32(resize.position + version, 99, true);
  return spoiled;
}
