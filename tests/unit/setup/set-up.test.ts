// The order of a set-up: what is done is left alone, what is not is done once, a failure is a sentence.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { setUp, type Step } from '../../../tools/setup/set-up.mjs';
import { SetupError } from '../../../tools/setup/setup-error.mjs';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
beforeEach(() => {
  printed.mockClear();
});

function printedLines(): unknown[] {
  return printed.mock.calls.map(([line]) => line as unknown);
}

/** A step whose work is to be done `missing` times before it is done. */
function countedStep(name: string, missing: number): Step & { works: number } {
  return {
    works: 0,
    announcement: `making ${name}`,
    check() {
      return this.works < missing ? null : { environment: { [name]: 'made' } };
    },
    work() {
      this.works += 1;
      return Promise.resolve({ environment: { [name]: 'made' } });
    },
  };
}

test('what is done already prints nothing and is not done again', async () => {
  const step = countedStep('A', 0);
  const context = { root: temporaryFolder(), environment: {} };
  expect(await setUp([step], context)).toEqual({ A: 'made' });
  expect(step.works).toBe(0);
  expect(printedLines()).toEqual([]);
});

test('what is missing is done in order, with a line each', async () => {
  const steps = [countedStep('A', 1), countedStep('B', 0), countedStep('C', 1)];
  const context = { root: temporaryFolder(), environment: {} };
  expect(await setUp(steps, context)).toEqual({ A: 'made', B: 'made', C: 'made' });
  expect(printedLines()).toEqual(['kinemark: making A …', 'kinemark: making C …']);
});

test('two commands at once do the work once', async () => {
  const step = countedStep('A', 1);
  const context = { root: temporaryFolder(), environment: {} };
  await Promise.all([setUp([step], context), setUp([step], context)]);
  expect(step.works).toBe(1);
});

test('a step that fails ends the set-up with its sentence', async () => {
  const failing: Step = {
    ...countedStep('A', 1),
    check: () => null,
    work: () => Promise.reject(new SetupError('no network; try again.')),
  };
  const next = countedStep('B', 1);
  const context = { root: temporaryFolder(), environment: {} };
  await expect(setUp([failing, next], context)).rejects.toThrow('no network; try again.');
  expect(next.works).toBe(0);
});

test('a file that cannot be written is a sentence too', async () => {
  const step: Step = {
    ...countedStep('A', 1),
    check: () => null,
    work({ root }) {
      mkdirSync(join(root, 'no/such/folder'));
      return Promise.resolve({});
    },
  };
  const context = { root: temporaryFolder(), environment: {} };
  await expect(setUp([step], context)).rejects.toThrow(
    /^making A failed because .*no\/such\/folder cannot be written \(ENOENT\); check its permissions/,
  );
});
