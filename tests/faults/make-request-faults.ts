// Draws what happens to the requests of a schedule on their way.
import type { Draw } from './draw.ts';
import type { RequestFault, RetryAfter } from './schedule.ts';

const FEWEST_REQUESTS = 4;
const MOST_REQUESTS = 18;
const FAULT_SHARE = 0.75;

/** Long enough to be overtaken by the next try, short enough for many schedules. */
const LONGEST_DELAY_MS = 120;
/** A server of one batch is busy for some milliseconds. */
const LONGEST_KILL_DELAY_MS = 8;
/** Of kills: the first moment is the one in which most can be lost. */
const AT_ONCE_SHARE = 0.4;

const GATEWAY_ERRORS = [500, 502, 503, 504, 429, 408, 404];
/** A date in the past is allowed, and says "now". */
const RETRY_AFTER: readonly RetryAfter[] = [
  null,
  '0',
  '1',
  'Wed, 21 Oct 2015 07:28:00 GMT',
  'next second',
];

/** The faults of a schedule's first requests. */
export function makeRequestFaults(draw: Draw): readonly RequestFault[] {
  return Array.from({ length: draw.between(FEWEST_REQUESTS, MOST_REQUESTS) }, () =>
    draw.chance(FAULT_SHARE) ? makeFault(draw) : { kind: 'none' },
  );
}

function makeFault(draw: Draw): RequestFault {
  const kind = draw.weighted([
    [3, 'lose-request'],
    [2, 'tear-request'],
    [4, 'lose-answer'],
    [2, 'tear-answer'],
    [3, 'duplicate'],
    [4, 'late-copy'],
    [8, 'delay'],
    [2, 'hang'],
    [3, 'status'],
    [2, 'status-after-commit'],
    [2, 'kill-during'],
    [4, 'kill-after'],
  ] as const);
  switch (kind) {
    case 'late-copy':
    case 'delay':
      return { kind, delayMs: draw.between(1, LONGEST_DELAY_MS) };
    case 'kill-during':
    case 'kill-after':
      return {
        kind,
        delayMs: draw.chance(AT_ONCE_SHARE) ? 0 : draw.between(1, LONGEST_KILL_DELAY_MS),
      };
    case 'status':
      return { kind, status: draw.pick(GATEWAY_ERRORS), retryAfter: draw.pick(RETRY_AFTER) };
    case 'status-after-commit':
      return { kind, status: draw.pick(GATEWAY_ERRORS) };
    default:
      return { kind };
  }
}
