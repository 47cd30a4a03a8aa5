// What must hold on the device after recovery: nothing waits, nothing is refused that need not be, and its
// own runs are those of the server.
import { isDeepStrictEqual } from 'node:util';
import type { Aftermath } from './check-schedule.ts';
import { keyOf } from './event-key.ts';

/** What is wrong on the device; `poisoned` are the keys of events that the server refuses, promised or not. */
export function checkDevice(
  { device, stored }: Aftermath,
  promised: ReadonlySet<string>,
  poisoned: ReadonlySet<string>,
): string[] {
  const problems = device.waiting.map((event) => `${keyOf(event)} still waits on the device`);

  const refused = new Set(device.rejected.map(({ event }) => keyOf(event)));
  for (const { event, reason } of device.rejected) {
    if (!poisoned.has(keyOf(event))) problems.push(`${keyOf(event)} was set aside: ${reason}`);
  }
  for (const key of poisoned) {
    if (promised.has(key) && !refused.has(key)) {
      problems.push(`${key} is refused by the server, and the device does not show it`);
    }
  }

  const byId = new Map(stored.runs.map((run) => [run.runId, run]));
  for (const { run, windows } of device.runs) {
    const there = byId.get(run.runId);
    const status = run.summary?.outcome ?? (run.interruptedAt === null ? 'running' : 'interrupted');
    if (there?.status !== status) {
      problems.push(`${run.runId} is ${status} on the device and ${there?.status} on the server`);
    }
    const elsewhere = new Map(there?.windows.map(({ index, json }) => [index, json]));
    for (const window of windows) {
      const json = elsewhere.get(window.index);
      if (poisoned.has(`${run.runId} window ${window.index}`)) continue;
      if (json === undefined || !isDeepStrictEqual(JSON.parse(json), window)) {
        problems.push(`${run.runId} has a window ${window.index} that the server does not have`);
      }
    }
    if (there !== undefined && elsewhere.size > windows.length) {
      problems.push(`${run.runId} has fewer windows on the device than on the server`);
    }
  }
  for (const { runId } of stored.runs) {
    if (!device.runs.some(({ run }) => run.runId === runId)) {
      problems.push(`${runId} is on the server and not on the device`);
    }
  }
  return problems;
}
