import { describe, expect, it } from 'vitest';
import { callsInTurn } from '../../../src/lib/engines/calls-in-turn.ts';
import { disposeAfterFailure, disposeAll } from '../../../src/lib/engines/dispose-all.ts';
import { fakeRun } from '../../fixtures/fake-run.ts';

/** An engine whose estimates last until they are ended, and what happened to it in which order. */
function slowEngine() {
  const { engine, ledger } = fakeRun({ frames: 1 });
  const events: string[] = [];
  const held = Promise.withResolvers<undefined>();
  const inTurn = callsInTurn({
    ...engine,
    async estimate(frame, timestampMs) {
      events.push(`begin ${timestampMs}`);
      await held.promise;
      events.push(`end ${timestampMs}`);
      return engine.estimate(frame, timestampMs);
    },
    async reset() {
      events.push('reset');
    },
    async dispose() {
      events.push('dispose');
    },
  });
  return { inTurn, ledger, events, held };
}

describe('calls in turn', () => {
  it('reset and dispose wait for the frame before them', async () => {
    const { inTurn, ledger, events, held } = slowEngine();
    const calls = [
      inTurn.estimate(ledger.frame(), 0),
      inTurn.reset(),
      inTurn.estimate(ledger.frame(), 40),
      inTurn.dispose(),
    ];
    held.resolve(undefined);
    await Promise.all(calls);
    expect(events).toEqual(['begin 0', 'end 0', 'reset', 'begin 40', 'end 40', 'dispose']);
    expect(ledger.open).toBe(0);
  });

  it('goes on after a call that failed, which still fails for its caller', async () => {
    const { inTurn, ledger, events, held } = slowEngine();
    const failing = inTurn.estimate(ledger.frame(), 0);
    const disposing = inTurn.dispose();
    held.reject(new Error('Out of memory.'));
    await expect(failing).rejects.toThrow('Out of memory.');
    await disposing;
    expect(events).toEqual(['begin 0', 'dispose']);
  });
});

describe('disposing of several things', () => {
  const fail = (message: string) => () => {
    throw new Error(message);
  };

  it('frees the others when one fails, and says so', () => {
    const freed: string[] = [];
    const steps = [fail('first'), () => freed.push('second'), fail('third')];
    expect(() => disposeAll(steps)).toThrow('first');
    expect(freed).toEqual(['second']);
  });

  it('does not hide the failure that it cleans up after', () => {
    expect(() => disposeAfterFailure(fail('It is gone.'))).not.toThrow();
  });
});
