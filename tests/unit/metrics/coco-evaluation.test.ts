// Every expected figure is worked out by hand beside it, but for the last test's, which are pycocotools'.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCocoAnnotations } from '../../../src/lib/metrics/coco-annotations.ts';
import { evaluateCocoKeypoints } from '../../../src/lib/metrics/coco-evaluation.ts';
import type {
  AnnotatedPerson,
  CocoDetection,
  CocoImageResult,
} from '../../../src/lib/metrics/coco-evaluation.ts';
import { cocoSigmas } from '../../../src/lib/metrics/oks.ts';
import { hasSharedAssets, sharedAsset } from '../../fixtures/shared-assets.ts';
import { looseDetections } from './loose-detections.ts';

const DIGITS = 12;

/** Somebody of 10 000 px², COCO's `large`, whose joints span a box of 160 × 160 px from the given x. */
function person({ x = 0, areaPx = 10_000, labelled = 17 } = {}): AnnotatedPerson {
  return {
    keypoints: cocoSigmas.map((_, i) => ({ x: x + 10 * i, y: 10 * i, v: i < labelled ? 2 : 0 })),
    areaPx,
    box: { x, y: 0, width: 160, height: 160 },
    headBox: null,
    isCrowd: false,
    isIgnored: labelled === 0,
  };
}

/** Finds a person, every joint off by the same share of its own tolerance, so that OKS is as given. */
function detection(of: AnnotatedPerson, score: number, similarity = 1): CocoDetection {
  // exp(−d² / (2·area·(2σ)²)) = OKS when d = 2σ·√area·√(−2·ln OKS).
  const share = Math.sqrt(of.areaPx) * Math.sqrt(-2 * Math.log(similarity));
  return {
    score,
    keypoints: of.keypoints.map(({ x, y }, i) => ({ x: x + 2 * cocoSigmas[i]! * share, y })),
  };
}

/** Finds somebody of the same size where nobody is. */
function phantom(score: number, sidePx = 160): CocoDetection {
  return {
    score,
    keypoints: cocoSigmas.map((_, i) => ({ x: 5000 + (sidePx * i) / 16, y: (sidePx * i) / 16 })),
  };
}

function evaluate(...images: readonly CocoImageResult[]) {
  return evaluateCocoKeypoints(images);
}

const somebody = person();

