import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createEnding } from '../../../src/lib/engines/ending.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const never = () => new Promise<never>(() => undefined);

it('gives what a call gives, well or badly, while nothing ends', async () => {
  const ending = createEnding();
  expect(await ending.orEnded(() => Promise.resolve(7))).toBe(7);
  await expect(ending.orEnded(() => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
  expect(ending.hasEnded).toBe(false);
});

it('gives everybody who waits, and who comes later, the first reason', async () => {
  const ending = createEnding();
  const waiting = [ending.orEnded(never), ending.orEnded(never)];
  ending.end(new Error('The worker died.'));
  ending.end(new Error('It was disposed of.'));
  for (const each of waiting) await expect(each).rejects.toThrow('The worker died.');
  let wasCalled = false;
  const late = ending.orEnded(() => {
    wasCalled = true;
    return never();
  });
  await expect(late).rejects.toThrow('The worker died.');
  expect(wasCalled).toBe(false);
});

it('keeps nothing of what went through it', async () => {
  const ending = createEnding();
  const results: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i += 1) {
    const result = await ending.orEnded(() => Promise.resolve({ i }));
    results.push(new WeakRef(result));
  }
  // What a WeakRef was made of lives until the next turn.
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  expect(results.filter((result) => result.deref()).length).toBeLessThanOrEqual(1);
  expect(ending.hasEnded).toBe(false);
});
