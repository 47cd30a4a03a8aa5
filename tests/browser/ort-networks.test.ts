// Raw networks on the real ONNX Runtime Web, on this page: what they say of themselves, what they see in
// pictures whose content is known, and how failures read. The engine around them: ort-engine.test.ts.
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startOrtRuntime } from '../../src/lib/engines/ort/ort-runtime.ts';
import type { TensorRuntime } from '../../src/lib/engines/pipeline-engine.ts';
import type { Tensor, TensorRunner } from '../../src/lib/pipelines/tensor-runner.ts';
import { castOf, chainOf, MADE_SHAPE } from './made-onnx.ts';
import { ACTOR_SQUARE, fetchBytes, landmarksInput, rgbOf } from './network-inputs.ts';

const LITE = '/models/blazepose-lite-landmarks.onnx';
const OPENPOSE = '/fixtures/models/openpose-mobilenetv2-14-onnx-derived/openpose_mnv2_14_w8.onnx';
const MOVENET =
  '/fixtures/models/movenet-singlepose-lightning-onnx-derived/movenet_lightning_w8.onnx';

const SIDE_PX = 256;
/** The actor's nose in the clip's first frame, in pixels. */
const NOSE = { x: 240, y: 202.7 };
/** How far lite's nose may be from the truth, in pixels of the network's input. */
const NOSE_TOLERANCE_PX = 10;
/** How far the software GPU's landmarks may be from the CPU's, in pixels of the network's input. */
const GPU_TOLERANCE_PX = 0.05;
/** Keypoints per person of BlazePose's raw output, of 5 numbers each. */
const LANDMARKS = 39;
const LANDMARK_VALUES = 5;
/** OpenPose's channel of necks, and how high a peak of it must be to count. */
const NECK_CHANNEL = 1;
const PEAK_FLOOR = 0.3;
/** A software GPU takes seconds for an inference. */
const SOFTWARE_GPU_LIMIT_MS = 180_000;

const opened: TensorRunner[] = [];
afterEach(() => {
  for (const runner of opened.splice(0)) runner.dispose();
});

async function open(runtime: TensorRuntime, from: string | Uint8Array<ArrayBuffer>) {
  const runner = await runtime.open(typeof from === 'string' ? await fetchBytes(from) : from);
  opened.push(runner);
  return runner;
}

async function picture(name: string): Promise<ImageBitmap> {
  return createImageBitmap(await (await fetch(`/fixtures/images/${name}`)).blob());
}

describe('ONNX Runtime Web on wasm', () => {
  let runtime: TensorRuntime;
  beforeAll(async () => {
    runtime = await startOrtRuntime({ backend: 'wasm', threads: 1 });
  });

  it('tells what a network takes and gives', async () => {
    const lite = await open(runtime, LITE);
    expect(lite.inputs).toEqual([
      { name: 'input_1', type: 'float32', shape: [1, SIDE_PX, SIDE_PX, 3] },
    ]);
    expect(lite.outputs).toContainEqual({ name: 'ld_3d', type: 'float32', shape: [1, 195] });
  });

  it('sees the actor with BlazePose, again and again alike', async () => {
    const lite = await open(runtime, LITE);
    const input = await landmarksInput();
    const first = await lite.run(input);
    expect(first['ld_3d']?.shape).toEqual([1, 195]);
    expect(first['output_poseflag']?.data[0]).toBeGreaterThan(0.9);
    const scale = SIDE_PX / ACTOR_SQUARE.sidePx;
    const [x = 0, y = 0] = first['ld_3d']?.data ?? [];
    expect(Math.abs(x - (NOSE.x - ACTOR_SQUARE.left) * scale)).toBeLessThan(NOSE_TOLERANCE_PX);
    expect(Math.abs(y - (NOSE.y - ACTOR_SQUARE.top) * scale)).toBeLessThan(NOSE_TOLERANCE_PX);

    const again = await lite.run(input);
    expect(again['ld_3d']?.data).toEqual(first['ld_3d']?.data);
    expect(await lite.run(input, ['ld_3d'])).toEqual({ ld_3d: first['ld_3d'] });
  });

  it.skipIf(!inject('hasSharedAssets'))(
    'sees three necks with OpenPose, whose size is open',
    async () => {
      const openpose = await open(runtime, OPENPOSE);
      expect(openpose.inputs).toEqual([{ name: 'image', type: 'float32', shape: [1, -1, -1, 3] }]);
      const [widthPx, heightPx] = [432, 368];
      const rgb = rgbOf(await picture('three_people.jpg'), widthPx, heightPx);
      const bgr = Float32Array.from(rgb, (_, index) => rgb[index + 2 - 2 * (index % 3)] ?? 0);
      const results = await openpose.run({
        image: { shape: [1, heightPx, widthPx, 3], data: bgr },
      });
      const [maps] = Object.values(results);
      expect(maps?.shape).toEqual([1, heightPx / 8, widthPx / 8, 57]);
      expect(countPeaks(maps, NECK_CHANNEL)).toBe(3);
    },
  );

  it.skipIf(!inject('hasSharedAssets'))('takes whole numbers, as MoveNet does', async () => {
    const movenet = await open(runtime, MOVENET);
    expect(movenet.inputs).toEqual([{ name: 'input', type: 'int32', shape: [1, 192, 192, 3] }]);
    const data = Int32Array.from(rgbOf(await picture('coral_squat.bmp'), 192, 192));
    const { output_0: keypoints } = await movenet.run({ input: { shape: [1, 192, 192, 3], data } });
    expect(keypoints?.shape).toEqual([1, 1, 17, 3]);
    // The right shoulder, from squat_bmp_reference.csv.
    const [y = 0, x = 0, score = 0] = keypoints?.data.slice(6 * 3) ?? [];
    expect(Math.hypot(x - 0.430955, y - 0.399325)).toBeLessThan(0.05);
    expect(score).toBeGreaterThan(0.5);
  });

  it('gives whole numbers of 64 bits, and leaves out what no pipeline reads', async () => {
    const casts = await open(runtime, castOf());
    expect(casts.outputs).toEqual([{ name: 'int64', type: 'int32', shape: MADE_SHAPE }]);
    const data = Float32Array.of(0, 1, 79, -2);
    expect(await casts.run({ x: { shape: MADE_SHAPE, data } })).toEqual({
      int64: { shape: MADE_SHAPE, data: Int32Array.of(0, 1, 79, -2) },
    });
  });

  it('says why a network cannot be opened', async () => {
    const unknown = chainOf({ opType: 'Wobble', attributes: {} });
    await expect(open(runtime, unknown)).rejects.toThrow(
      'it has the operator Wobble, which the runtime lacks',
    );
  });

  it('says what was wrong with an input, and goes on with the next', async () => {
    const negation = await open(runtime, chainOf({ opType: 'Neg', attributes: {} }));
    const wrong = { x: { shape: [1, 3], data: Float32Array.of(1, 2, 3) } };
    await expect(negation.run(wrong)).rejects.toThrow(
      /^ONNX Runtime Web could not run the network: Got invalid dimensions for input: x .*\. Choose /,
    );
    await expect(negation.run({})).rejects.toThrow(
      /could not run the network: input 'x' is missing/,
    );
    const right = { x: { shape: MADE_SHAPE, data: Float32Array.of(1, 2, 3, 4) } };
    expect((await negation.run(right))['y']?.data).toEqual(Float32Array.of(-1, -2, -3, -4));
  });

  it('can be disposed of while it runs', async () => {
    const lite = await runtime.open(await fetchBytes(LITE));
    const running = lite.run(await landmarksInput());
    lite.dispose();
    expect((await running)['ld_3d']?.shape).toEqual([1, 195]);
    await expect(lite.run(await landmarksInput())).rejects.toThrow('could not run the network');
  });

  it('keeps the threads it started with, and says so', async () => {
    await expect(startOrtRuntime({ backend: 'wasm', threads: 3 })).rejects.toThrow(
      'ONNX Runtime Web could not change to 3 threads because it keeps the 1 it started with.',
    );
  });
});

