// What a model is to Kinemark. Data only: how a network is executed belongs to engines and pipelines.
import type { PipelineConfig } from '../pipelines/pipeline-config.ts';
import type { SkeletonId } from '../pose/skeletons.ts';

/** What the ids of models that a user brought begin with. */
export const OWN_MODEL_PREFIX = 'own-';

/** The libraries that execute networks, in the order they are listed. */
export const engineIds = ['mediapipe', 'litert', 'ort', 'tfjs'] as const;
export type EngineId = (typeof engineIds)[number];

/** Where a network executes, in the order they are listed. */
export const backendIds = ['wasm', 'webgl', 'webgpu', 'webnn'] as const;
export type BackendId = (typeof backendIds)[number];

/**
 * One file of weights. `name` is its role among the files of a variant, with `/` where they are nested:
 * `landmarks`, `landmarks/model.json`. `url` is a path of the app's origin, the public address of weights
 * that Kinemark does not carry, or `imported:<sha256>` for a file that the user brought. A fragment names
 * the file inside the zip archive at that address; size and digest are those of the file. Where upstream
 * publishes no digest, `sha256` and `bytes` are null and pinned when it is first downloaded.
 */
export type ModelFile = {
  readonly name: string;
  readonly url: string;
  readonly bytes: number | null;
  /** Lower-case hex. */
  readonly sha256: string | null;
};

/** A file whose size and digest are known: what an engine is given. */
export type PinnedFile = ModelFile & { readonly bytes: number; readonly sha256: string };

/** One network variant, with the digest of its weights and the engines and backends it runs on. */
export type ModelSpec = {
  readonly id: string;
  readonly title: string;
  /** SPDX identifier. `LicenseRef-unknown` for a model that the user brought. */
  readonly license: string;
  /** What to show before anything of the model is fetched; null where the licence asks nothing of a user. */
  readonly licenseNotice: string | null;
  /** Where the weights come from, as a package URL or web address; in words for a model that the user brought. */
  readonly source: string;
  readonly skeleton: SkeletonId;
  readonly variants: readonly ModelVariant[];
};

/** The files one engine needs to run a model, what is around the network, and where it may run. */
export type ModelVariant = {
  readonly engine: EngineId;
  readonly backends: readonly BackendId[];
  readonly pipeline: PipelineConfig;
  readonly files: readonly ModelFile[];
};
