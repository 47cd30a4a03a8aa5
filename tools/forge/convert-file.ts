// Converts one TFLite file of the user's: `npm run models -- convert`. Prints nothing.
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { ForgeError } from './forge-error.ts';
import type { Graph } from './graph/graph.ts';
import { writeOnnx } from './onnx/write-onnx.ts';
import { readGraph } from './tflite/read-graph.ts';
import { writeTfjs } from './tfjs/write-tfjs.ts';
import { writeTogether } from './write-together.ts';

/** What a TFLite file can become. */
export const FORMATS = ['onnx', 'tfjs'] as const;
export type Format = (typeof FORMATS)[number];

/** A conversion to do. */
export interface Conversion {
  /** Path of the TFLite file. */
  file: string;
  format: Format;
  /**
   * Path of the .onnx file, or of a folder for it, which is there or ends in a slash; or of the TF.js model's
   * folder. Null for one beside `file`.
   */
  output: string | null;
}

/** A file that was written, by its absolute path. */
export interface WrittenFile {
  path: string;
  bytes: number;
}

/**
 * Converts the file and returns what was written. Throws a ForgeError, and writes nothing, when it cannot
 * be read, is no TFLite model or uses what the forge cannot convert, or the output cannot be written.
 */
export function convertFile({ file, format, output }: Conversion): WrittenFile[] {
  const name = basename(file, extname(file));
  const graph = readGraph({ name: basename(file), bytes: readBytes(file) });
  const { folder, files } = CONVERTERS[format](graph, name, outputPath(file, name, format, output));
  writeTogether(folder, files);
  return files.map((each) => ({ path: join(folder, each.name), bytes: each.data.length }));
}

function outputPath(file: string, name: string, format: Format, output: string | null): string {
  const defaultName = DEFAULT_OUTPUT[format](name);
  if (output === null) return resolve(dirname(file), defaultName);
  return format === 'onnx' && isFolder(output) ? resolve(output, defaultName) : resolve(output);
}

function isFolder(path: string): boolean {
  if (path.endsWith('/') || path.endsWith(sep)) return true;
  try {
    return statSync(path).isDirectory();
  } catch {
    // Nothing is there yet; if it cannot be put there either, writing says why.
    return false;
  }
}

const DEFAULT_OUTPUT: Record<Format, (name: string) => string> = {
  onnx: (name) => `${name}.onnx`,
  tfjs: (name) => `${name}-tfjs`,
};

const CONVERTERS = {
  onnx: (graph: Graph, name: string, path: string) => ({
    folder: dirname(path),
    files: [{ name: basename(path), data: writeOnnx(name, graph) }],
  }),
  tfjs: (graph: Graph, _name: string, path: string) => ({ folder: path, files: writeTfjs(graph) }),
};

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ForgeError(`${file} cannot be read (${code}); check the path.`, { cause: error });
  }
}
