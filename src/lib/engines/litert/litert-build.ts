// LiteRT.js comes in four WebAssembly builds: which one a device can run, and how one is loaded in a
// module worker.
import { loadLiteRt, supportsFeature } from '@litertjs/core';
import type { LiteRt } from '@litertjs/core';
import compatBinary from '@litertjs/core/wasm/litert_wasm_compat_internal.wasm?url';
import plainBinary from '@litertjs/core/wasm/litert_wasm_internal.wasm?url';
import jspiBinary from '@litertjs/core/wasm/litert_wasm_jspi_internal.wasm?url';
import threadedScript from '@litertjs/core/wasm/litert_wasm_threaded_internal.js?url';
import threadedBinary from '@litertjs/core/wasm/litert_wasm_threaded_internal.wasm?url';
import { takeLogLine } from './litert-log.ts';

/**
 * `compat` does without relaxed SIMD, `threaded` shares its memory with threads, and `jspi` may wait for
 * JavaScript, without which LiteRT.js has no WebNN.
 */
export type LitertBuild = 'plain' | 'compat' | 'threaded' | 'jspi';

/** The parts of a build: what its script exports, and the URL of its WebAssembly. */
type BuildFiles = {
  readonly importFactory: () => Promise<{ readonly default: unknown }>;
  readonly binary: string;
};

const filesOf: Readonly<Record<LitertBuild, BuildFiles>> = {
  plain: {
    importFactory: () => import('@litertjs/core/wasm/litert_wasm_internal.js'),
    binary: plainBinary,
  },
  compat: {
    importFactory: () => import('@litertjs/core/wasm/litert_wasm_compat_internal.js'),
    binary: compatBinary,
  },
  threaded: {
    importFactory: () => import('@litertjs/core/wasm/litert_wasm_threaded_internal.js'),
    binary: threadedBinary,
  },
  jspi: {
    importFactory: () => import('@litertjs/core/wasm/litert_wasm_jspi_internal.js'),
    binary: jspiBinary,
  },
};

/** What LiteRT.js's loader finds in, and expects of, the global scope. */
type LoaderScope = typeof globalThis & {
  importScripts: (...urls: readonly string[]) => void;
  ModuleFactory?: unknown;
  Module?: {
    readonly locateFile: () => string;
    readonly mainScriptUrlOrBlob: string;
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
  };
};

/** The fastest build for wasm with so many threads. */
export async function buildForThreads(threads: number): Promise<LitertBuild> {
  if (!(await supportsFeature('relaxedSimd'))) return 'compat';
  return threads > 1 && (await supportsFeature('threads')) ? 'threaded' : 'plain';
}

/** The build for an accelerator: the one that can share a network between it and wasm, if it runs here. */
export async function buildForAccelerator(): Promise<LitertBuild> {
  if (!(await supportsFeature('relaxedSimd'))) return 'compat';
  return (await supportsFeature('jspi')) ? 'jspi' : 'plain';
}

/** LiteRT.js asks for a path that ends like this, and for the script there with `importScripts`. */
const SCRIPT_PATH = 'litert.js';

/**
 * Loads a build; only one may be loaded at a time. A module worker refuses `importScripts`, so the script
 * is imported as a module, and what it exports is handed over when LiteRT.js asks for it.
 */
export async function loadBuild(build: LitertBuild): Promise<LiteRt> {
  const { importFactory, binary } = filesOf[build];
  const { default: moduleFactory } = await importFactory();
  const scope = globalThis as LoaderScope;
  scope.importScripts = () => {
    scope.ModuleFactory = moduleFactory;
  };
  scope.Module = {
    locateFile: () => binary,
    // Threads are classic workers: they start from the script as it is.
    mainScriptUrlOrBlob: threadedScript,
    print: takeLogLine,
    printErr: takeLogLine,
  };
  return loadLiteRt(SCRIPT_PATH);
}
