import { expect, it } from 'vitest';
import { parseBatch } from '../../../src/lib/events/parse-batch.ts';
import { createRunEvents } from '../../../src/lib/events/run-events.ts';
import { DEVICE_ID, RUN_ID, finishedEvent, windowEvent } from '../../fixtures/events.ts';
import { runStart } from '../../fixtures/run-plans.ts';

it('numbers the events of a run from 0, and what it makes is valid', () => {
  const make = createRunEvents(RUN_ID, DEVICE_ID, () => new Date('2026-11-05T10:00:00Z'));
  const events = [
    make.started(runStart),
    make.window(windowEvent(0).data),
    make.window(windowEvent(1).data),
    make.finished(finishedEvent().data),
  ];
  expect(events.map(({ id }) => id)).toEqual([0, 1, 2, 3].map((n) => `${RUN_ID}/${n}`));
  expect(parseBatch(events)).toEqual({ ok: true, events });
});

it('goes on after the last event of a run whose tab is gone', () => {
  const make = createRunEvents(RUN_ID, DEVICE_ID, () => new Date('2026-11-05T11:00:00Z'), 7);
  const event = make.interrupted(2);
  expect(event).toMatchObject({
    id: `${RUN_ID}/7`,
    data: { noticedAt: '2026-11-05T11:00:00.000Z', windows: 2 },
  });
  expect(parseBatch([event])).toEqual({ ok: true, events: [event] });
});
