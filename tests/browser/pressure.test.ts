// Compute Pressure as the browser really tells it: of its own sensor, and of a virtual one. The virtual one
// works only where nothing on the page watches the real one, so that this has a file of its own.
import type {} from '@vitest/browser-playwright';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cdp } from 'vitest/browser';
import type { PressureState } from '../../src/lib/benchmark/resources.ts';
import { createPressureProbe } from '../../src/lib/ui/resources/pressure-probe.ts';
import { watchPressure } from '../../src/lib/ui/resources/pressure-watch.ts';

/** A virtual sensor sends ten records a second. In ms. */
const SOME_RECORDS_MS = 1200;

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

describe('the pressure on the processor', () => {
  /** Sets what the browser's virtual sensor shows from now on. */
  async function setPressure(state: PressureState): Promise<void> {
    await cdp().send('Emulation.setPressureStateOverride', { source: 'cpu', state });
    await pause(SOME_RECORDS_MS);
  }
  async function watchVirtualSensor() {
    await cdp().send('Emulation.setPressureSourceOverrideEnabled', {
      source: 'cpu',
      enabled: true,
    });
    const watch = watchPressure();
    if (!watch) throw new Error('This browser has no Compute Pressure.');
    onTestFinished(async () => {
      watch.stop();
      await cdp().send('Emulation.setPressureSourceOverrideEnabled', {
        source: 'cpu',
        enabled: false,
      });
    });
    return watch;
  }

  it('is the last before the model is loaded, and the worst between the first frame and the last', async () => {
    const probe = createPressureProbe(await watchVirtualSensor());
    await setPressure('fair');
    await probe.before?.();
    await setPressure('critical');
    await setPressure('nominal');
    await probe.start?.();
    await setPressure('serious');
    await setPressure('nominal');
    await probe.stop?.();
    await setPressure('critical');
    expect(await probe.read({ engines: [], threadsUsed: 1 })).toEqual({
      pressureBefore: 'fair',
      pressureDuring: 'serious',
      nullReasons: {},
    });
  });

  it('is waited for until the processor is calm, but not for ever', async () => {
    const watch = await watchVirtualSensor();
    await setPressure('critical');
    const calming = watch.calmed(60_000);
    await setPressure('fair');
    expect(await calming).toBe('fair');
    await setPressure('serious');
    expect(await watch.calmed(500)).toBe('serious');
  });

  it('is unknown of a run between two records', async () => {
    const probe = createPressureProbe(await watchVirtualSensor());
    await probe.start?.();
    await probe.stop?.();
    const { pressureDuring, nullReasons } = await probe.read({ engines: [], threadsUsed: 1 });
    expect(pressureDuring).toBeNull();
    expect(nullReasons?.['resources.pressureDuring']).toContain('once a second');
  });

  it('is told by the real sensor, in one of its four states', async () => {
    const watch = watchPressure();
    onTestFinished(() => watch?.stop());
    expect(['nominal', 'fair', 'serious', 'critical']).toContain(await watch?.calmed(10_000));
  });
});
