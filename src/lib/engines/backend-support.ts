// What this device offers, known before a run starts. Asks the browser and loads no engine; works on a
// page and in a worker.
import { backendIds } from '../models/model-spec.ts';
import type { BackendId } from '../models/model-spec.ts';
import { reasonOf } from './reason-of.ts';

/** What this device has of one backend. */
export type BackendStatus =
  | {
      readonly available: true;
      /** What the browser tells of the hardware behind it; null where it tells nothing, and for wasm. */
      readonly adapter: string | null;
      /** Whether the CPU only stands in for a GPU; null where the browser does not tell, and for wasm. */
      readonly software: boolean | null;
      /** A sentence about what is missing although it runs; null when nothing is. */
      readonly limitation: string | null;
    }
  | {
      readonly available: false;
      /** A sentence: what, why, what to do. */
      readonly reason: string;
    };

/** What this device has of every backend. */
export type BackendSupport = Readonly<Record<BackendId, BackendStatus>>;

/** The globals that are asked. Browsers lack some of them, whatever TypeScript's libraries say. */
export type ProbedScope = {
  readonly isSecureContext: boolean;
  readonly crossOriginIsolated: boolean;
  readonly WebAssembly?: Pick<typeof WebAssembly, 'validate'> | undefined;
  readonly OffscreenCanvas?: typeof OffscreenCanvas | undefined;
  readonly navigator: {
    readonly gpu?: Pick<GPU, 'requestAdapter'> | undefined;
    readonly ml?: WebnnEntry | undefined;
  };
};

/** The part of WebNN that is used here (www.w3.org/TR/webnn); TypeScript's libraries lack it. */
type WebnnEntry = {
  createContext(options: { readonly deviceType: 'gpu' }): Promise<WebnnContext>;
};
type WebnnContext = {
  /** Whether a GPU or NPU executes; missing in older browsers. */
  readonly accelerated?: boolean;
  destroy?(): void;
};

/**
 * A module with one function, `i8x16.splat (i32.const 0)`, which is valid only where WebAssembly has SIMD.
 * Encoding: webassembly.github.io/spec/core/binary.
 */
const SIMD_MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic number and version
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // type: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // function: of that type
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b], // code
);

/** How adapters that compute on the CPU call themselves: Chromium's, Mesa's and Windows' own. */
const SOFTWARE_ADAPTER = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

const TURN_ON_ACCELERATION =
  "Turn on hardware acceleration in the browser's settings, or choose wasm.";

let support: Promise<BackendSupport> | null = null;

/** What this device offers, asked once for each page or worker. Never rejects. */
export function probeBackends(): Promise<BackendSupport> {
  support ??= probeAll();
  return support;
}

async function probeAll(): Promise<BackendSupport> {
  const entries = backendIds.map(
    async (backend) => [backend, await probeBackend(backend)] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as BackendSupport;
}

/** What this device has of one backend, asked anew. Never rejects. `scope` is for tests. */
export async function probeBackend(
  backend: BackendId,
  scope: ProbedScope = globalThis,
): Promise<BackendStatus> {
  switch (backend) {
    case 'wasm':
      return probeWasm(scope);
    case 'webgl':
      return probeWebgl(scope);
    case 'webgpu':
      return probeWebgpu(scope);
    case 'webnn':
      return probeWebnn(scope);
  }
}

function probeWasm({ WebAssembly, crossOriginIsolated }: ProbedScope): BackendStatus {
  if (!WebAssembly?.validate(SIMD_MODULE)) {
    return unavailable(
      'WebAssembly is not available because this browser has none, or none with SIMD. Update the browser.',
    );
  }
  const limitation = crossOriginIsolated
    ? null
    : 'WebAssembly has one thread only because this page is not cross-origin isolated. Open it over HTTPS or on localhost.';
  return { available: true, adapter: null, software: null, limitation };
}

function probeWebgl({ OffscreenCanvas }: ProbedScope): BackendStatus {
  const context = OffscreenCanvas && new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!context) {
    return unavailable(
      `WebGL is not available because this browser gives no WebGL 2 context. ${TURN_ON_ACCELERATION}`,
    );
  }
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = context.getParameter(
    info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER,
  ) as unknown;
  // A browser keeps few contexts alive; the engines need them.
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return availableOn(typeof renderer === 'string' ? renderer : '');
}

async function probeWebgpu({ isSecureContext, navigator }: ProbedScope): Promise<BackendStatus> {
  if (!isSecureContext) return insecure('WebGPU');
  if (!navigator.gpu) {
    return unavailable(
      'WebGPU is not available because this browser does not have it. Update the browser, or choose wasm.',
    );
  }
  try {
    const adapter = await navigator.gpu.requestAdapter();
    if (!adapter) {
      return unavailable(
        `WebGPU is not available because this browser finds no graphics adapter for it. ${TURN_ON_ACCELERATION}`,
      );
    }
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const title = [vendor, architecture, device, description].filter(Boolean).join(' ');
    return availableOn(title, isFallbackAdapter);
  } catch (cause) {
    return unavailable(`WebGPU is not available: ${reasonOf(cause)}. ${TURN_ON_ACCELERATION}`);
  }
}

async function probeWebnn({ isSecureContext, navigator }: ProbedScope): Promise<BackendStatus> {
  if (!isSecureContext) return insecure('WebNN');
  if (!navigator.ml) {
    return unavailable(
      'WebNN is not available because this browser does not have it, or hides it behind a flag. Choose wasm or webgpu.',
    );
  }
  try {
    const context = await navigator.ml.createContext({ deviceType: 'gpu' });
    const software = context.accelerated === undefined ? null : !context.accelerated;
    context.destroy?.();
    return { available: true, adapter: null, software, limitation: null };
  } catch (cause) {
    return unavailable(`WebNN is not available: ${reasonOf(cause)}. Choose wasm or webgpu.`);
  }
}

function availableOn(title: string, isFallback = false): BackendStatus {
  const known = isFallback || title !== '';
  const software = known ? isFallback || SOFTWARE_ADAPTER.test(title) : null;
  return { available: true, adapter: title || null, software, limitation: null };
}

function unavailable(reason: string): BackendStatus {
  return { available: false, reason };
}

function insecure(title: string): BackendStatus {
  return unavailable(
    `${title} is not available because this page was opened without HTTPS. Open it over HTTPS or on localhost, or choose wasm.`,
  );
}
