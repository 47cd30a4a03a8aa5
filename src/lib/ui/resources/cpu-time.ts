// CPU time, which no page may read.
import type { ResourceProbe } from './resource-probe.ts';

const NO_CPU_TIME = 'A page cannot read CPU time; npm run bench measures it from outside.';

/** Says why a page's runs know nothing of CPU time. */
export const noCpuTime: ResourceProbe = {
  read: () =>
    Promise.resolve({
      nullReasons: {
        cpuUtilization: NO_CPU_TIME,
        'resources.cpuSeconds': NO_CPU_TIME,
        'resources.machineUtilization': NO_CPU_TIME,
      },
    }),
};
