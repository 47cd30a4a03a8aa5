// Schedules are repeatable, possible, and together contain every fault.
import { expect, test } from 'vitest';
import { UsageError, readFaultOptions } from '../../faults/fault-options.ts';
import { makeBrowserDeath } from '../../faults/make-browser-death.ts';
import { makeSchedule } from '../../faults/make-schedule.ts';

/** As many as CI runs. */
const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

test('a seed gives one schedule, another seed another', () => {
  expect(makeSchedule(7)).toEqual(makeSchedule(7));
  expect(makeSchedule(7)).not.toEqual(makeSchedule(8));
});

test('so it does for the deaths of browsers, which come while runs go on', () => {
  expect(makeBrowserDeath(7)).toEqual(makeBrowserDeath(7));
  for (const { steps } of seeds.map(makeBrowserDeath)) {
    expect(steps.at(-1)).toEqual({ do: 'kill-browser' });
    expect(steps.filter((step) => step.do === 'record')).toHaveLength(2);
    expect(steps.some((step) => step.do === 'finish')).toBe(false);
  }
});

test('every run is started once, in an open tab that does nothing else', () => {
  for (const { runs, steps } of seeds.map(makeSchedule)) {
    const busy = new Map<number, number | null>();
    const started: number[] = [];
    for (const step of steps) {
      if (step.do === 'open') busy.set(step.tab, null);
      if (step.do === 'start') {
        expect(busy.get(step.tab)).toBeNull();
        busy.set(step.tab, step.run);
        started.push(step.run);
      }
      if (step.do === 'record' || step.do === 'finish') {
        expect(busy.get(step.tab)).toBe(step.run);
      }
      if (step.do === 'finish') busy.set(step.tab, null);
      if (step.do === 'end-tab') {
        if (step.how === 'reload') busy.set(step.tab, null);
        else busy.delete(step.tab);
      }
    }
    expect(started).toEqual(runs.map((_, index) => index));
  }
});

test('together they contain every fault', () => {
  const schedules = seeds.map(makeSchedule);
  const steps = schedules.flatMap((schedule) => schedule.steps);
  const requests = schedules.flatMap((schedule) => schedule.requestFaults);
  expect([...new Set(steps.map((step) => step.do))].toSorted()).toEqual(
    [
      'break-store',
      'end-tab',
      'finish',
      'hide',
      'kill-server',
      'network',
      'open',
      'pass-server-time',
      'pause',
      'record',
      'set-page-clock',
      'make-room',
      'set-server-clock',
      'sign-in',
      'start',
      'start-server',
    ].toSorted(),
  );
  expect(new Set(requests.map(({ kind }) => kind)).size).toBe(13);
  expect(new Set(steps.flatMap((step) => (step.do === 'end-tab' ? [step.how] : [])))).toEqual(
    new Set(['close', 'reload', 'crash']),
  );
  expect(schedules.some(({ runs }) => runs.some((run) => run.poisonedWindow !== null))).toBe(true);
});

test('the command line names what it does not take', () => {
  expect(readFaultOptions([])).toMatchObject({ firstSeed: 1, schedules: 300 });
  expect(readFaultOptions(['--seed', '42'])).toMatchObject({ firstSeed: 42, schedules: 1 });
  expect(readFaultOptions(['--schedules', '3000'])).toMatchObject({ schedules: 3000 });
  expect(readFaultOptions(['--help'])).toBeNull();
  expect(() => readFaultOptions(['--seed', 'x'])).toThrow(UsageError);
  expect(() => readFaultOptions(['--schedules', '0'])).toThrow(/--schedules is "0"/);
  expect(() => readFaultOptions(['--what'])).toThrow(UsageError);
});
