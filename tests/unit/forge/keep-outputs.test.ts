import { expect, it } from 'vitest';
import { readLandmarkGraph, withoutMask } from '../../../tools/forge/blazepose-graphs.ts';
import { keepOutputs } from '../../../tools/forge/graph/keep-outputs.ts';
import type { Graph, Tensor } from '../../../tools/forge/graph/graph.ts';
import { findPosePackage, readPosePackage } from '../../../tools/forge/pose-package.ts';

const [input, shared, left, right] = ['input', 'shared', 'left', 'right'].map((name): Tensor => ({
  name,
  shape: [1],
})) as [Tensor, Tensor, Tensor, Tensor];
const fork: Graph = {
  inputs: [input],
  outputs: [left, right],
  operators: [
    { kind: 'sigmoid', input, output: shared },
    { kind: 'sigmoid', input: shared, output: left },
    { kind: 'sigmoid', input: shared, output: right },
  ],
};

it('keeps what leads to an output, in its order, and nothing else', () => {
  const kept = keepOutputs(fork, ({ name }) => name === 'right');
  expect(kept.outputs).toEqual([right]);
  expect(kept.operators.map(({ output }) => output.name)).toEqual(['shared', 'right']);
  expect(fork.operators).toHaveLength(3);
});

it("leaves out the mask of BlazePose's landmark network and the operators that are only for it", () => {
  const whole = readLandmarkGraph(readPosePackage(findPosePackage()).landmarks.lite);
  const maskless = withoutMask(whole);
  expect(maskless.outputs.map(({ name }) => name)).toEqual([
    'ld_3d',
    'output_poseflag',
    'activation_heatmap',
    'world_3d',
  ]);
  expect(maskless.operators.length).toBeLessThan(whole.operators.length);
  // The mask is the only thing that is computed at this size after the network's first halving.
  const wide = maskless.operators.filter(({ output }) => output.shape[1] === 256);
  expect(wide).toEqual([]);
});
