import { expect, it } from 'vitest';
import { watchContext, watchDevice } from '../../../src/lib/engines/loss-watch.ts';
import { isEngineLost } from '../../../src/lib/engines/pose-engine.ts';

const never = () => new Promise<never>(() => undefined);

/** A device that can be lost. */
function fakeDevice() {
  const { promise, resolve } = Promise.withResolvers<GPUDeviceLostInfo>();
  const lose = (message: string) => resolve({ reason: 'unknown', message } as GPUDeviceLostInfo);
  return { device: { lost: promise }, lose };
}

it('leaves work alone while nothing is lost, also work that fails', async () => {
  const watch = watchDevice('LiteRT.js', fakeDevice().device);
  expect(await watch.orLost(() => Promise.resolve(7))).toBe(7);
  await expect(watch.orLost(() => Promise.reject(new Error('No operator.')))).rejects.toThrow(
    'No operator.',
  );
});

it('does not wait for work that hangs on a device that is gone', async () => {
  const { device, lose } = fakeDevice();
  const watch = watchDevice('LiteRT.js', device);
  const work = watch.orLost(never);
  lose('A valid external Instance reference no longer exists.\nstack');
  const failure: unknown = await work.catch((cause: unknown) => cause);
  expect(isEngineLost(failure)).toBe(true);
  expect((failure as Error).message).toBe(
    'LiteRT.js lost the GPU it computes on (A valid external Instance reference no longer exists), as when a graphics driver is reset. Run again, or choose another target.',
  );
  await expect(watch.orLost(() => Promise.resolve(7))).rejects.toThrow('lost the GPU');
});

it('tells a loss from a failure that is told first', async () => {
  const { device, lose } = fakeDevice();
  const watch = watchDevice('ONNX Runtime Web', device);
  const work = watch.orLost(async () => {
    setTimeout(() => lose(''));
    await Promise.reject(new Error('mapAsync failed.'));
  });
  await expect(work).rejects.toThrow('ONNX Runtime Web lost the GPU it computes on, as when');
});

it('does not take what a library makes of a lost context for a result', async () => {
  let isLost = false;
  const canvas = new EventTarget();
  const watch = watchContext('MediaPipe', canvas, { isContextLost: () => isLost });
  expect(await watch.orLost(() => Promise.resolve('somebody'))).toBe('somebody');
  const work = watch.orLost(() => {
    isLost = true;
    return Promise.resolve('nobody');
  });
  await expect(work).rejects.toThrow('MediaPipe lost the GPU');
});

it('hears of a lost context while work hangs', async () => {
  const canvas = new EventTarget();
  const watch = watchContext('TensorFlow.js', canvas, { isContextLost: () => true });
  const work = watch.orLost(never);
  canvas.dispatchEvent(new Event('webglcontextlost'));
  await expect(work).rejects.toThrow('TensorFlow.js lost the GPU');
});