describe('ONNX Runtime Web on a software GPU', () => {
  it('sees what it sees on wasm', { timeout: SOFTWARE_GPU_LIMIT_MS }, async () => {
    const input = await landmarksInput();
    const landmarks = [];
    for (const backend of ['wasm', 'webgpu'] as const) {
      const runtime = await startOrtRuntime({ backend, threads: 1 });
      const lite = await open(runtime, LITE);
      const results = await lite.run(input);
      expect(runtime.backendUsed).toBe(backend);
      expect(Object.keys(results).sort()).toEqual(lite.outputs.map(({ name }) => name).sort());
      landmarks.push(results['ld_3d']?.data ?? []);
    }
    const [wasm = [], webgpu = []] = landmarks;
    expect(wasm).toHaveLength(LANDMARKS * LANDMARK_VALUES);
    const distances = Array.from({ length: LANDMARKS }, (_, index) => {
      const at = index * LANDMARK_VALUES;
      return Math.hypot(
        (wasm[at] ?? 0) - (webgpu[at] ?? 1e9),
        (wasm[at + 1] ?? 0) - (webgpu[at + 1] ?? 1e9),
      );
    });
    expect(Math.max(...distances)).toBeLessThan(GPU_TOLERANCE_PX);
  });

  it('says that it fell back when the CPU has to do an operator', async () => {
    const runtime = await startOrtRuntime({ backend: 'webgpu', threads: null });
    expect(runtime).toMatchObject({ backendUsed: 'webgpu', threadsUsed: null });
    const onGpu = await open(runtime, chainOf({ opType: 'Neg', attributes: {} }));
    const input = { x: { shape: MADE_SHAPE, data: Float32Array.of(1, 2, 3, 4) } };
    expect((await onGpu.run(input))['y']?.data).toEqual(Float32Array.of(-1, -2, -3, -4));
    expect(runtime.backendUsed).toBe('webgpu');

    const partly = await open(
      runtime,
      chainOf({ opType: 'Neg', attributes: {} }, { opType: 'Hardmax', attributes: { axis: 1 } }),
    );
    expect((await partly.run(input))['y']?.data).toEqual(Float32Array.of(1, 0, 0, 0));
    expect(runtime.backendUsed).toBe('wasm');
  });
});

/** Local maxima of a channel of OpenPose's maps. */
function countPeaks(maps: Tensor | undefined, channel: number): number {
  const [, height = 0, width = 0, channels = 0] = maps?.shape ?? [];
  const at = (x: number, y: number) => maps?.data[(y * width + x) * channels + channel] ?? 0;
  let peaks = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const around = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)];
      if (at(x, y) > PEAK_FLOOR && at(x, y) >= Math.max(...around)) peaks += 1;
    }
  }
  return peaks;
}