describe('evaluateCocoKeypoints', () => {
  it('is 1 when everybody is found exactly, and null for sizes that nobody has', () => {
    expect(evaluate({ people: [somebody], detections: [detection(somebody, 0.9)] })).toEqual({
      ap: expect.closeTo(1, DIGITS) as number,
      ap50: expect.closeTo(1, DIGITS) as number,
      ap75: expect.closeTo(1, DIGITS) as number,
      apMedium: null,
      apLarge: expect.closeTo(1, DIGITS) as number,
      ar: 1,
      ar50: 1,
      ar75: 1,
      arMedium: null,
      arLarge: 1,
    });
  });

  it('is 0 when people are there and nobody is found', () => {
    const nobody = evaluate({ people: [somebody], detections: [] });
    expect(nobody).toMatchObject({ ap: 0, ap50: 0, apLarge: 0, apMedium: null, ar: 0 });
  });

  it('is null when nobody is there, whatever is found', () => {
    const metrics = evaluate({ people: [], detections: [phantom(0.9)] });
    expect(new Set(Object.values(metrics))).toEqual(new Set([null]));
    expect(new Set(Object.values(evaluate()))).toEqual(new Set([null]));
  });

  it('loses the recalls that are not reached when one of two is missing', () => {
    const [left, right] = [person(), person({ x: 1000 })];
    const { ap, ar } = evaluate({ people: [left, right], detections: [detection(left, 0.9)] });
    // Recall 1/2: precision is 1 at the 51 recalls 0.00 … 0.50 and 0 at the other 50.
    expect(ap).toBeCloseTo(51 / 101, DIGITS);
    expect(ar).toBe(0.5);
  });

  it('counts an OKS from the threshold on', () => {
    const inBetween = evaluate({ people: [somebody], detections: [detection(somebody, 1, 0.72)] });
    // Passes 0.50, 0.55, 0.60, 0.65 and 0.70: five of ten.
    expect(inBetween.ap).toBeCloseTo(5 / 10, DIGITS);
    expect(inBetween).toMatchObject({ ap75: 0, ar: 0.5, ar50: 1, ar75: 0 });

    // Three of four joints are exact and one is far away: OKS is 3/4, which 0.75 lets pass. Six of ten.
    const four = person({ labelled: 4 });
    const { keypoints, score } = detection(four, 1);
    const oneAway = { score, keypoints: keypoints.map((k, i) => (i === 3 ? { x: 1e6, y: 0 } : k)) };
    const exact = evaluate({ people: [four], detections: [oneAway] });
    expect(exact.ap).toBeCloseTo(6 / 10, DIGITS);
    expect(exact.ar75).toBe(1);
  });

  it('holds a duplicate against the model only where it comes first', () => {
    const exact = (score: number) => detection(somebody, score);
    const late = evaluate({ people: [somebody], detections: [exact(0.9), exact(0.8)] });
    // Hit, miss: precision is 1 when recall 1 is reached.
    expect(late.ap).toBeCloseTo(1, DIGITS);

    const early = [detection(somebody, 0.9, 0.62), exact(0.8)];
    const { ap, ap50, ap75, ar } = evaluate({ people: [somebody], detections: early });
    // At 0.50, 0.55, 0.60 the first is the hit: 1. At the other seven it is a miss before the hit: 1/2.
    expect(ap).toBeCloseTo((3 * 1 + 7 * 0.5) / 10, DIGITS);
    expect(ap50).toBeCloseTo(1, DIGITS);
    expect(ap75).toBeCloseTo(0.5, DIGITS);
    expect(ar).toBe(1);
  });

  it('gives a precision the best that any greater recall has', () => {
    const [left, right] = [person(), person({ x: 1000 })];
    const found = [phantom(0.9), detection(left, 0.8), detection(right, 0.7)];
    // Miss, hit, hit: precisions 0, 1/2, 2/3. At every recall 2/3 is still to come.
    expect(evaluate({ people: [left, right], detections: found }).ap).toBeCloseTo(2 / 3, DIGITS);
  });

  it('looks at the 20 most confident detections of an image', () => {
    const before = (count: number) => Array.from({ length: count }, () => phantom(0.9));
    const last = detection(somebody, 0.1);
    // Nineteen misses, then the hit: precision 1/20.
    const found = evaluate({ people: [somebody], detections: [last, ...before(19)] });
    expect(found.ap).toBeCloseTo(1 / 20, DIGITS);
    expect(found.ar).toBe(1);
    const cut = evaluate({ people: [somebody], detections: [last, ...before(20)] });
    expect(cut).toMatchObject({ ap: 0, ar: 0 });
  });

  it('takes joints that are no numbers for nobody', () => {
    const { keypoints } = detection(somebody, 0.9);
    const broken = (index: number) => ({
      score: 0.9,
      keypoints: keypoints.map((joint, i) => (i === index ? { x: NaN, y: NaN } : joint)),
    });
    const nothing = { score: 0.9, keypoints: keypoints.map(() => ({ x: NaN, y: NaN })) };
    for (const found of [nothing, broken(0), broken(16)]) {
      expect(evaluate({ people: [somebody], detections: [found] })).toMatchObject({ ap: 0, ar: 0 });
    }
    // A miss, then the hit: precision 1/2.
    const both = [nothing, detection(somebody, 0.8)];
    expect(evaluate({ people: [somebody], detections: both }).ap).toBeCloseTo(1 / 2, DIGITS);
  });

  it('keeps the given order among equal scores', () => {
    const coarse = detection(somebody, 0.5, 0.62);
    const exact = detection(somebody, 0.5);
    // As with the duplicates above: 0.65 when the coarse one is first, 1 when the exact one is.
    const coarseFirst = evaluate({ people: [somebody], detections: [coarse, exact] });
    expect(coarseFirst.ap).toBeCloseTo(0.65, DIGITS);
    const exactFirst = evaluate({ people: [somebody], detections: [exact, coarse] });
    expect(exactFirst.ap).toBeCloseTo(1, DIGITS);

    const hit = { people: [somebody], detections: [exact] };
    const miss = { people: [], detections: [phantom(0.5)] };
    expect(evaluate(miss, hit).ap).toBeCloseTo(0.5, DIGITS);
    expect(evaluate(hit, miss).ap).toBeCloseTo(1, DIGITS);
  });
});

