// Notices that the GPU was taken from an engine: a driver that was reset, a GPU process that crashed, a
// laptop that changed its adapter. What was on it is gone, and libraries tell of it in all ways or none.
import { createEnding } from './ending.ts';
import { EngineLostError } from './pose-engine.ts';
import { reasonOf } from './reason-of.ts';

/** How much later than the failure it causes a loss may be told, in ms: events and promises come in their turn. */
const NOTICE_MS = 200;

/** Watches what an engine computes on. */
export type LossWatch = {
  /** What the work gives; an EngineLostError as soon as there is nothing left to compute on. */
  orLost<T>(work: () => Promise<T>): Promise<T>;
};

/** Watches a WebGPU device. `title` names the library in messages. */
export function watchDevice(title: string, device: Pick<GPUDevice, 'lost'>): LossWatch {
  const watch = createWatch(title, () => false);
  void device.lost.then(({ message }) => watch.lose(message));
  return watch;
}

/** Watches the WebGL context of a canvas. `title` names the library in messages. */
export function watchContext(
  title: string,
  canvas: Pick<OffscreenCanvas, 'addEventListener'>,
  context: Pick<WebGL2RenderingContext, 'isContextLost'>,
): LossWatch {
  const watch = createWatch(title, () => context.isContextLost());
  canvas.addEventListener('webglcontextlost', () => watch.lose(''));
  return watch;
}

/** `isLost` tells at once what the event tells later, where that can be asked. */
function createWatch(title: string, isLost: () => boolean) {
  const ending = createEnding();
  function lose(message: string): void {
    const why = message === '' ? '' : ` (${reasonOf(message)})`;
    ending.end(
      new EngineLostError(
        `${title} lost the GPU it computes on${why}, as when a graphics driver is reset. Run again, or choose another target.`,
      ),
    );
  }
  async function throwIfLost(): Promise<void> {
    if (isLost()) lose('');
    await ending.orEnded(() => Promise.resolve());
  }
  return {
    lose,
    async orLost<T>(work: () => Promise<T>): Promise<T> {
      try {
        const result = await ending.orEnded(work);
        await throwIfLost();
        return result;
      } catch (cause) {
        if (!ending.hasEnded) await new Promise((resolve) => setTimeout(resolve, NOTICE_MS));
        await throwIfLost();
        throw cause;
      }
    },
  };
}
