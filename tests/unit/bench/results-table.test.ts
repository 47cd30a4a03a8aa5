import { expect, it } from 'vitest';
import { accuracyTable, resultsTable } from '../../../bench/results-table.ts';
import { finishedEvent } from '../../fixtures/events.ts';

const accuracy = {
  images: 27,
  people: 70,
  ap: 0.5597,
  ap50: 0.7058,
  ap75: 0.6446,
  apMedium: null,
  apLarge: 0.6121,
  ar: 1,
  ar50: 0.7857,
  ar75: 0.7428,
  arMedium: null,
  arLarge: 0.7566,
};

it('shows a line per run, aligned', () => {
  const { data } = finishedEvent();
  expect(resultsTable([data, { ...data, target: 'ort/x@wasm' }])).toBe(
    [
      'target                         source     frames  FPS   p50 ms  p90 ms  p95 ms  p99 ms  load ms  detected  verdict',
      'mediapipe/blazepose-lite@wasm  actor.mp4  300     33.3  28.5    41      44      –       800      99.0 %    valid',
      'ort/x@wasm                     actor.mp4  300     33.3  28.5    41      44      –       800      99.0 %    valid',
    ].join('\n'),
  );
});

it("shows COCO's figures of the runs that have them", () => {
  const { data: plain } = finishedEvent();
  const { data: scored } = finishedEvent({ data: { accuracy, target: 'ort/x@wasm' } });
  expect(accuracyTable([plain, scored])).toBe(
    [
      'target      AP     AP50   AP75   APm  APl    AR     people  images',
      'ort/x@wasm  0.560  0.706  0.645  –    0.612  1.000  70      27',
    ].join('\n'),
  );
  expect(accuracyTable([plain])).toBeNull();
});
