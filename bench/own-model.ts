// A model of the user's own, as the command line says it.
import { basename } from 'node:path';
import { statSync } from 'node:fs';
import { backendIds, engineIds } from '../src/lib/models/model-spec.ts';
import type { BackendId, EngineId } from '../src/lib/models/model-spec.ts';
import { BenchError } from './bench-error.ts';

/** Files of a model, and how it is to be run. What fits the files is found out on the page. */
export type OwnModel = {
  /** One file, or a TF.js model.json with its shards. */
  readonly paths: readonly string[];
  /** What is around the network; null leaves it to what its inputs and outputs look like. */
  readonly pipeline: string | null;
  /** Null for the one that reads such files. */
  readonly engine: EngineId | null;
  readonly backend: BackendId;
};

/** The arguments as they were given. */
export type OwnModelArguments = {
  readonly model?: readonly string[] | undefined;
  readonly pipeline?: string | undefined;
  readonly engine?: string | undefined;
  readonly backend?: string | undefined;
};

/** Null when there is none. Throws a BenchError naming what is wrong. */
export function readOwnModel(args: OwnModelArguments): OwnModel | null {
  const { model, pipeline, engine, backend } = args;
  if (!model) {
    const alone = Object.entries({ pipeline, engine, backend }).find(([, value]) => value);
    if (!alone) return null;
    throw new BenchError(
      `--${alone[0]} says how to run a model of your own, but there is none. Give its file with --model.`,
    );
  }
  model.forEach(requireFile);
  return {
    paths: model,
    pipeline: pipeline ?? null,
    engine: engine === undefined ? null : readChoice('--engine', engine, engineIds),
    backend: backend === undefined ? 'wasm' : readChoice('--backend', backend, backendIds),
  };
}

/** The wanted one of the targets that the model gives. Throws a BenchError when it is not among them. */
export function chooseOwnTarget(
  { paths, engine, backend }: OwnModel,
  given: readonly { readonly id: string; readonly engine: string; readonly backend: string }[],
): string {
  const wanted = given.find(
    (target) => target.backend === backend && (engine ?? target.engine) === target.engine,
  );
  if (wanted) return wanted.id;
  throw new BenchError(
    `${basename(paths[0] ?? '')} cannot run on ${engine ? `${engine}@` : ''}${backend}. Choose --engine and --backend of one of: ${given.map(({ id }) => id).join(', ')}.`,
  );
}

function requireFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return;
  throw new BenchError(
    `The model ${path} ${stats ? 'is not a file' : 'does not exist'}. Give --model the path of a .task, .tflite or .onnx file, or of a model.json and its shards.`,
  );
}

function readChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text);
  if (choice) return choice;
  throw new BenchError(`${option} is "${text}", but must be one of: ${choices.join(', ')}.`);
}
