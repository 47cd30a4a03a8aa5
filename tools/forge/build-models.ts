// Turns the networks of @mediapipe/pose into the files that engines load, and lists these in a manifest.
// Prints nothing.
import { createHash } from 'node:crypto';
import { attachMetadata } from './attach-metadata.ts';
import { buildImageMetadata, type Normalization } from './image-metadata.ts';
import {
  PACKAGE_NAME,
  readPosePackage,
  VARIANTS,
  type PosePackage,
  type Variant,
} from './pose-package.ts';
import { buildStoredZip } from './stored-zip.ts';
import type { TfliteModel } from './tflite-reader.ts';
import { writeTogether, type OutputFile } from './write-together.ts';

/** A file that was built. */
export interface Artefact {
  /** Relative to the output folder. */
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Name of the file that lists the models. */
export const MANIFEST_NAME = 'manifest.json';

const MANIFEST_SCHEMA = 'kinemark.models/1';
const JSON_INDENT = 2;

/** The ranges the networks were trained on: [-1, 1] for the detector, [0, 1] for the landmarks. */
const DETECTOR_NORMALIZATION: Normalization = { mean: 127.5, std: 127.5 };
const LANDMARKS_NORMALIZATION: Normalization = { mean: 0, std: 255 };

/** The entries that MediaPipe's PoseLandmarker expects in a bundle. */
const BUNDLE_ENTRY = {
  detector: 'pose_detector.tflite',
  landmarks: 'pose_landmarks_detector.tflite',
} as const;

/**
 * Builds every model from the package in `packageFolder` into `outputFolder`; returns the files
 * written, the manifest last. The same package gives the same bytes. Throws a ForgeError for bad
 * input, before anything is written, or when `outputFolder` cannot be written to.
 */
export function buildModels(packageFolder: string, outputFolder: string): Artefact[] {
  const source = readPosePackage(packageFolder);
  const models = VARIANTS.map((variant) => buildModel(source, variant));
  const files = [...models.map(({ file }) => file), buildManifest(source, models)];
  writeTogether(outputFolder, files);
  return files.map(describeFile);
}

interface BuiltModel {
  id: string;
  file: OutputFile;
}

function buildModel({ detector, landmarks }: PosePackage, variant: Variant): BuiltModel {
  const id = `blazepose-${variant}`;
  const data = buildStoredZip([
    { name: BUNDLE_ENTRY.detector, data: withNormalization(detector, DETECTOR_NORMALIZATION) },
    {
      name: BUNDLE_ENTRY.landmarks,
      data: withNormalization(landmarks[variant], LANDMARKS_NORMALIZATION),
    },
  ]);
  return { id, file: { name: `${id}.task`, data } };
}

function withNormalization(model: TfliteModel, normalization: Normalization): Uint8Array {
  return attachMetadata(model, buildImageMetadata(normalization));
}

function buildManifest(
  { version, license }: PosePackage,
  built: readonly BuiltModel[],
): OutputFile {
  const source = `npm:${PACKAGE_NAME}@${version}`;
  const models = built.map(({ id, file }) => ({
    id,
    files: [describeFile(file)],
    license,
    source,
  }));
  const json = JSON.stringify({ schema: MANIFEST_SCHEMA, models }, null, JSON_INDENT);
  return { name: MANIFEST_NAME, data: Buffer.from(`${json}\n`) };
}

function describeFile({ name, data }: OutputFile): Artefact {
  const sha256 = createHash('sha256').update(data).digest('hex');
  return { path: name, bytes: data.length, sha256 };
}
