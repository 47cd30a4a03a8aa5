// An engine in a worker from which the GPU can be taken away: its devices are destroyed and its contexts
// are lost, as they are when a driver is reset. Otherwise the worker is like the real ones.
import * as Comlink from 'comlink';
import { createPipelineEngine } from '../../src/lib/engines/pipeline-engine.ts';
import type { BareEngine } from '../../src/lib/engines/pose-engine.ts';
import type { EngineId } from '../../src/lib/models/model-spec.ts';

/** An engine of one of the runtimes, which is known when it loads. */
export type LosingEngine = Omit<BareEngine, 'load'> & {
  load(
    engine: EngineId,
    ...request: Parameters<BareEngine['load']>
  ): ReturnType<BareEngine['load']>;
  /** Takes the GPU away. Gives how many devices and contexts were lost, and whether amid a frame. */
  loseGpu(): { readonly lost: number; readonly isAmid: boolean };
};

const devices: GPUDevice[] = [];
const contexts: WebGL2RenderingContext[] = [];

/** Has the results of a method noted. */
function note(owner: object, method: string, take: (result: unknown) => void): void {
  const original = Reflect.get(owner, method) as () => unknown;
  const noting = new Proxy(original, {
    apply(target, self, args: []) {
      const result = Reflect.apply(target, self, args);
      take(result);
      return result;
    },
  });
  Reflect.set(owner, method, noting);
}

if (typeof GPUAdapter !== 'undefined') {
  note(GPUAdapter.prototype, 'requestDevice', (result) => {
    void (result as Promise<GPUDevice>).then((device) => devices.push(device));
  });
}
note(OffscreenCanvas.prototype, 'getContext', (context) => {
  if (context instanceof WebGL2RenderingContext && !contexts.includes(context)) {
    contexts.push(context);
  }
});

const makers: Readonly<Record<EngineId, () => Promise<BareEngine>>> = {
  mediapipe: async () =>
    (await import('../../src/lib/engines/mediapipe/mediapipe-engine.ts')).createMediapipeEngine(),
  litert: async () => {
    const { startLitertRuntime } = await import('../../src/lib/engines/litert/litert-runtime.ts');
    return createPipelineEngine('LiteRT.js', startLitertRuntime);
  },
  ort: async () => {
    const { startOrtRuntime } = await import('../../src/lib/engines/ort/ort-runtime.ts');
    return createPipelineEngine('ONNX Runtime Web', startOrtRuntime);
  },
  tfjs: async () => (await import('../../src/lib/engines/tfjs/tfjs-engine.ts')).createTfjsEngine(),
};

let made: BareEngine | null = null;
let openFrames = 0;
function loaded(): BareEngine {
  if (!made) throw new Error('Nothing is loaded.');
  return made;
}

Comlink.expose({
  async load(engine, request) {
    made = await makers[engine]();
    return made.load(request);
  },
  async estimate(frame, timestampMs) {
    openFrames += 1;
    try {
      return await loaded().estimate(frame, timestampMs);
    } finally {
      openFrames -= 1;
    }
  },
  reset: () => loaded().reset(),
  dispose: () => loaded().dispose(),
  loseGpu() {
    for (const device of devices) device.destroy();
    for (const context of contexts) context.getExtension('WEBGL_lose_context')?.loseContext();
    return { lost: devices.length + contexts.length, isAmid: openFrames > 0 };
  },
} satisfies LosingEngine);
