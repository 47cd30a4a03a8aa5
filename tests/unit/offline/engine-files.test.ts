// What an engine takes to be kept, before it is fetched.
import { expect, test } from 'vitest';
import {
  bytesOfPaths,
  estimateRuntimeBytes,
  pathsOf,
} from '../../../src/lib/offline/engine-files.ts';
import type { EngineFiles } from '../../../src/lib/offline/engine-files.ts';

const files: EngineFiles = {
  mediapipe: engine('mediapipe', ['vision-3C.wasm', 13]),
  litert: engine(
    'litert',
    ['litert_wasm_internal-x.wasm', 9],
    ['litert_wasm_jspi_internal-D.wasm', 10],
  ),
  ort: engine(
    'ort',
    ['ort-wasm-simd-threaded-Dc.wasm', 14],
    ['ort-wasm-simd-threaded.jspi-C.wasm', 17],
    ['ort-wasm-simd-threaded.asyncify-D5.wasm', 27],
  ),
  tfjs: engine('tfjs', ['tfjs-backend-wasm-BI.wasm', 3]),
};

/** A worker of 1 byte and its builds. */
function engine(id: string, ...builds: readonly (readonly [name: string, bytes: number])[]) {
  const worker = `/_app/immutable/workers/${id}.worker-1.js`;
  const binaries = builds.map(([name, bytes]) => ({ path: `/assets/${name}`, bytes }));
  return { worker, files: [{ path: worker, bytes: 1 }, ...binaries] };
}

test('of several builds of WebAssembly the one that the device takes counts', () => {
  expect(estimateRuntimeBytes(files, 'mediapipe', 'wasm', true)).toBe(14);
  expect(estimateRuntimeBytes(files, 'litert', 'wasm', true)).toBe(11);
  expect(estimateRuntimeBytes(files, 'ort', 'wasm', true)).toBe(15);
  // And the one on wasm, for the parity check.
  expect(estimateRuntimeBytes(files, 'ort', 'webgpu', true)).toBe(32);
  expect(estimateRuntimeBytes(files, 'ort', 'webgpu', false)).toBe(42);
  expect(estimateRuntimeBytes(files, 'tfjs', 'webgl', true)).toBe(4);
});

test('sizes of what is kept; what this build does not know counts nothing', () => {
  const paths = ['/assets/vision-3C.wasm', '/_app/immutable/workers/ort.worker-1.js', '/old.wasm'];
  expect(bytesOfPaths(files, paths)).toBe(14);
  expect(pathsOf(files).has('/assets/vision-3C.wasm')).toBe(true);
  expect(pathsOf(files).has('/old.wasm')).toBe(false);
});
