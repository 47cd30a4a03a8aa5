// What the device offers: in this real browser, and with globals taken away.
import { describe, expect, it } from 'vitest';
import { probeBackend, probeBackends } from '../../src/lib/engines/backend-support.ts';
import type { ProbedScope } from '../../src/lib/engines/backend-support.ts';
import { backendIds } from '../../src/lib/models/model-spec.ts';
import type { BackendId } from '../../src/lib/models/model-spec.ts';

/** A browser that has everything but what is overridden. */
function browser(overrides: Partial<ProbedScope> = {}): ProbedScope {
  return {
    isSecureContext: true,
    crossOriginIsolated: true,
    WebAssembly,
    OffscreenCanvas,
    navigator: {},
    ...overrides,
  };
}

/** Everything that an adapter tells of itself. */
function adapter(info: Partial<GPUAdapterInfo>): GPUAdapter {
  const silent = { vendor: '', architecture: '', device: '', description: '' };
  return { info: { ...silent, isFallbackAdapter: false, ...info } } as GPUAdapter;
}

/** A canvas whose renderer has this name. */
function canvasOn(renderer: string, freed: { count: number }): typeof OffscreenCanvas {
  const extensions: Record<string, unknown> = {
    WEBGL_lose_context: { loseContext: () => (freed.count += 1) },
    WEBGL_debug_renderer_info: { UNMASKED_RENDERER_WEBGL: 0x9246 },
  };
  const context = {
    RENDERER: 0x1f01,
    getExtension: (name: string) => extensions[name] ?? null,
    getParameter: (name: number) => (name === 0x9246 ? renderer : 'masked'),
  };
  return class {
    getContext() {
      return context;
    }
  } as unknown as typeof OffscreenCanvas;
}

async function reasonWithout(backend: BackendId, overrides: Partial<ProbedScope>) {
  const status = await probeBackend(backend, browser(overrides));
  return status.available ? null : status.reason;
}

describe('this browser', () => {
  it('has wasm, on threads, and the same answer every time', async () => {
    const support = await probeBackends();
    expect(Object.keys(support).sort()).toEqual([...backendIds].sort());
    expect(support.wasm).toEqual({
      available: true,
      adapter: null,
      software: null,
      limitation: null,
    });
    expect(probeBackends()).toBe(probeBackends());
  });

  it('names its adapters, or says in a sentence why there is none', async () => {
    const support = await probeBackends();
    for (const backend of ['webgl', 'webgpu'] as const) {
      const status = support[backend];
      if (status.available) {
        expect(status.adapter, backend).toBeTruthy();
        expect(status.software, backend).toBe(/swiftshader|llvmpipe/i.test(status.adapter ?? ''));
      } else {
        expect(status.reason, backend).toMatch(/^Web\w+ is not available .*\. .*\.$/);
      }
    }
  });

  it('leaves WebGL contexts to others', async () => {
    // Chromium keeps 16, and takes the oldest away for the next one.
    const mine = new OffscreenCanvas(1, 1).getContext('webgl2');
    expect(mine).not.toBeNull();
    for (let round = 0; round < 40; round += 1) await probeBackend('webgl');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(mine?.isContextLost()).toBe(false);
  });
});

describe('a browser without', () => {
  const denied = { requestAdapter: () => Promise.reject(new Error('The GPU process crashed.')) };
  it.each<[string, BackendId, Partial<ProbedScope>, RegExp]>([
    [
      'WebAssembly',
      'wasm',
      { WebAssembly: undefined },
      /^WebAssembly .*because.*Update the browser\.$/,
    ],
    ['SIMD', 'wasm', { WebAssembly: { validate: () => false } }, /none with SIMD/],
    [
      'OffscreenCanvas',
      'webgl',
      { OffscreenCanvas: undefined },
      /no WebGL 2 context.*choose wasm\.$/,
    ],
    ['WebGPU', 'webgpu', {}, /does not have it.*choose wasm\.$/],
    ['HTTPS', 'webgpu', { isSecureContext: false }, /^WebGPU .*without HTTPS.*Open it over HTTPS/],
    [
      'an adapter',
      'webgpu',
      { navigator: { gpu: { requestAdapter: () => Promise.resolve(null) } } },
      /no graphics adapter.*hardware acceleration/,
    ],
    [
      'a working GPU',
      'webgpu',
      { navigator: { gpu: denied } },
      /: The GPU process crashed\. Turn on/,
    ],
    ['WebNN', 'webnn', {}, /^WebNN .*Choose wasm or webgpu\.$/],
    ['HTTPS for WebNN', 'webnn', { isSecureContext: false }, /^WebNN .*without HTTPS/],
    [
      'a WebNN device',
      'webnn',
      { navigator: { ml: { createContext: () => Promise.reject(new Error('No device.')) } } },
      /^WebNN is not available: No device\. Choose/,
    ],
  ])('%s says so', async (_, backend, overrides, reason) => {
    expect(await reasonWithout(backend, overrides)).toMatch(reason);
  });
});

describe('a browser with', () => {
  it('no isolation has wasm on one thread', async () => {
    const status = await probeBackend('wasm', browser({ crossOriginIsolated: false }));
    expect(status).toMatchObject({
      available: true,
      limitation: expect.stringContaining('one thread only') as string,
    });
  });

  it.each<[string, Partial<GPUAdapterInfo>, string | null, boolean | null]>([
    ['a GPU', { vendor: 'nvidia', architecture: 'hopper' }, 'nvidia hopper', false],
    ['SwiftShader', { vendor: 'google', architecture: 'swiftshader' }, 'google swiftshader', true],
    ['llvmpipe', { description: 'llvmpipe (LLVM 15)' }, 'llvmpipe (LLVM 15)', true],
    ['a nameless fallback', { isFallbackAdapter: true }, null, true],
    ['a nameless adapter', {}, null, null],
  ])('%s for WebGPU names it', async (_, info, name, software) => {
    const gpu = { requestAdapter: () => Promise.resolve(adapter(info)) };
    const status = await probeBackend('webgpu', browser({ navigator: { gpu } }));
    expect(status).toEqual({ available: true, adapter: name, software, limitation: null });
  });

  it.each([
    ['ANGLE (NVIDIA, NVIDIA GeForce RTX 4070 (0x2786))', false],
    ['ANGLE (Microsoft, Microsoft Basic Render Driver (0x8c))', true],
    ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)))', true],
  ])('%s for WebGL names it and frees the context', async (renderer, software) => {
    const freed = { count: 0 };
    const scope = browser({ OffscreenCanvas: canvasOn(renderer, freed) });
    const status = await probeBackend('webgl', scope);
    expect(status).toEqual({ available: true, adapter: renderer, software, limitation: null });
    expect(freed.count).toBe(1);
  });

  it.each([
    [true, false],
    [false, true],
    [undefined, null],
  ])('WebNN whose context is accelerated: %s', async (accelerated, software) => {
    let destroyed = false;
    const context = {
      ...(accelerated === undefined ? {} : { accelerated }),
      destroy: () => (destroyed = true),
    };
    const ml = { createContext: () => Promise.resolve(context) };
    const status = await probeBackend('webnn', browser({ navigator: { ml } }));
    expect(status).toEqual({ available: true, adapter: null, software, limitation: null });
    expect(destroyed).toBe(true);
  });
});
