// A meter made of parts, each of which knows one resource.
import { readingOf } from '../../benchmark/resources.ts';
import type { MeasuredEngines, ResourceMeter, ResourceReading } from '../../benchmark/resources.ts';

/** The part of a meter that reads one resource; what it leaves out, it knows nothing of. */
export type ResourceProbe = {
  before?(): Promise<void>;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  read(measured: MeasuredEngines): Promise<Partial<ResourceReading>>;
};

/** A meter that reads what its probes read. A probe that fails leaves its figures null. */
export function createResourceMeter(probes: readonly ResourceProbe[]): ResourceMeter {
  async function each(call: (probe: ResourceProbe) => Promise<void> | undefined): Promise<void> {
    await Promise.allSettled(probes.map(async (probe) => call(probe)));
  }
  return {
    before: () => each((probe) => probe.before?.()),
    start: () => each((probe) => probe.start?.()),
    stop: () => each((probe) => probe.stop?.()),
    async read(measured) {
      const readings = await Promise.allSettled(probes.map(async (probe) => probe.read(measured)));
      let whole: Partial<ResourceReading> = {};
      for (const reading of readings) {
        if (reading.status === 'rejected') continue;
        const nullReasons = { ...whole.nullReasons, ...reading.value.nullReasons };
        whole = { ...whole, ...reading.value, nullReasons };
      }
      return readingOf(whole);
    },
  };
}
