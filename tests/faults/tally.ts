// How often each fault really happened: a fault that the browser or the harness no longer provokes would else
// be taken for one that is survived.
import type { RequestFault, Step } from './schedule.ts';

/** Faults that are seen by whoever they hit, beside the steps and the requests that are meant to be hit. */
type Witnessed =
  | 'storage refused for want of room'
  | 'a write to the store failed'
  | 'dead letters were replayed'
  | 'the server put a batch off';

/** Whatever can happen. */
export type Happening =
  | `step ${Step['do']}`
  | `tab ${'close' | 'reload' | 'crash'}`
  | `request ${RequestFault['kind']}`
  | Witnessed;

/** A run of this many schedules that lacks a fault tests less than it says. */
const ENOUGH_SCHEDULES = 300;
/** Each fault happens at least once in so many schedules. */
const SCHEDULES_PER_HAPPENING = 20;

const EXPECTED: readonly Happening[] = [
  'step hide',
  'step network',
  'step sign-in',
  'step kill-server',
  'step set-page-clock',
  'step set-server-clock',
  'step pass-server-time',
  'step make-room',
  'tab close',
  'tab reload',
  'tab crash',
  'request lose-request',
  'request tear-request',
  'request lose-answer',
  'request tear-answer',
  'request duplicate',
  'request late-copy',
  'request delay',
  'request hang',
  'request status',
  'request status-after-commit',
  'request kill-during',
  'request kill-after',
  'storage refused for want of room',
  'a write to the store failed',
];

/** Rarer, as they take long or need much to come together: that they happen must do. */
const RARE: readonly Happening[] = [
  'dead letters were replayed',
  'the server put a batch off',
  'step kill-browser',
];

/** Counts happenings. */
export type Tally = {
  count(happening: Happening): void;
  /** Those that happened too rarely in `schedules` schedules; none where these are too few to say. */
  missing(schedules: number): readonly Happening[];
  /** All counts in one line. */
  describe(): string;
};

/** Nothing has happened. */
export function createTally(): Tally {
  const counts = new Map<Happening, number>();
  const countOf = (happening: Happening): number => counts.get(happening) ?? 0;
  return {
    count: (happening) => void counts.set(happening, (counts.get(happening) ?? 0) + 1),
    missing(schedules) {
      if (schedules < ENOUGH_SCHEDULES) return [];
      const least = schedules / SCHEDULES_PER_HAPPENING;
      return [
        ...EXPECTED.filter((happening) => countOf(happening) < least),
        ...RARE.filter((happening) => countOf(happening) === 0),
      ];
    },
    describe: () => [...EXPECTED, ...RARE].map((name) => `${name} ${countOf(name)}`).join(', '),
  };
}
