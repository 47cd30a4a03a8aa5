// Reads COCO keypoint annotations: parsed JSON in, the annotated images and their people out.
import { skeletons } from '../pose/skeletons.ts';
import type { AnnotatedPerson, BoundingBox } from './coco-evaluation.ts';
import type { TrueKeypoint } from './oks.ts';

/** An image and everybody annotated in it. */
export type AnnotatedImage = {
  readonly id: number;
  readonly fileName: string;
  /** `frame_index` and `frame_id`, by which files about a video number its frames; null without. */
  readonly frameIndex: number | null;
  readonly frameId: number | null;
  /** `width` and `height`; null without. */
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly people: readonly AnnotatedPerson[];
};

/** The value is no set of COCO keypoint annotations. The message completes "the file …". */
export class CocoAnnotationsError extends Error {
  override readonly name = 'CocoAnnotationsError';
}

const cocoNames = skeletons['coco-17'].keypointNames.map(bareName);
const KEYPOINT_COUNT = cocoNames.length;
/** x, y and visibility. */
const NUMBERS_PER_KEYPOINT = 3;
const NUMBERS_PER_BOX = 4;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The images in the order of their ids, which evaluation needs. Annotations of categories without COCO's
 * 17 keypoints and of images that are not listed are left out, as pycocotools does. Throws a
 * CocoAnnotationsError when the value is not of that format or has no keypoints at all.
 */
export function readCocoAnnotations(value: unknown): AnnotatedImage[] {
  const root = isFields(value) ? value : {};
  const images = listOf(root['images']);
  const annotations = listOf(root['annotations']);
  if (!images || !annotations) {
    throw new CocoAnnotationsError('is not in COCO format: it lists no images and annotations');
  }
  const categories = keypointCategories(listOf(root['categories']));
  const people = new Map<number, AnnotatedPerson[]>();
  for (const annotation of annotations) {
    if (categories && !categories.has(annotation['category_id'])) continue;
    const imageId = numberOf(annotation, 'image_id');
    const person = readPerson(annotation);
    people.set(imageId, [...(people.get(imageId) ?? []), person]);
  }
  if (people.size === 0) {
    throw new CocoAnnotationsError(
      `has no people annotated with COCO's ${KEYPOINT_COUNT} keypoints`,
    );
  }
  return images.map((image) => readImage(image, people)).sort((a, b) => a.id - b.id);
}

function readImage(
  image: Fields,
  people: ReadonlyMap<number, readonly AnnotatedPerson[]>,
): AnnotatedImage {
  const id = numberOf(image, 'id');
  const fileName = image['file_name'];
  if (typeof fileName !== 'string') throw lacking('image', image, 'file_name');
  return {
    id,
    fileName,
    frameIndex: countOf(image['frame_index']),
    frameId: countOf(image['frame_id']),
    widthPx: countOf(image['width']),
    heightPx: countOf(image['height']),
    people: people.get(id) ?? [],
  };
}

function readPerson(annotation: Fields): AnnotatedPerson {
  const keypoints = readKeypoints(annotation);
  const labelled = annotation['num_keypoints'] ?? keypoints.filter(({ v }) => v > 0).length;
  const isCrowd = Boolean(annotation['iscrowd']);
  return {
    keypoints,
    areaPx: numberOf(annotation, 'area'),
    box: readBox(annotation, 'bbox'),
    headBox: readHeadBox(annotation),
    isCrowd,
    isIgnored: isCrowd || labelled === 0,
  };
}

function readKeypoints(annotation: Fields): TrueKeypoint[] {
  const numbers = numbersOf(annotation, 'keypoints', KEYPOINT_COUNT * NUMBERS_PER_KEYPOINT);
  return Array.from({ length: KEYPOINT_COUNT }, (_, joint) => {
    const [x = 0, y = 0, v = 0] = numbers.slice(joint * NUMBERS_PER_KEYPOINT);
    return { x, y, v };
  });
}

function readBox(annotation: Fields, name: 'bbox' | 'bbox_head'): BoundingBox {
  const [x = 0, y = 0, width = 0, height = 0] = numbersOf(annotation, name, NUMBERS_PER_BOX);
  return { x, y, width, height };
}

/** PoseTrack's `bbox_head`, which is missing, empty or without size where the head was not annotated. */
function readHeadBox(annotation: Fields): BoundingBox | null {
  const value = annotation['bbox_head'];
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
    return null;
  }
  const box = readBox(annotation, 'bbox_head');
  return box.width > 0 && box.height > 0 ? box : null;
}

/** Ids of the categories with COCO's keypoints; null where the file does not describe its categories. */
function keypointCategories(categories: readonly Fields[] | null): ReadonlySet<unknown> | null {
  const matching = categories?.filter(({ keypoints }) => isCocoLayout(keypoints));
  return matching ? new Set(matching.map(({ id }) => id)) : null;
}

/**
 * COCO's number of keypoints, in COCO's order. PoseTrack has 17 too, of which some are others, so names are
 * compared as soon as one of them is one of COCO's: exporters write `left eye`, or only numbers.
 */
function isCocoLayout(keypoints: unknown): boolean {
  if (!Array.isArray(keypoints) || keypoints.length !== KEYPOINT_COUNT) return false;
  const names = keypoints.map(bareName);
  const isNamed = names.some((name) => cocoNames.includes(name));
  return !isNamed || names.every((name, joint) => name === cocoNames[joint]);
}

function bareName(name: unknown): string {
  return String(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}

/** A whole number from 0; null for anything else. */
function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function numberOf(fields: Fields, name: 'id' | 'image_id' | 'area'): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw lacking(name === 'id' ? 'image' : 'annotation', fields, name);
}

function numbersOf(annotation: Fields, name: string, count: number): readonly number[] {
  const value = annotation[name];
  const isComplete =
    Array.isArray(value) && value.length === count && value.every((each) => Number.isFinite(each));
  if (isComplete) return value as number[];
  throw lacking('annotation', annotation, name);
}

function lacking(what: 'image' | 'annotation', fields: Fields, name: string): CocoAnnotationsError {
  const id = JSON.stringify(fields['id'] ?? 'without id');
  return new CocoAnnotationsError(
    `is not a complete set of COCO keypoint annotations: ${what} ${id} has no valid "${name}"`,
  );
}

function listOf(value: unknown): readonly Fields[] | null {
  return Array.isArray(value) && value.every(isFields) ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
