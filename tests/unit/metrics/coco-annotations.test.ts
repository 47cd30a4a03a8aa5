import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CocoAnnotationsError,
  readCocoAnnotations,
} from '../../../src/lib/metrics/coco-annotations.ts';
import { skeletons } from '../../../src/lib/pose/skeletons.ts';
import { hasSharedAssets, sharedAsset } from '../../fixtures/shared-assets.ts';

const keypoints = Array.from({ length: 17 }, (_, i) => [i, 2 * i, i < 3 ? 2 : 0]).flat();
const annotation = {
  id: 7,
  image_id: 2,
  category_id: 1,
  keypoints,
  num_keypoints: 3,
  area: 900,
  bbox: [1, 2, 30, 40],
  iscrowd: 0,
};
const file = {
  images: [
    { id: 9, file_name: 'b.jpg' },
    { id: 2, file_name: 'a.jpg' },
  ],
  annotations: [annotation],
  categories: [{ id: 1, name: 'person', keypoints: Array(17).fill('joint') }],
};

describe('readCocoAnnotations', () => {
  it('gives the images in the order of their ids, with their people', () => {
    const [first, second] = readCocoAnnotations(file);
    expect(second).toEqual({
      id: 9,
      fileName: 'b.jpg',
      frameIndex: null,
      frameId: null,
      widthPx: null,
      heightPx: null,
      people: [],
    });
    expect(first).toMatchObject({ id: 2, fileName: 'a.jpg' });
    expect(first?.people).toHaveLength(1);
    expect(first?.people[0]).toMatchObject({
      areaPx: 900,
      box: { x: 1, y: 2, width: 30, height: 40 },
      isCrowd: false,
      headBox: null,
      isIgnored: false,
    });
    expect(first?.people[0]?.keypoints[16]).toEqual({ x: 16, y: 32, v: 0 });
    expect(first?.people[0]?.keypoints[2]).toEqual({ x: 2, y: 4, v: 2 });
  });

  it.each([
    ['a crowd', { iscrowd: 1 }, { isCrowd: true, isIgnored: true }],
    ['nobody labelled', { num_keypoints: 0 }, { isCrowd: false, isIgnored: true }],
    ['a file that does not count', { num_keypoints: undefined }, { isIgnored: false }],
  ])('knows whom to ignore: %s', (_, change, expected) => {
    const [image] = readCocoAnnotations({ ...file, annotations: [{ ...annotation, ...change }] });
    expect(image?.people[0]).toMatchObject(expected);
  });

  it('reads which frame an image is, and how large', () => {
    const images = [
      { id: 1, file_name: 'a', frame_index: 0, frame_id: 7, width: 640, height: 480 },
    ];
    const [image] = readCocoAnnotations({ ...file, images });
    expect(image).toMatchObject({ frameIndex: 0, frameId: 7, widthPx: 640, heightPx: 480 });
    const odd = [{ ...images[0], frame_index: 1.5, frame_id: -1, width: '640' }];
    const [other] = readCocoAnnotations({ ...file, images: odd });
    expect(other).toMatchObject({ frameIndex: null, frameId: null, widthPx: null });
  });

  it.each([
    ['a head', [5, 6, 7, 8], { x: 5, y: 6, width: 7, height: 8 }],
    ['a head that is partly outside', [-5, -6, 7, 8], { x: -5, y: -6, width: 7, height: 8 }],
    ['no head', null, null],
    ['an empty head', [], null],
    ['a head without size', [0, 0, 0, 0], null],
  ])('reads %s', (_, bbox_head, headBox) => {
    const [image] = readCocoAnnotations({ ...file, annotations: [{ ...annotation, bbox_head }] });
    expect(image?.people[0]?.headBox).toEqual(headBox);
  });

  it('knows the layout by its names, however they are spelt', () => {
    const names = [...skeletons['coco-17'].keypointNames];
    const read = (keypoints: readonly string[]) =>
      readCocoAnnotations({ ...file, categories: [{ id: 1, name: 'person', keypoints }] });
    expect(read(names)).toHaveLength(2);
    expect(read(names.map((name) => name.replace('_', ' ').toUpperCase()))).toHaveLength(2);
    // PoseTrack's 17: the second and third are no eyes.
    const poseTrack = names.with(1, 'head_bottom').with(2, 'head_top');
    expect(() => read(poseTrack)).toThrow(/no people annotated with COCO's 17/);
    expect(() => read(names.toReversed())).toThrow(CocoAnnotationsError);
  });

  it('leaves out what is no person and what is in no image', () => {
    const others = [
      annotation,
      { id: 8, image_id: 2, category_id: 3, bbox: [0, 0, 1, 1] },
      { ...annotation, id: 9, image_id: 77 },
    ];
    const images = readCocoAnnotations({ ...file, annotations: others });
    expect(images.map(({ people }) => people.length)).toEqual([1, 0]);
  });

  it.each([
    ['a list', [], /is not in COCO format/],
    ['nothing', null, /is not in COCO format/],
    ['another format', { shapes: [] }, /lists no images and annotations/],
    ['images that are none', { ...file, images: ['a.jpg'] }, /lists no images and annotations/],
    ['no annotations', { ...file, annotations: [] }, /has no people annotated with COCO's 17/],
    [
      'boxes without keypoints',
      { ...file, categories: [{ id: 1, name: 'person' }] },
      /has no people annotated with COCO's 17/,
    ],
    [
      'too few numbers',
      { ...file, annotations: [{ ...annotation, keypoints: [1, 2, 2] }] },
      /annotation 7 has no valid "keypoints"/,
    ],
    [
      'no area',
      { ...file, annotations: [{ ...annotation, area: undefined }] },
      /annotation 7 has no valid "area"/,
    ],
    [
      'a head that is no box',
      { ...file, annotations: [{ ...annotation, bbox_head: [1, 2] }] },
      /annotation 7 has no valid "bbox_head"/,
    ],
    ['no file name', { ...file, images: [{ id: 4 }] }, /image 4 has no valid "file_name"/],
  ])('says what is wrong with %s', (_, value, sentence) => {
    expect(() => readCocoAnnotations(value)).toThrow(CocoAnnotationsError);
    expect(() => readCocoAnnotations(value)).toThrow(sentence);
  });

  it.skipIf(!hasSharedAssets)('reads the 27 photographs: 133 annotations, 70 people', () => {
    const path = sharedAsset('gt/coco-permissive/person_keypoints_subset.json');
    const images = readCocoAnnotations(JSON.parse(readFileSync(path, 'utf8')));
    const people = images.flatMap((image) => image.people);
    expect([images.length, people.length]).toEqual([27, 133]);
    expect(people.filter(({ isIgnored }) => !isIgnored)).toHaveLength(70);
    expect(people.filter(({ isCrowd }) => isCrowd)).toHaveLength(5);
  });
});
