// Dead letters as text for a terminal. What is in them came from outside, so no control character gets through.
import type { DeadLetter, DeadLetterEntry } from '../broker/dead-letters.server.ts';

const SPACE_BETWEEN = '  ';
/** Of an error in a terminal so narrow that the other columns fill it. */
const MIN_ERROR_CHARACTERS = 20;
const ELLIPSIS = '…';

const COLUMNS: readonly {
  readonly title: string;
  readonly value: (entry: DeadLetterEntry) => string;
}[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'EVENT (RUN/SEQUENCE)', value: ({ eventId }) => eventId },
  { title: 'TYPE', value: ({ eventType }) => shortType(eventType) },
  { title: 'TRIES', value: ({ attempts }) => String(attempts) },
  { title: 'DIED (UTC)', value: ({ diedAt }) => toSecond(diedAt) },
  { title: 'ERROR', value: ({ error }) => error },
];

/** One line each below a header. The error comes last and is cut at `widthCharacters`, if there is such. */
export function tableOf(
  entries: readonly DeadLetterEntry[],
  widthCharacters: number | null,
): string {
  const rows = [
    COLUMNS.map(({ title }) => title),
    ...entries.map((entry) => COLUMNS.map(({ value }) => oneLine(value(entry)))),
  ];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const errorAt = widths.slice(0, -1).reduce((sum, width) => sum + width + SPACE_BETWEEN.length, 0);
  const errorWidth =
    widthCharacters === null ? null : Math.max(MIN_ERROR_CHARACTERS, widthCharacters - errorAt);
  return rows
    .map((row) => {
      const cells = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column] ?? 0));
      return [...cells, cut(row.at(-1) ?? '', errorWidth)].join(SPACE_BETWEEN);
    })
    .join('\n');
}

/** What is known of one, and its event as indented JSON. */
export function describeDeadLetter(letter: DeadLetter): string {
  return [
    `Dead letter ${letter.id}`,
    `  event      ${oneLine(letter.eventId)}`,
    `  type       ${oneLine(letter.eventType)}`,
    `  run        ${oneLine(letter.runId)}`,
    `  accepted   ${letter.publishedAt}`,
    `  died       ${letter.diedAt}, after ${letter.attempts} tries`,
    `  error      ${oneLine(letter.error)}`,
    '',
    withoutControls(JSON.stringify(letter.event, null, 2)),
  ].join('\n');
}

function shortType(eventType: string): string {
  return eventType.replace(/^kinemark\.run\./, '').replace(/\.v1$/, '');
}

function toSecond(isoTime: string): string {
  return isoTime.replace('T', ' ').replace(/\.\d+Z$/, '');
}

function oneLine(text: string): string {
  return withoutControls(text.replace(/\s+/g, ' '));
}

/** A terminal would obey them. JSON's own line breaks stay. */
function withoutControls(text: string): string {
  return text.replace(
    /(?!\n)\p{Cc}/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function cut(text: string, width: number | null): string {
  if (width === null || text.length <= width) return text;
  return text.slice(0, width - ELLIPSIS.length) + ELLIPSIS;
}
