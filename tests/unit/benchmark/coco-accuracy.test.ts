import { expect, it } from 'vitest';
import { cocoAccuracyOf } from '../../../src/lib/benchmark/coco-accuracy.ts';
import type { FrameSample } from '../../../src/lib/benchmark/run-result.ts';
import type { AnnotatedPerson } from '../../../src/lib/metrics/coco-evaluation.ts';
import type { Pose } from '../../../src/lib/pose/pose.ts';
import { cocoIndices } from '../../../src/lib/pose/coco-mapping.ts';

const person: AnnotatedPerson = {
  keypoints: Array.from({ length: 17 }, (_, i) => ({ x: 10 * i, y: 7 * i, v: 2 })),
  areaPx: 10_000,
  box: { x: 0, y: 0, width: 160, height: 112 },
  isCrowd: false,
  isIgnored: false,
};
const ignored: AnnotatedPerson = { ...person, isIgnored: true };

/** The person as BlazePose names the joints, its other landmarks far away. */
const found: Pose = {
  skeleton: 'blazepose-33',
  score: 0.8,
  keypoints: Array.from({ length: 33 }, (_, landmark) => {
    const joint = cocoIndices['blazepose-33'].indexOf(landmark);
    return { ...(person.keypoints[joint] ?? { x: -9999, y: -9999 }), score: 1 };
  }),
};

function sample(index: number, poses: readonly Pose[]): FrameSample {
  return {
    index,
    ptsMs: 40 * index,
    doneMs: 10,
    endToEndMs: 10,
    decodeMs: 1,
    transferMs: 1,
    engineMs: 8,
    preprocessMs: null,
    inferenceMs: null,
    postprocessMs: null,
    poses,
  };
}

it('matches pictures by name, and joints by what they are', () => {
  const accuracy = cocoAccuracyOf(
    [sample(0, []), sample(1, [found])],
    ['a.jpg', 'b.jpg'],
    [
      { id: 3, fileName: 'b.jpg', people: [person] },
      { id: 8, fileName: 'a.jpg', people: [ignored] },
    ],
  );
  expect(accuracy).toMatchObject({ images: 2, people: 1, ar: 1, ar75: 1, apMedium: null });
  expect(accuracy?.ap).toBeCloseTo(1, 12);
});

it('leaves out annotated pictures that were not processed', () => {
  const truth = [
    { id: 1, fileName: 'a.jpg', people: [person] },
    { id: 2, fileName: 'later.jpg', people: [person, person] },
  ];
  const accuracy = cocoAccuracyOf([sample(0, [found])], ['a.jpg', 'later.jpg'], truth);
  expect(accuracy).toMatchObject({ images: 1, people: 1, ar: 1 });
});

it('is null when nobody said who is in the pictures', () => {
  expect(cocoAccuracyOf([sample(0, [found])], ['a.jpg'], [])).toBeNull();
});
