// What is printed of a schedule that failed: enough to understand it, and to run it again.
import type { Verdict } from './check-schedule.ts';
import type { RequestFault, Schedule, Step } from './schedule.ts';
import { isFailure } from './totals.ts';

/** Null for a schedule that did not fail. */
export function describeFailure(schedule: Schedule, verdict: Verdict): string | null {
  if (!isFailure(verdict)) return null;
  const { seed, runs, steps, requestFaults, maxQueueDepthEvents, keepsTabs } = schedule;
  return [
    `\nSchedule ${seed} failed. Repeat it with: npm run test:faults -- --seed ${seed}`,
    ...verdict.lost.map((key) => `  lost: ${key}`),
    ...verdict.twice.map((what) => `  twice: ${what}`),
    ...verdict.wrong.map((what) => `  wrong: ${what}`),
    ...runs.map((run, index) => `  run ${index}: ${JSON.stringify(run)}`),
    `  steps: ${steps.map(describe).join(', ')}`,
    `  requests: ${requestFaults.map(describe).join(', ')}`,
    ...(maxQueueDepthEvents === null
      ? []
      : [`  the queue is full at ${maxQueueDepthEvents} events`]),
    `  ${keepsTabs ? 'tabs stay' : 'tabs are closed'} while another one recovers\n`,
  ].join('\n');
}

/** The name and the values of a step or a fault, without the words between them. */
function describe(part: Step | RequestFault): string {
  return Object.values(part).join(' ');
}
