import { expect, it } from 'vitest';
import { cameraRefusal } from '../../../src/lib/video/camera-refusal.ts';

it.each([
  ['NotAllowedError', 'permission-denied', /because permission was denied\. Allow it/],
  ['NotFoundError', 'no-camera', /has none that fits\. Connect one/],
  ['OverconstrainedError', 'no-camera', /has none that fits\. Connect one/],
  ['NotReadableError', 'camera-busy', /another application or page uses it/],
  ['AbortError', 'camera-busy', /or because it failed/],
  ['SecurityError', 'insecure-page', /only to secure pages\. Open Kinemark over https/],
])('says what a browser means with %s', (name, code, sentence) => {
  const refusal = cameraRefusal(new DOMException('', name));
  expect(refusal).toMatchObject({ name: 'SourceError', code });
  expect(String(refusal)).toMatch(sentence);
});

it('leaves other failures as they are', () => {
  const failure = new TypeError('video is no constraint');
  expect(cameraRefusal(failure)).toBe(failure);
});
