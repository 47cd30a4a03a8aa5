// Makes a model like any other of one that the user brought.
import { engineBackends } from '../models/engine-backends.ts';
import { OWN_MODEL_PREFIX } from '../models/model-spec.ts';
import type { ModelSpec, PinnedFile } from '../models/model-spec.ts';
import type { PipelineConfig } from '../pipelines/pipeline-config.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import { digestOfFiles } from '../weights/digest-of-files.ts';
import { importedUrl } from '../weights/kept-weights.ts';
import { sha256Of } from '../weights/sha256-of.ts';
import type { ImportedFile, InspectedModel } from './inspected-model.ts';

/** A model for the catalogue of this device, and what must be kept before it can run. */
export type ImportedModel = {
  readonly model: ModelSpec;
  /** For `keepImported`. */
  readonly contents: readonly Uint8Array<ArrayBuffer>[];
};

/** Characters of a name that go into an id, and of the digest. */
const MAX_SLUG_LENGTH = 40;
const DIGEST_LENGTH = 8;

/**
 * The model with the pipeline that the user confirmed, by the name that the user gave it. The same files
 * with the same pipeline by the same name are the same model; results of another would not be comparable.
 */
export async function makeImportedModel(
  { engine, files }: Pick<InspectedModel, 'engine' | 'files'>,
  pipeline: PipelineConfig,
  name: string,
): Promise<ImportedModel> {
  const pinned = await Promise.all(files.map(pin));
  const digest = await digestOf(pinned, pipeline);
  return {
    model: {
      id: `${OWN_MODEL_PREFIX}${slugOf(name)}-${digest.slice(0, DIGEST_LENGTH)}`,
      title: name.trim() || 'Own model',
      license: 'LicenseRef-unknown',
      licenseNotice: null,
      source: 'imported on this device',
      skeleton: skeletonOf(pipeline),
      variants: [{ engine, backends: engineBackends[engine], pipeline, files: pinned }],
    },
    contents: files.map(({ contents }) => contents),
  };
}

async function pin({ name, contents }: ImportedFile): Promise<PinnedFile> {
  const sha256 = await sha256Of(contents);
  return { name, url: importedUrl(sha256), bytes: contents.byteLength, sha256 };
}

/** Of a line with the digest of the files and one with the pipeline, as JSON with its keys in order. */
function digestOf(files: readonly PinnedFile[], pipeline: PipelineConfig): Promise<string> {
  const lines = `${digestOfFiles(files)}\n${JSON.stringify(pipeline, inKeyOrder)}\n`;
  return sha256Of(new TextEncoder().encode(lines));
}

/** For JSON.stringify: configurations that say the same are the same, whoever wrote them. */
function inKeyOrder(_key: string, value: unknown): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What of a name may stand in the id of a target. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-|-$/g, '');
  return slug || 'model';
}

/** The keypoints that a pipeline gives. */
function skeletonOf(pipeline: PipelineConfig): SkeletonId {
  switch (pipeline.kind) {
    case 'openpose':
      return pipeline.skeleton;
    case 'blazepose':
    case 'mediapipe-pose-landmarker':
    case 'tfjs-blazepose':
      return 'blazepose-33';
    case 'movenet-single':
    case 'movenet-multi':
    case 'yolo-pose':
    case 'simcc':
    case 'tfjs-movenet':
    case 'tfjs-posenet':
      return 'coco-17';
  }
}
