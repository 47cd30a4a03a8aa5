// The same landmark network on the same pixels, on LiteRT.js with the weights as they came and on ONNX
// Runtime Web with what the forge made of them. (TensorFlow.js: tests/unit/forge/runtimes-agree.test.ts.)
import * as Comlink from 'comlink';
import { afterEach, expect, it } from 'vitest';
import { startOrtRuntime } from '../../src/lib/engines/ort/ort-runtime.ts';
import type { Tensor, TensorRunner } from '../../src/lib/pipelines/tensor-runner.ts';
import type { LitertNetworks } from './litert-networks.worker.ts';
import { fetchBytes, landmarksInput } from './network-inputs.ts';

const onWasm = { backend: 'wasm', threads: 1 } as const;
/** Of each landmark's x and y, in pixels of the network's input. */
const MAX_DISTANCE_PX = 0.05;
/** x, y, z, visibility, presence. */
const VALUES_PER_LANDMARK = 5;
const LANDMARK_VALUES = 195;

let litert: Worker | null = null;
let ort: TensorRunner | null = null;
afterEach(() => {
  litert?.terminate();
  ort?.dispose();
});

it.each(['lite', 'full', 'heavy'])(
  '%s puts every landmark in the same place on both runtimes',
  async (size) => {
    const input = await landmarksInput();
    const weights = `/models/blazepose-${size}-landmarks`;
    litert = new Worker(new URL('./litert-networks.worker.ts', import.meta.url), {
      type: 'module',
    });
    const reference = Comlink.wrap<LitertNetworks>(litert);
    await reference.open(onWasm, await fetchBytes(`${weights}.tflite`));
    const expected = landmarksOf(await reference.run(input));

    const runtime = await startOrtRuntime(onWasm);
    ort = await runtime.open(await fetchBytes(`${weights}.onnx`));
    const actual = landmarksOf(await ort.run(input));

    expect(expected.length).toBeGreaterThan(0);
    const distances = expected.map(({ x, y }, index) =>
      Math.hypot((actual[index]?.x ?? NaN) - x, (actual[index]?.y ?? NaN) - y),
    );
    expect(Math.max(...distances)).toBeLessThan(MAX_DISTANCE_PX);
  },
);

function landmarksOf(outputs: Readonly<Record<string, Tensor>>): { x: number; y: number }[] {
  const output = Object.values(outputs).find(({ shape }) => shape[1] === LANDMARK_VALUES);
  if (!output) throw new Error('The network gives no landmarks.');
  return Array.from({ length: LANDMARK_VALUES / VALUES_PER_LANDMARK }, (_, landmark) => {
    const [x = NaN, y = NaN] = output.data.subarray(landmark * VALUES_PER_LANDMARK);
    return { x, y };
  });
}
