import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCocoAnnotations } from '../../../src/lib/metrics/coco-annotations.ts';
import type { AnnotatedPerson } from '../../../src/lib/metrics/coco-evaluation.ts';
import { cocoSigmas } from '../../../src/lib/metrics/oks.ts';
import { matchPeople, meanOksOf } from '../../../src/lib/metrics/person-matches.ts';
import { hasSharedAssets, sharedAsset } from '../../fixtures/shared-assets.ts';
import { AREA_PX, annotatedPerson } from './annotated-people.ts';
import { looseDetections } from './loose-detections.ts';

const DIGITS = 12;
const near = annotatedPerson();
const far = annotatedPerson(1000);

/** Finds a person with the given OKS. */
function detection(of: AnnotatedPerson, score: number, oks = 1) {
  const share = Math.sqrt(AREA_PX) * Math.sqrt(-2 * Math.log(oks));
  return {
    score,
    keypoints: of.keypoints.map(({ x, y }, joint) => ({
      x: x + 2 * cocoSigmas[joint]! * share,
      y,
    })),
  };
}

describe('matchPeople', () => {
  it('gives everybody the detection that is theirs, whatever its score', () => {
    const [ofFar, ofNear] = [detection(far, 0.9, 0.5), detection(near, 0.1, 0.8)];
    const matches = matchPeople([{ people: [near, far], detections: [ofFar, ofNear] }]);
    expect(matches.map(({ truth }) => truth)).toEqual([near, far]);
    expect(matches.map(({ found }) => found)).toEqual([ofNear.keypoints, ofFar.keypoints]);
    expect(matches[0]?.oks).toBeCloseTo(0.8, DIGITS);
    expect(meanOksOf(matches)).toBeCloseTo(0.65, DIGITS);
  });

  it('gives a detection to one person only; whoever is left was not found and counts 0', () => {
    const twin = annotatedPerson(5);
    const matches = matchPeople([{ people: [near, twin], detections: [detection(twin, 0.9)] }]);
    expect(matches).toEqual([
      { truth: near, found: null, oks: 0 },
      { truth: twin, found: twin.keypoints.map(({ x, y }) => ({ x, y })), oks: 1 },
    ]);
    expect(meanOksOf(matches)).toBe(0.5);
  });

  it('does not let a confident detection of nobody take somebody from the one who found them', () => {
    const phantom = { ...detection(far, 0.9), keypoints: detection(far, 0).keypoints };
    const detections = [phantom, detection(near, 0.2, 0.7)];
    expect(meanOksOf(matchPeople([{ people: [near], detections }]))).toBeCloseTo(0.7, DIGITS);
  });

  it('prefers the more similar of two, and the more confident of two that are alike', () => {
    const better = [detection(near, 0.9, 0.6), detection(near, 0.2, 0.9)];
    expect(meanOksOf(matchPeople([{ people: [near], detections: better }]))).toBeCloseTo(
      0.9,
      DIGITS,
    );
    const marked = { ...detection(near, 0.7), keypoints: [...detection(near, 0).keypoints] };
    const alike = [detection(near, 0.1), marked];
    const [match] = matchPeople([{ people: [near], detections: alike }]);
    expect(match?.found).toBe(marked.keypoints);
  });

  it('leaves out whoever is ignored or has no labelled joint', () => {
    const unlabelled = { ...annotatedPerson(0, () => false), isIgnored: false };
    const crowd = { ...near, isCrowd: true, isIgnored: true };
    expect(
      matchPeople([{ people: [crowd, unlabelled], detections: [detection(near, 1)] }]),
    ).toEqual([]);
    expect(meanOksOf([])).toBeNull();
  });

  it('takes joints that are no numbers for nobody', () => {
    const { keypoints } = detection(near, 0.9);
    const broken = { score: 0.9, keypoints: keypoints.with(3, { x: NaN, y: NaN }) };
    expect(meanOksOf(matchPeople([{ people: [near], detections: [broken] }]))).toBe(0);
  });

  it.skipIf(!hasSharedAssets)('agrees with the OKS of pycocotools 2.0.11 on 27 photographs', () => {
    const path = sharedAsset('gt/coco-permissive/person_keypoints_subset.json');
    const images = readCocoAnnotations(JSON.parse(readFileSync(path, 'utf8')));
    const matches = matchPeople(
      images.map(({ id, people }) => ({ people, detections: looseDetections(people, id) })),
    );
    expect(matches).toHaveLength(70);
    expect(matches.filter(({ found }) => found === null)).toHaveLength(1);
    expect(meanOksOf(matches)).toBeCloseTo(0.721636227974087, DIGITS);
  });
});
