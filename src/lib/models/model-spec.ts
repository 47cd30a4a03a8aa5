// What a model is to Kinemark. Data only: how a network is executed belongs to engines and pipelines.
import type { SkeletonId } from '../pose/skeletons.ts';

/** The library that executes a network. */
export type EngineId = 'mediapipe';

/** Where a network executes. */
export type BackendId = 'wasm';

/** One file of weights. `url` is relative to the app's origin; `sha256` is lower-case hex. */
export type ModelFile = {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** One network variant, with the digest of its weights and the engines and backends it runs on. */
export type ModelSpec = {
  readonly id: string;
  readonly title: string;
  /** SPDX identifier. */
  readonly license: string;
  /** Where the weights come from, as a package URL or web address. */
  readonly source: string;
  readonly skeleton: SkeletonId;
  readonly variants: readonly ModelVariant[];
};

/** The files one engine needs to run a model, and the backends it may run them on. */
export type ModelVariant = {
  readonly engine: EngineId;
  readonly backends: readonly BackendId[];
  readonly file: ModelFile;
};
