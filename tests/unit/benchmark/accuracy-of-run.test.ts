import { describe, expect, it } from 'vitest';
import { meanOks, readActorTruth } from '../../../bench/actor-truth.ts';
import { accuracyOfRun } from '../../../src/lib/benchmark/accuracy-of-run.ts';
import type { FrameSample } from '../../../src/lib/benchmark/run-result.ts';
import { framesOfClip } from '../../../src/lib/metrics/annotated-frames.ts';
import type { AnnotatedFrame } from '../../../src/lib/metrics/annotated-frames.ts';
import { readCocoAnnotations } from '../../../src/lib/metrics/coco-annotations.ts';
import { cocoIndices } from '../../../src/lib/pose/coco-mapping.ts';
import type { Pose } from '../../../src/lib/pose/pose.ts';
import actorFile from '../../../static/clips/actor.gt.json' with { type: 'json' };
import { annotatedPerson } from '../metrics/annotated-people.ts';

const DIGITS = 12;
const person = annotatedPerson();
const ignored = { ...person, isIgnored: true };

/** The person as BlazePose names the joints, its other landmarks far away. */
const found: Pose = {
  skeleton: 'blazepose-33',
  score: 0.8,
  keypoints: Array.from({ length: 33 }, (_, landmark) => {
    const joint = cocoIndices['blazepose-33'].indexOf(landmark);
    return { ...(person.keypoints[joint] ?? { x: -9999, y: -9999 }), score: 1 };
  }),
};

function sample(index: number, poses: readonly Pose[], pass = 0, stream = 0): FrameSample {
  return {
    index,
    pass,
    stream,
    ptsMs: 40 * index,
    doneMs: 10,
    endToEndMs: 10,
    decodeMs: 1,
    queueMs: 0,
    transferMs: 1,
    engineMs: 8,
    preprocessMs: null,
    inferenceMs: null,
    postprocessMs: null,
    people: poses.length,
    poses,
  };
}

describe('accuracyOfRun', () => {
  it('compares frames by their index, and joints by what they are', () => {
    const truth = [
      { index: 1, people: [person] },
      { index: 0, people: [ignored] },
    ];
    const accuracy = accuracyOfRun([sample(0, []), sample(1, [found])], truth);
    expect(accuracy).toMatchObject({
      images: 2,
      people: 1,
      ar: 1,
      ar75: 1,
      apMedium: null,
      meanOks: 1,
      pck: 1,
      pckh: 1,
    });
    expect(accuracy?.ap).toBeCloseTo(1, DIGITS);
    expect(accuracy?.joints).toHaveLength(17);
    expect(accuracy?.joints[0]).toEqual({
      joint: 'nose',
      labelled: 1,
      pck: 1,
      medianDistance: 0,
      meanOks: 1,
    });
  });

  it('leaves out frames that were dropped and frames that nobody annotated', () => {
    const truth: AnnotatedFrame[] = [
      { index: 3, people: [person] },
      { index: 5, people: [person, person] },
    ];
    const samples = [sample(3, [found]), sample(4, [])];
    expect(accuracyOfRun(samples, truth)).toMatchObject({ images: 1, people: 1, meanOks: 1 });
  });

  it('counts the first pass over the first stream only', () => {
    const truth = [{ index: 0, people: [person] }];
    const others = [sample(0, [], 1), sample(0, [], 0, 1), sample(0, [found, found], 1, 1)];
    const samples = [sample(0, [found]), ...others];
    expect(accuracyOfRun(samples, truth)).toMatchObject({ images: 1, people: 1, meanOks: 1 });
    expect(accuracyOfRun(others, truth)).toBeNull();
  });

  it('counts somebody who was not found as 0, in everything', () => {
    const truth = [0, 1].map((index) => ({ index, people: [person] }));
    const accuracy = accuracyOfRun([sample(0, [found]), sample(1, [])], truth);
    expect(accuracy).toMatchObject({ people: 2, meanOks: 0.5, pck: 0.5, pckh: 0.5, ar: 0.5 });
  });

  it('has no PCKh where heads are not annotated, and nothing to say of frames without people', () => {
    const headless = { ...person, headBox: null };
    const truth = [{ index: 0, people: [headless] }];
    expect(accuracyOfRun([sample(0, [found])], truth)).toMatchObject({ pck: 1, pckh: null });
    const nobody = accuracyOfRun([sample(0, [found])], [{ index: 0, people: [] }]);
    expect(nobody).toMatchObject({ images: 1, people: 0, meanOks: null, pck: null, ap: null });
  });

  it('is null when nobody said who is in the frames', () => {
    expect(accuracyOfRun([sample(0, [found])], [])).toBeNull();
  });
});

describe('on the actor', () => {
  const CLIP = { frameCount: 720, widthPx: 480, heightPx: 640 };
  const truth = framesOfClip(readCocoAnnotations(actorFile), CLIP);

  /** The truth itself, moved to the right by a different distance in every frame. */
  function posesOf(frame: number): Pose[] {
    const [one] = truth[frame]?.people ?? [];
    if (!one) return [];
    const keypoints = one.keypoints.map(({ x, y }, joint) => ({
      x: x + ((frame * 7 + joint * 3) % 23),
      y,
      score: 1,
    }));
    return [{ skeleton: 'coco-17', score: 1 - frame / 1000, keypoints }];
  }

  it('is perfect for the truth itself', () => {
    const samples = truth.map(({ index, people }) =>
      sample(
        index,
        people
          .filter(({ isIgnored }) => !isIgnored)
          .map(({ keypoints }) => ({
            skeleton: 'coco-17' as const,
            score: 1,
            keypoints: keypoints.map(({ x, y }) => ({ x, y, score: 1 })),
          })),
      ),
    );
    const accuracy = accuracyOfRun(samples, truth);
    expect(accuracy).toMatchObject({
      images: 720,
      people: 689,
      meanOks: 1,
      pck: 1,
      pckh: 1,
      ar: 1,
    });
    expect(accuracy?.ap).toBeCloseTo(1, DIGITS);
  });

  it('gives the mean OKS of the actor tools, also where frames were dropped or nobody was found', async () => {
    const actorTruth = await readActorTruth();
    const processed = truth.map(({ index }) => index).filter((index) => index % 5 !== 0);
    const isMissed = (frame: number) => frame % 11 === 0;
    const samples = processed.map((index) => sample(index, isMissed(index) ? [] : posesOf(index)));
    const predictions = truth.map(({ index }) =>
      isMissed(index) ? null : (posesOf(index)[0]?.keypoints ?? null),
    );
    const expected = meanOks(actorTruth, predictions, (frame) => frame % 5 !== 0);
    expect(expected).toBeGreaterThan(0.3);
    expect(expected).toBeLessThan(0.95);
    expect(accuracyOfRun(samples, truth)?.meanOks).toBe(expected);
  });

  it('finds fewer joints correct by the head than by the torso, each by its own share', () => {
    const samples = truth.map(({ index }) => sample(index, posesOf(index)));
    const accuracy = accuracyOfRun(samples, truth);
    // Half a head is at least 15 px, a fifth of the torso at most 33, and joints are off by 0 to 22.
    expect(accuracy?.pckh).toBeGreaterThan(0.5);
    expect(accuracy?.pckh).toBeLessThan(accuracy?.pck ?? 0);
    expect(accuracy?.pck).toBeLessThanOrEqual(1);
  });
});
