// Which files each engine is made of in this build, and how large they are: written by the build
// (tools/build/engine-files.js), because only it knows their names.
import type { BackendId, EngineId } from '../models/model-spec.ts';

/** Where the build puts the list. */
export const ENGINE_FILES_PATH = '/_app/engine-files.json';

/** A file of an engine, as it is kept: not compressed. */
export type EngineFile = { readonly path: string; readonly bytes: number };

/** Per engine its worker's path, and everything that the worker may load, itself included. */
export type EngineFiles = Readonly<
  Record<EngineId, { readonly worker: string; readonly files: readonly EngineFile[] }>
>;

/** The list of this build; null where there is none (`vite dev`) or nobody answers. */
export async function readEngineFiles(): Promise<EngineFiles | null> {
  try {
    const response = await fetch(ENGINE_FILES_PATH);
    return response.ok ? ((await response.json()) as EngineFiles) : null;
  } catch {
    return null;
  }
}

/** The paths of all engines' files. */
export function pathsOf(engineFiles: EngineFiles): ReadonlySet<string> {
  return new Set(Object.values(engineFiles).flatMap(({ files }) => files.map(({ path }) => path)));
}

/** The files that are kept of these paths take so many bytes. */
export function bytesOfPaths(engineFiles: EngineFiles, paths: readonly string[]): number {
  const sizes = new Map<string, number>();
  for (const { files } of Object.values(engineFiles)) {
    for (const { path, bytes } of files) sizes.set(path, bytes);
  }
  return paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
}

/** ONNX Runtime's builds by what their names say; the others' builds differ by a few percent only. */
const ORT_CPU = /simd-threaded-[\w-]+\.wasm$/;
const ORT_JSPI = /\.jspi-[\w-]+\.wasm$/;
const ORT_ASYNCIFY = /\.asyncify-[\w-]+\.wasm$/;

/**
 * About how many bytes an engine takes to run on a backend and, as the reference of its parity check, on wasm:
 * its scripts and the largest of the WebAssembly builds that come into question. `hasJspi` tells whether
 * WebAssembly can wait for JavaScript here.
 */
export function estimateRuntimeBytes(
  engineFiles: EngineFiles,
  engine: EngineId,
  backend: BackendId,
  hasJspi: boolean,
): number {
  const { files } = engineFiles[engine];
  const scripts = files.filter(({ path }) => !path.endsWith('.wasm'));
  const binaries = files.filter(({ path }) => path.endsWith('.wasm'));
  const largest = (builds: readonly EngineFile[]): number =>
    builds.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const wasmBytes =
    engine === 'ort'
      ? largest(binaries.filter(({ path }) => ORT_CPU.test(path))) +
        (backend === 'wasm'
          ? 0
          : largest(binaries.filter(({ path }) => (hasJspi ? ORT_JSPI : ORT_ASYNCIFY).test(path))))
      : largest(binaries);
  return scripts.reduce((sum, { bytes }) => sum + bytes, wasmBytes);
}
