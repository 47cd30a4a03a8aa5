// Runs what the forge wrote, on the runtimes themselves, in Node: ONNX Runtime Web and TF.js, both on wasm.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Ort from 'onnxruntime-web';
import type * as WasmBackend from '@tensorflow/tfjs-backend-wasm';
import type * as Converter from '@tensorflow/tfjs-converter';
import type * as Tf from '@tensorflow/tfjs-core';
import type { OutputFile } from '../../../tools/forge/write-together.ts';

// One instance of each, in the form made for Node: TF.js's ES modules name no file extensions.
const require = createRequire(import.meta.url);
const ort = require('onnxruntime-web') as typeof Ort;
const tf = require('@tensorflow/tfjs-core') as typeof Tf;
const wasmBackend = require('@tensorflow/tfjs-backend-wasm') as typeof WasmBackend;
const converter = require('@tensorflow/tfjs-converter') as typeof Converter;

/** Elements and shape of a float32 tensor. */
export interface RunTensor {
  shape: readonly number[];
  values: Float32Array;
}

/** Runs an ONNX file with one input once; returns its outputs by name. */
export async function runOnnx(
  bytes: Uint8Array,
  input: RunTensor,
): Promise<Map<string, RunTensor>> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes);
  const [name] = session.inputNames;
  const outputs = await session.run({
    [name!]: new ort.Tensor('float32', input.values, input.shape),
  });
  const results = session.outputNames.map((output): [string, RunTensor] => {
    const { dims, data } = outputs[output]!;
    return [output, { shape: dims, values: Float32Array.from(data as Float32Array) }];
  });
  await session.release();
  return new Map(results);
}

/** Runs a TF.js graph model with one input once; returns its outputs by name. */
export async function runTfjs(
  files: readonly OutputFile[],
  input: RunTensor,
): Promise<Map<string, RunTensor>> {
  await selectWasm();
  const model = await converter.loadGraphModel({ load: async () => toArtifacts(files) });
  const names = model.outputs.map(({ name }) => name.replace(/:0$/, ''));
  const tensor = tf.tensor(input.values, [...input.shape]);
  const outputs = [model.execute(tensor, names)].flat();
  const results = names.map((name, index): [string, RunTensor] => {
    const output = outputs[index]!;
    return [name, { shape: output.shape, values: Float32Array.from(output.dataSync()) }];
  });
  tf.dispose([tensor, ...outputs]);
  model.dispose();
  return new Map(results);
}

async function selectWasm(): Promise<void> {
  if (tf.getBackend() === 'wasm') return;
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  wasmBackend.setWasmPaths(join(folder, 'dist/'));
  await tf.setBackend('wasm');
}

function toArtifacts(files: readonly OutputFile[]): Tf.io.ModelArtifacts {
  const dataOf = (name: string) => files.find((file) => file.name === name)!.data;
  const model = JSON.parse(Buffer.from(dataOf('model.json')).toString()) as Tf.io.ModelJSON;
  const [group] = model.weightsManifest;
  const weights = Buffer.concat(group!.paths.map(dataOf));
  return {
    modelTopology: model.modelTopology,
    signature: model.signature!,
    weightSpecs: group!.weights,
    weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length),
  };
}
