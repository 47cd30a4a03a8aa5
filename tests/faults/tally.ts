// How often each fault really happened: a fault that the browser or the harness no longer provokes would else
// be taken for one that is survived.
import type { RequestFault, Step } from './schedule.ts';

/** Faults that are seen by whoever they hit, beside the steps and the requests that are meant to be hit. */
type Witnessed = 'storage refused for want of room' | 'a write to the store failed';

/** Whatever can happen. */
export type Happening =
  | `step ${Step['do']}`
  | `tab ${'close' | 'reload' | 'crash'}`
  | `request ${RequestFault['kind']}`
  | Witnessed;

/** What must have happened in a run of this many schedules; without it the test tests less than it says. */
const ENOUGH_SCHEDULES = 300;

const EXPECTED: readonly Happening[] = [
  'step hide',
  'step network',
  'step sign-in',
  'step kill-server',
  'step set-page-clock',
  'step set-server-clock',
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
  'request status',
  'request status-after-commit',
  'request kill-during',
  'request kill-after',
  'storage refused for want of room',
  'a write to the store failed',
];

/** Counts happenings. */
export type Tally = {
  count(happening: Happening): void;
  /** Those that never happened in `schedules` schedules; none where these are too few to say. */
  missing(schedules: number): readonly Happening[];
  /** All counts in one line. */
  describe(): string;
};

/** Nothing has happened. */
export function createTally(): Tally {
  const counts = new Map<Happening, number>();
  return {
    count: (happening) => void counts.set(happening, (counts.get(happening) ?? 0) + 1),
    missing: (schedules) =>
      schedules < ENOUGH_SCHEDULES ? [] : EXPECTED.filter((happening) => !counts.has(happening)),
    describe: () => EXPECTED.map((name) => `${name} ${counts.get(name) ?? 0}`).join(', '),
  };
}
