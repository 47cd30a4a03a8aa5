import { describe, expect, it } from 'vitest';
import { proposePipelines } from '../../../src/lib/pipelines/propose-pipeline.ts';
import { describeShapes } from '../../../src/lib/pipelines/tensor-shape.ts';
import { tensorInfo } from './prepared-network.ts';
import type { TensorType } from '../../../src/lib/pipelines/tensor-runner.ts';

type Shape = readonly number[];

function proposed(input: Shape, outputs: readonly Shape[], type: TensorType = 'float32') {
  return proposePipelines(
    [tensorInfo('in', input, type)],
    outputs.map((shape, index) => tensorInfo(`out${index}`, shape)),
  );
}

/** Networks as they are published, and what is around them. Open dimensions are -1. */
const published: readonly [string, Shape, TensorType, readonly Shape[], string][] = [
  ['MoveNet Lightning (TFLite)', [1, 192, 192, 3], 'uint8', [[1, 1, 17, 3]], 'movenet-single'],
  ['MoveNet Lightning (ONNX)', [1, 192, 192, 3], 'int32', [[1, 1, 17, 3]], 'movenet-single'],
  ['MoveNet Thunder', [1, 256, 256, 3], 'float32', [[1, 1, 17, 3]], 'movenet-single'],
  ['MoveNet MultiPose', [1, -1, -1, 3], 'int32', [[1, 6, 56]], 'movenet-multi'],
  ['OpenPose MobileNetV2 (TFLite)', [1, 368, 432, 3], 'float32', [[1, 46, 54, 57]], 'openpose'],
  ['OpenPose MobileNetV2 (ONNX)', [1, -1, -1, 3], 'float32', [[1, -1, -1, 57]], 'openpose'],
  [
    'OpenPose in PyTorch',
    [1, 3, 368, 368],
    'float32',
    [
      [1, 38, 46, 46],
      [1, 19, 46, 46],
    ],
    'openpose',
  ],
  ['BODY_25', [1, 3, 368, 656], 'float32', [[1, 78, 46, 82]], 'openpose'],
  ['YOLOv8n-pose', [1, 3, 640, 640], 'float32', [[1, 56, 8400]], 'yolo-pose'],
  ['YOLOv8n-pose (TFLite)', [1, 640, 640, 3], 'float32', [[1, 56, 8400]], 'yolo-pose'],
  ['YOLO11n-pose, dynamic', [-1, 3, -1, -1], 'float32', [[-1, 56, -1]], 'yolo-pose'],
  ['YOLO26n-pose', [1, 3, 640, 640], 'float32', [[1, 300, 57]], 'yolo-pose'],
  [
    'RTMPose-s',
    [-1, 3, 256, 192],
    'float32',
    [
      [-1, 17, 384],
      [-1, 17, 512],
    ],
    'simcc',
  ],
];

describe('proposePipelines', () => {
  it.each(published)('knows %s', (_, input, type, outputs, kind) => {
    expect(proposed(input, outputs, type).map((config) => config.kind)).toEqual([kind]);
  });

  it('tells the layouts of OpenPose apart, and what their pictures look like', () => {
    expect(proposed([1, 368, 432, 3], [[1, 46, 54, 57]])).toEqual([
      {
        kind: 'openpose',
        skeleton: 'openpose-18',
        normalisation: { channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1] },
      },
    ]);
    expect(proposed([1, 3, 368, 656], [[1, 78, 46, 82]])).toMatchObject([
      { skeleton: 'openpose-25', normalisation: { std: [256, 256, 256] } },
    ]);
  });

  it('reads the split ratio off the shapes', () => {
    const [first] = proposed(
      [1, 3, 256, 192],
      [
        [1, 17, 576],
        [1, 17, 768],
      ],
    );
    expect(first).toMatchObject({ kind: 'simcc', splitRatio: 3 });
  });

  it.each<[string, Shape, readonly Shape[]]>([
    [
      'BlazePose landmarks',
      [1, 256, 256, 3],
      [
        [1, 195],
        [1, 1],
        [1, 256, 256, 1],
        [1, 117],
      ],
    ],
    [
      'BlazePose detector',
      [1, 224, 224, 3],
      [
        [1, 2254, 12],
        [1, 2254, 1],
      ],
    ],
    ['YOLOv8n without joints', [1, 3, 640, 640], [[1, 84, 8400]]],
    ['a classifier', [1, 224, 224, 3], [[1, 1000]]],
    [
      'RTMPose for whole bodies',
      [1, 3, 256, 192],
      [
        [1, 133, 384],
        [1, 133, 512],
      ],
    ],
    [
      'RTMPose with bins of unequal width',
      [1, 3, 256, 192],
      [
        [1, 17, 384],
        [1, 17, 500],
      ],
    ],
    ['no picture', [1, 512], [[1, 1, 17, 3]]],
    ['a grey picture', [1, 192, 192, 1], [[1, 1, 17, 3]]],
  ])('proposes nothing for %s', (_, input, outputs) => {
    expect(proposed(input, outputs)).toEqual([]);
  });

  it('proposes nothing for several inputs or a quantised one', () => {
    const output = [tensorInfo('out', [1, 1, 17, 3])];
    const picture = tensorInfo('in', [1, 192, 192, 3]);
    expect(proposePipelines([picture, tensorInfo('more', [1])], output)).toEqual([]);
    expect(proposed([1, 192, 192, 3], [[1, 1, 17, 3]], 'int8')).toEqual([]);
  });
});

describe('describeShapes', () => {
  it('names what goes in and what comes out', () => {
    expect(
      describeShapes(
        [tensorInfo('in', [1, 3, -1, -1])],
        [tensorInfo('a', [1, 17, 384]), tensorInfo('b', [])],
      ),
    ).toBe('1×3×?×? → 1×17×384, a scalar');
    expect(describeShapes([], [])).toBe('nothing → nothing');
  });
});
