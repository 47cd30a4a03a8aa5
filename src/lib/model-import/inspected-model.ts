// What is known of the user's own model before it runs.
import type { EngineId } from '../models/model-spec.ts';
import type { PipelineConfig } from '../pipelines/pipeline-config.ts';
import type { NetworkInterface } from './network-interface.ts';

/** The formats of the user's own models. */
export type ImportedFormat = 'task' | 'tflite' | 'onnx' | 'tfjs';

/** A file by its role in the model, as engines look for it (`ModelFile.name`). */
export type ImportedFile = {
  readonly name: string;
  readonly contents: Uint8Array<ArrayBuffer>;
};

/**
 * A model that has been read but not run. Of a model with two networks, `inputs` and `outputs` are those of the
 * one that gives keypoints.
 */
export type InspectedModel = NetworkInterface & {
  readonly format: ImportedFormat;
  /** The engine that executes this format. */
  readonly engine: EngineId;
  /** What could be around the network, the likeliest first; at least one. */
  readonly proposals: readonly PipelineConfig[];
  readonly files: readonly ImportedFile[];
};