describe('people who are not to be found', () => {
  const elsewhere = person({ x: 1000, labelled: 0 });
  const hit = detection(somebody, 0.1);

  it('takes one detection in their neighbourhood without holding it against the model', () => {
    const one = [detection(elsewhere, 0.9), hit];
    expect(evaluate({ people: [elsewhere, somebody], detections: one }).ap).toBeCloseTo(1, DIGITS);
    // The second one is a miss before the hit: 1/2.
    const two = [detection(elsewhere, 0.9), detection(elsewhere, 0.8), hit];
    expect(evaluate({ people: [elsewhere, somebody], detections: two }).ap).toBeCloseTo(
      1 / 2,
      DIGITS,
    );
  });

  it('takes any number of detections where they are a crowd', () => {
    const crowd = { ...elsewhere, isCrowd: true };
    const many = [0.9, 0.8, 0.7].map((score) => detection(crowd, score));
    const { ap, ar } = evaluate({ people: [crowd, somebody], detections: [...many, hit] });
    expect(ap).toBeCloseTo(1, DIGITS);
    expect(ar).toBe(1);
  });

  it('reaches a box to each side, and fades beyond it', () => {
    // The box is 1000 … 1160, so its neighbourhood ends at 1320, where the last joint may still be.
    const shifted = (byPx: number) => {
      const { keypoints, score } = detection(elsewhere, 0.9);
      return { score, keypoints: keypoints.map(({ x, y }) => ({ x: x + byPx, y })) };
    };
    const apOf = (byPx: number) =>
      evaluate({ people: [elsewhere, somebody], detections: [shifted(byPx), hit] }).ap;
    expect(apOf(160)).toBeCloseTo(1, DIGITS);
    // Every joint is now at least 840 px away, and e^(−840²/(2·10⁴·(2σ)²)) is nothing: a miss.
    expect(apOf(1160)).toBeCloseTo(1 / 2, DIGITS);
  });

  it('leaves a detection to somebody who counts, if it fits them well enough', () => {
    // Without a joint to compare with, the ignored person fits everything around perfectly.
    const besideThem = { ...person({ labelled: 0 }), isCrowd: true };
    const found = [detection(somebody, 0.9, 0.72)];
    const { ap, ar } = evaluate({ people: [besideThem, somebody], detections: found });
    // At 0.50 … 0.70 it is the hit; at the other five it goes to the crowd and nobody is found.
    expect(ap).toBeCloseTo(5 / 10, DIGITS);
    expect(ar).toBe(0.5);
  });
});

describe('sizes', () => {
  it('holds a detection against those of its own size only', () => {
    const medium = person({ areaPx: 50 ** 2 });
    const found = (phantomSidePx: number) => ({
      people: [medium],
      detections: [phantom(0.9, phantomSidePx), detection(medium, 0.1)],
    });
    // Miss, hit: 1/2 among all. The phantom's 160² px are large, so among the medium it is ignored: 1.
    const large = evaluate(found(160));
    expect(large.ap).toBeCloseTo(1 / 2, DIGITS);
    expect(large.apMedium).toBeCloseTo(1, DIGITS);
    expect(large.apLarge).toBeNull();
    // Its 60² px are medium.
    expect(evaluate(found(60)).apMedium).toBeCloseTo(1 / 2, DIGITS);
  });

  it('does not hold a hit of another size against the model', () => {
    const [medium, large] = [person({ areaPx: 50 ** 2 }), person({ x: 1000 })];
    const detections = [detection(large, 0.9), detection(medium, 0.8)];
    const { apMedium, apLarge, arMedium } = evaluate({ people: [large, medium], detections });
    expect(apMedium).toBeCloseTo(1, DIGITS);
    expect(apLarge).toBeCloseTo(1, DIGITS);
    expect(arMedium).toBe(1);
  });

  it.each([
    [32 ** 2 - 1, false, false],
    [32 ** 2, true, false],
    [96 ** 2, true, true],
    [96 ** 2 + 1, false, true],
  ])('%i px² is medium: %s, large: %s', (areaPx, isMedium, isLarge) => {
    const { ar, arMedium, arLarge } = evaluate({ people: [person({ areaPx })], detections: [] });
    expect(ar).toBe(0);
    expect(arMedium).toBe(isMedium ? 0 : null);
    expect(arLarge).toBe(isLarge ? 0 : null);
  });
});

describe.skipIf(!hasSharedAssets)('the 27 photographs', () => {
  it('score as in pycocotools 2.0.11', () => {
    const path = sharedAsset('gt/coco-permissive/person_keypoints_subset.json');
    const images = readCocoAnnotations(JSON.parse(readFileSync(path, 'utf8')));
    const metrics = evaluateCocoKeypoints(
      images.map(({ id, people }) => ({ people, detections: looseDetections(people, id) })),
    );
    const expected = {
      ap: 0.5597674610837093,
      ap50: 0.7058359338385889,
      ap75: 0.6446895785816398,
      apMedium: 0.5814984855734309,
      apLarge: 0.6121249520381528,
      ar: 0.6828571428571429,
      ar50: 0.7857142857142857,
      ar75: 0.7428571428571429,
      arMedium: 0.6275000000000001,
      arLarge: 0.7566666666666666,
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(metrics[name as keyof typeof metrics], name).toBeCloseTo(value, DIGITS);
    }
  });
});
