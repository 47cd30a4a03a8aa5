// PCK, PCKh and the figures per joint. The last test's are NumPy's, on matches by pycocotools 2.0.11.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCocoAnnotations } from '../../../src/lib/metrics/coco-annotations.ts';
import type { AnnotatedPerson } from '../../../src/lib/metrics/coco-evaluation.ts';
import { jointAccuraciesOf } from '../../../src/lib/metrics/joint-accuracy.ts';
import {
  headLengthPx,
  jointOutcomesOf,
  torsoDiameterPx,
} from '../../../src/lib/metrics/joint-outcomes.ts';
import { oks } from '../../../src/lib/metrics/oks.ts';
import { pckOf, pckhOf } from '../../../src/lib/metrics/pck.ts';
import { matchPeople } from '../../../src/lib/metrics/person-matches.ts';
import { skeletons } from '../../../src/lib/pose/skeletons.ts';
import { hasSharedAssets, sharedAsset } from '../../fixtures/shared-assets.ts';
import { AREA_PX, HEAD_PX, TORSO_PX, annotatedPerson } from './annotated-people.ts';
import { looseDetections } from './loose-detections.ts';

const DIGITS = 12;
const JOINTS = 17;
const NOSE = 0;
const LEFT_SHOULDER = 5;
const RIGHT_SHOULDER = 6;
const LEFT_HIP = 11;
const LEFT_ANKLE = 15;
const somebody = annotatedPerson();

/** The outcomes of one person who is found exactly but for the joints that are moved down by so many px. */
function outcomesOf(truth: AnnotatedPerson, movedPx: Readonly<Record<number, number>> = {}) {
  const keypoints = truth.keypoints.map(({ x, y }, joint) => ({ x, y: y + (movedPx[joint] ?? 0) }));
  return jointOutcomesOf(matchPeople([{ people: [truth], detections: [{ keypoints, score: 1 }] }]));
}

const notFound = jointOutcomesOf(matchPeople([{ people: [somebody], detections: [] }]));

describe('torsoDiameterPx', () => {
  it('is a diagonal of the torso, the other one where a corner is not labelled', () => {
    expect(torsoDiameterPx(somebody)).toBe(TORSO_PX);
    expect(torsoDiameterPx(annotatedPerson(0, (joint) => joint !== LEFT_SHOULDER))).toBe(TORSO_PX);
    const skewed = { x: 60, y: -100, v: 2 };
    const keypoints = somebody.keypoints.with(LEFT_SHOULDER, skewed);
    expect(torsoDiameterPx({ keypoints, areaPx: AREA_PX })).toBe(Math.hypot(60, 180));
  });

  it('is not known where no diagonal is labelled, or where it has no length', () => {
    const missing = (...joints: readonly number[]) =>
      torsoDiameterPx(annotatedPerson(0, (joint) => !joints.includes(joint)));
    expect(missing(LEFT_SHOULDER, RIGHT_SHOULDER)).toBeNull();
    expect(missing(LEFT_SHOULDER, LEFT_HIP)).toBeNull();
    const keypoints = somebody.keypoints.map(() => ({ x: 3, y: 4, v: 2 }));
    expect(torsoDiameterPx({ keypoints, areaPx: AREA_PX })).toBeNull();
  });
});

it('takes 0.6 of the diagonal of its box for the length of a head', () => {
  expect(headLengthPx({ x: 100, y: 100, width: 30, height: 40 })).toBe(HEAD_PX);
});

describe('pckOf', () => {
  it('counts joints within 0.2 torso diameters, the limit included', () => {
    expect(pckOf(outcomesOf(somebody))).toBe(1);
    expect(pckOf(outcomesOf(somebody, { [NOSE]: 0.2 * TORSO_PX }))).toBe(1);
    const off = outcomesOf(somebody, { [NOSE]: 0.2 * TORSO_PX + 0.01, [LEFT_ANKLE]: 50 });
    expect(pckOf(off)).toBeCloseTo(15 / JOINTS, DIGITS);
  });

  it('measures by the true torso, not by the one that was found', () => {
    // The shoulder as found is 40 px off, so that the torso as found would be 72 px long.
    expect(pckOf(outcomesOf(somebody, { [LEFT_SHOULDER]: 40, [NOSE]: 18 }))).toBeCloseTo(
      16 / JOINTS,
      DIGITS,
    );
  });

  it('counts every joint of somebody who was not found as wrong', () => {
    expect(pckOf(notFound)).toBe(0);
    expect(pckOf([...notFound, ...outcomesOf(somebody)])).toBe(0.5);
  });

  it('counts hidden joints, and neither those that are not labelled nor people without torso', () => {
    const legless = annotatedPerson(0, (joint) => joint <= LEFT_HIP + 1);
    expect(outcomesOf(legless)).toHaveLength(13);
    const hidden = { ...somebody, keypoints: somebody.keypoints.map((at) => ({ ...at, v: 1 })) };
    expect(outcomesOf(hidden)).toHaveLength(JOINTS);
    const head = annotatedPerson(0, (joint) => joint < LEFT_SHOULDER);
    expect(pckOf(outcomesOf(head))).toBeNull();
    expect(pckOf([...outcomesOf(head, { [NOSE]: 999 }), ...outcomesOf(somebody)])).toBe(1);
    expect(pckOf([])).toBeNull();
  });
});

