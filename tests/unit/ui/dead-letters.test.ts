// What the pages say of dead letters, as the server renders it.
import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import DeadLetterNote from '../../../src/lib/ui/dead-letters/DeadLetterNote.svelte';
import DeadLetterTable from '../../../src/lib/ui/dead-letters/DeadLetterTable.svelte';
import ReplayHelp from '../../../src/lib/ui/dead-letters/ReplayHelp.svelte';
import { nameEvent } from '../../../src/lib/ui/dead-letters/event-name.ts';

const RUN_ID = '0197a000-0000-7000-8000-000000000001';

function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

test('an event is called by what it is and its number in the run', () => {
  expect(nameEvent('kinemark.run.window.v1', `${RUN_ID}/12`)).toBe('Window, event 12');
  expect(nameEvent('kinemark.run.started.v1', `${RUN_ID}/0`)).toBe('Start, event 0');
  expect(nameEvent('kinemark.run.later.v7', `${RUN_ID}/3`)).toBe('kinemark.run.later.v7, event 3');
});

test('the note says how many there are and leads to them', () => {
  const { body } = render(DeadLetterNote, { props: { count: 1234 } });
  expect(textOf(body)).toBe('1,234 events could not be stored, so runs may lack a part. See why');
  expect(body).toContain('href="/dead-letters"');
  const one = render(DeadLetterNote, { props: { count: 1 } });
  expect(textOf(one.body)).toMatch(/^1 event could/);
});

test.each([0, null])('with %s of them there is no note', (count) => {
  expect(textOf(render(DeadLetterNote, { props: { count } }).body)).toBe('');
});

test('the table shows id, event, run, error as text, tries and age', () => {
  const letter = {
    id: '42',
    eventId: `${RUN_ID}/3`,
    eventType: 'kinemark.run.window.v1',
    runId: RUN_ID,
    attempts: 5,
    diedAt: '2026-11-05T10:00:00.000Z',
    error: 'NOT NULL <b>constraint</b> failed',
  };
  const nowMs = Date.parse('2026-11-05T10:07:00.000Z');
  const { body } = render(DeadLetterTable, { props: { letters: [letter], nowMs } });
  const text = textOf(body);
  expect(text).toContain('42 Window, event 3 See its run');
  expect(text).toContain('NOT NULL &lt;b>constraint&lt;/b> failed 5 7 min ago');
  expect(body).toContain(`href="/runs/${RUN_ID}"`);
});

test('the help names commands with an id that there is, and offers no button', () => {
  const { body } = render(ReplayHelp, { props: { exampleId: '42' } });
  const text = textOf(body);
  expect(text).toContain('npm run deadletters -- show 42 prints the event and its error');
  expect(text).toContain('npm run deadletters -- replay --all tries to store all of them again');
  expect(body).not.toMatch(/<(button|form|input)/);
});
