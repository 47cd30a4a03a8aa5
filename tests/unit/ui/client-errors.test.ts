// What a visitor reads of an error in the browser that nobody foresaw.
import type { NavigationEvent } from '@sveltejs/kit';
import { expect, test, vi } from 'vitest';
import { handleError } from '../../../src/hooks.client.ts';

const event = {} as NavigationEvent;

test('it says what, why and what to do, and the console has the cause', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const error = new TypeError('x is undefined');
  expect(handleError({ error, event, status: 500, message: 'Internal Error' })).toMatchObject({
    message: expect.stringMatching(
      /^This page could not be shown because .+\. Update .+, else try again; .+\.$/,
    ),
  });
  expect(log).toHaveBeenCalledWith(error);
  log.mockRestore();
});

test('an address without a page keeps its own words', () => {
  expect(handleError({ error: null, event, status: 404, message: 'Not Found' })).toEqual({
    message: 'Not Found',
  });
});