describe('pckhOf', () => {
  it('counts joints within half a head, the limit included', () => {
    expect(pckhOf(outcomesOf(somebody, { [NOSE]: 0.5 * HEAD_PX }))).toBe(1);
    const off = outcomesOf(somebody, { [NOSE]: 0.5 * HEAD_PX + 0.01 });
    expect(pckhOf(off)).toBeCloseTo(16 / JOINTS, DIGITS);
    expect(pckhOf(notFound)).toBe(0);
  });

  it('is not known where no head is annotated, and counts those that are', () => {
    const headless = { ...somebody, headBox: null };
    expect(pckhOf(outcomesOf(headless))).toBeNull();
    const both = [...outcomesOf(headless, { [NOSE]: 999 }), ...outcomesOf(somebody)];
    expect(pckhOf(both)).toBe(1);
  });
});

describe('jointAccuraciesOf', () => {
  it('has an entry per joint, in order, also where none is labelled', () => {
    const joints = jointAccuraciesOf([]);
    expect(joints.map(({ joint }) => joint)).toEqual(skeletons['coco-17'].keypointNames);
    expect(joints[NOSE]).toEqual({
      joint: 'nose',
      labelled: 0,
      pck: null,
      medianDistance: null,
      meanOks: null,
    });
  });

  it('tells what is off, and by how much', () => {
    const outcomes = [
      ...outcomesOf(somebody, { [LEFT_ANKLE]: 10 }),
      ...outcomesOf(somebody, { [LEFT_ANKLE]: 30 }),
      ...outcomesOf(annotatedPerson(0, (joint) => joint !== LEFT_ANKLE)),
      ...notFound,
    ];
    const joints = jointAccuraciesOf(outcomes);
    // σ of an ankle is 0.089, so 2·area·(2σ)² is 20 000 · 0.031684 = 633.68.
    const terms = Math.exp(-100 / 633.68) + Math.exp(-900 / 633.68);
    expect(joints[LEFT_ANKLE]).toEqual({
      joint: 'left_ankle',
      labelled: 3,
      pck: 1 / 3,
      medianDistance: expect.closeTo(0.2, DIGITS) as number,
      meanOks: expect.closeTo(terms / 3, DIGITS) as number,
    });
    expect(joints[NOSE]).toMatchObject({
      labelled: 4,
      pck: 0.75,
      medianDistance: 0,
      meanOks: 0.75,
    });
  });

  it('has terms whose mean over the joints of one person is their OKS', () => {
    const movedPx: Readonly<Record<number, number>> = {
      [NOSE]: 2,
      [LEFT_ANKLE]: 20,
      [LEFT_HIP]: 9,
    };
    const found = somebody.keypoints.map(({ x, y }, joint) => ({
      x,
      y: y + (movedPx[joint] ?? 0),
    }));
    const terms = jointAccuraciesOf(outcomesOf(somebody, movedPx)).map(({ meanOks }) => meanOks!);
    const mean = terms.reduce((sum, term) => sum + term, 0) / JOINTS;
    expect(mean).toBeCloseTo(oks(found, somebody)!, DIGITS);
  });
});

it.skipIf(!hasSharedAssets)('27 photographs score as in NumPy, heads taken from the boxes', () => {
  const path = sharedAsset('gt/coco-permissive/person_keypoints_subset.json');
  const images = readCocoAnnotations(JSON.parse(readFileSync(path, 'utf8'))).map((image) => ({
    people: image.people.map((one) => ({
      ...one,
      headBox: { ...one.box, width: one.box.width / 2, height: one.box.height / 5 },
    })),
    detections: looseDetections(image.people, image.id),
  }));
  const outcomes = jointOutcomesOf(matchPeople(images));
  expect(pckOf(outcomes)).toBeCloseTo(0.766859344894027, DIGITS);
  expect(pckhOf(outcomes)).toBeCloseTo(0.7889221556886228, DIGITS);
  const joints = jointAccuraciesOf(outcomes);
  const expected = [
    [7, 41, 0.7941176470588235, 0.04570716861257529, 0.7539040631798528],
    [10, 41, 0.8125, 0.04570716861257529, 0.759438579098458],
    [16, 26, 0.75, 0.051740547658485445, 0.7537474709737328],
  ] as const;
  for (const [joint, labelled, pck, medianDistance, meanOks] of expected) {
    expect(joints[joint]).toEqual({
      joint: skeletons['coco-17'].keypointNames[joint],
      labelled,
      pck: expect.closeTo(pck, DIGITS) as number,
      medianDistance: expect.closeTo(medianDistance, DIGITS) as number,
      meanOks: expect.closeTo(meanOks, DIGITS) as number,
    });
  }
});
