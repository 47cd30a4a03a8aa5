import { expect, test } from 'vitest';
import { mayFetchUnasked } from '../../../src/lib/ui/pwa/unasked.ts';

test.each([
  [undefined, true],
  [{}, true],
  [{ type: 'wifi', effectiveType: '4g' }, true],
  [{ saveData: true }, false],
  [{ type: 'cellular', effectiveType: '4g' }, false],
  [{ effectiveType: '2g' }, false],
])('on %j: %s', (connection, may) => {
  // Node's navigator has no connection, like that of many browsers.
  expect(mayFetchUnasked(connection)).toBe(may);
});
