// Turns the networks of @mediapipe/pose into the files that engines load, and lists these in a manifest.
// Prints nothing.
import { createHash } from 'node:crypto';
import { attachMetadata } from './attach-metadata.ts';
import {
  readDetectorGraph,
  readLandmarkGraph,
  withJoinedDetections,
  withoutMask,
  withProbabilities,
} from './blazepose-graphs.ts';
import { buildImageMetadata, type Normalization } from './image-metadata.ts';
import type { Graph } from './graph/graph.ts';
import { writeOnnx } from './onnx/write-onnx.ts';
import {
  PACKAGE_NAME,
  readPosePackage,
  VARIANTS,
  type PosePackage,
  type Variant,
} from './pose-package.ts';
import { buildStoredZip } from './stored-zip.ts';
import { writeTfjs } from './tfjs/write-tfjs.ts';
import { writeTflite } from './tflite/write-tflite.ts';
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

/** The variants that also come without the mask; of the heavy one it is 2 % of the work. */
const MASKLESS_VARIANTS: readonly Variant[] = ['lite', 'full'];

/** The folder of the TF.js models, each in one of its own. */
const TFJS_FOLDER = 'tfjs';

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
  const models = [
    ...VARIANTS.map((variant) => buildVariant(source, variant)),
    ...MASKLESS_VARIANTS.map((variant) => buildMaskless(source, variant)),
    buildDetector(source),
  ];
  const files = [...models.flatMap((model) => model.files), buildManifest(source, models)];
  writeTogether(outputFolder, files);
  return files.map(describeFile);
}

interface BuiltModel {
  id: string;
  files: OutputFile[];
}

/** What is particular to one variant: the bundle, and the landmark network per runtime. */
function buildVariant({ detector, landmarks }: PosePackage, variant: Variant): BuiltModel {
  const id = `blazepose-${variant}`;
  const network = landmarks[variant];
  const graph = readLandmarkGraph(network);
  const bundle = buildStoredZip([
    { name: BUNDLE_ENTRY.detector, data: withNormalization(detector, DETECTOR_NORMALIZATION) },
    { name: BUNDLE_ENTRY.landmarks, data: withNormalization(network, LANDMARKS_NORMALIZATION) },
  ]);
  const name = `${id}-landmarks`;
  const files = [
    { name: `${id}.task`, data: bundle },
    { name: `${name}.tflite`, data: network.bytes },
    ...buildConverted(name, graph, withProbabilities(graph)),
  ];
  return { id, files };
}

/** The landmark network without its mask, for the runtimes on which the pipeline is ours. */
function buildMaskless({ landmarks }: PosePackage, variant: Variant): BuiltModel {
  const id = `maskless-blazepose-${variant}`;
  const graph = withoutMask(readLandmarkGraph(landmarks[variant]));
  const name = `${id}-landmarks`;
  const files = [
    { name: `${name}.tflite`, data: writeTflite(graph) },
    { name: `${name}.onnx`, data: writeOnnx(name, graph) },
  ];
  return { id, files };
}

/**
 * The detector, which all variants share. Its TFLite file is written anew with dense weights: LiteRT.js
 * has no DENSIFY on WebGPU, and on the CPU it warns that sparse tensors are not fully supported.
 */
function buildDetector({ detector }: PosePackage): BuiltModel {
  const id = 'blazepose-detector';
  const graph = readDetectorGraph(detector);
  const files = [
    { name: `${id}.tflite`, data: writeTflite(graph) },
    ...buildConverted(id, graph, withJoinedDetections(graph)),
  ];
  return { id, files };
}

/** A network for ONNX Runtime Web and for TF.js, which may want other outputs. */
function buildConverted(name: string, onnxGraph: Graph, tfjsGraph: Graph): OutputFile[] {
  const tfjsFiles = writeTfjs(tfjsGraph).map((file) => ({
    ...file,
    name: `${TFJS_FOLDER}/${name}/${file.name}`,
  }));
  return [{ name: `${name}.onnx`, data: writeOnnx(name, onnxGraph) }, ...tfjsFiles];
}

function withNormalization(model: TfliteModel, normalization: Normalization): Uint8Array {
  return attachMetadata(model, buildImageMetadata(normalization));
}

function buildManifest(
  { version, license }: PosePackage,
  built: readonly BuiltModel[],
): OutputFile {
  const source = `npm:${PACKAGE_NAME}@${version}`;
  const models = built.map(({ id, files }) => ({
    id,
    files: files.map(describeFile),
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
