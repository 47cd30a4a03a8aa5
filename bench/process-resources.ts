// What the browser's processes use, read from outside: CPU time as the browser accounts for it, memory as
// the operating system does. The page's half is src/lib/ui/driver-resources.ts.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Browser } from '@playwright/test';
import type { DriverReading, DriverResources } from '../src/lib/ui/driver-resources.ts';

/** Between two samples of memory, in ms. One sample reads a file of each process, about ten. */
const SAMPLE_INTERVAL_MS = 250;

const BYTES_PER_KIB = 1024;
const MS_PER_SECOND = 1000;
const NO_MEMORY = `The memory of processes is read from Linux's /proc, which ${process.platform} does not have.`;
const NO_CPU_TIME = 'The run broke off before its CPU time could be read.';

/** CPU seconds of each process since it began, by its id. */
type CpuTimes = ReadonlyMap<number, number>;
type CpuReading = { readonly atMs: number; readonly times: CpuTimes };

/** Reads a browser's processes for one run after the other. */
export async function openProcessResources(browser: Browser): Promise<DriverResources> {
  const session = await browser.newBrowserCDPSession();
  let processIds: readonly number[] = [];
  let sampler: NodeJS.Timeout | undefined;
  let first: Promise<CpuReading> | null = null;
  let last: Promise<CpuReading> | null = null;
  let beforeBytes: number | null = null;
  let peakBytes: number | null = null;

  async function readCpu(): Promise<CpuReading> {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const atMs = performance.now();
    processIds = processInfo.map(({ id }) => id);
    return { atMs, times: new Map(processInfo.map(({ id, cpuTime }) => [id, cpuTime])) };
  }
  async function sampleMemory(): Promise<number | null> {
    const bytes = await residentBytes(processIds);
    if (bytes !== null) peakBytes = Math.max(peakBytes ?? 0, bytes);
    return bytes;
  }
  /** Begins anew, also after a page that crashed in the middle of a run. */
  async function begin(): Promise<void> {
    clearInterval(sampler);
    first = null;
    last = null;
    peakBytes = null;
    await readCpu();
    beforeBytes = await sampleMemory();
    if (beforeBytes === null) return;
    sampler = setInterval(() => void sampleMemory(), SAMPLE_INTERVAL_MS);
    sampler.unref();
  }
  async function end(): Promise<DriverReading> {
    clearInterval(sampler);
    // The processes may have changed since the last frame.
    await readCpu();
    const afterBytes = await sampleMemory();
    const deltaBytes =
      beforeBytes === null || afterBytes === null ? null : afterBytes - beforeBytes;
    const cpu = first && last ? usageBetween(await first, await last) : null;
    return {
      cpuMethod: cpu ? 'browser-process-cpu-time' : null,
      cpuSeconds: cpu?.cpuSeconds ?? null,
      cpuUtilization: cpu?.cpuUtilization ?? null,
      machineUtilization: cpu?.machineUtilization ?? null,
      memoryMethod: deltaBytes === null ? null : 'browser-process-rss',
      peakMemoryBytes: deltaBytes === null ? null : peakBytes,
      memoryDeltaBytes: deltaBytes,
      nullReasons: {
        ...(!cpu && {
          cpuUtilization: NO_CPU_TIME,
          'resources.cpuSeconds': NO_CPU_TIME,
          'resources.machineUtilization': NO_CPU_TIME,
        }),
        ...(deltaBytes === null && { peakMemoryBytes: NO_MEMORY, memoryDeltaBytes: NO_MEMORY }),
      },
    };
  }

  return async (step) => {
    switch (step) {
      case 'before':
        await begin();
        return null;
      case 'start':
        first = readCpu();
        await first;
        return null;
      case 'stop':
        last = readCpu();
        await last;
        return null;
      case 'read':
        return end();
    }
  };
}

/** A process that ended in between is not in the second reading: what it used since is not counted. */
function usageBetween(first: CpuReading, last: CpuReading) {
  let cpuSeconds = 0;
  for (const [id, seconds] of last.times) cpuSeconds += seconds - (first.times.get(id) ?? 0);
  const cpuUtilization = (cpuSeconds * MS_PER_SECOND) / (last.atMs - first.atMs);
  // CPU time comes in steps of 10 ms, so that a short and busy run may seem to use more than there is.
  const machineUtilization = Math.min(1, cpuUtilization / availableParallelism());
  return { cpuSeconds, cpuUtilization, machineUtilization };
}

/** Resident set sizes of the processes that are left, added up; null where the system has no /proc. */
async function residentBytes(processIds: readonly number[]): Promise<number | null> {
  const sizes = await Promise.all(processIds.map(residentBytesOf));
  const known = sizes.filter((bytes) => bytes !== null);
  return known.length === 0 ? null : known.reduce((total, bytes) => total + bytes);
}

async function residentBytesOf(processId: number): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${processId}/status`, 'utf8');
    const size = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return size === undefined ? null : Number(size) * BYTES_PER_KIB;
  } catch {
    // It has ended, or there is no /proc.
    return null;
  }
}
