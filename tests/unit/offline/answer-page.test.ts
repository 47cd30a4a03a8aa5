// Who answers a navigation: the server in time, else the app itself.
import { expect, test } from 'vitest';
import { answerPage } from '../../../src/lib/offline/answer-page.ts';
import { VERSION_HEADER } from '../../../src/lib/offline/version-header.ts';

const version = '1';
const shellPage = () => Promise.resolve(new Response('shell'));
const noShell = () => Promise.resolve(undefined);

function answered(status: number, headers: Record<string, string> = {}): Promise<Response> {
  return Promise.resolve(new Response('server', { status, headers }));
}
function never(): Promise<Response> {
  return new Promise(() => undefined);
}

test.each([200, 404, 500])('the server answers with %i', async (status) => {
  const page = await answerPage({ version, network: answered(status), shell: shellPage });
  expect(page.status).toBe(status);
  expect(await page.text()).toBe('server');
});

test("a page of the version in use is the server's, one of another version waits until that is wanted", async () => {
  const pageOf = (named: string, status = 200) =>
    answerPage({
      version,
      network: answered(status, { [VERSION_HEADER]: named }),
      shell: shellPage,
    });
  expect(await (await pageOf('1')).text()).toBe('server');
  expect(await (await pageOf('2')).text()).toBe('shell');
  expect(await (await pageOf('2', 404)).text()).toBe('shell');
});

test('where the app is not kept, another version is better than none', async () => {
  const network = answered(200, { [VERSION_HEADER]: '2' });
  const page = await answerPage({ version, network, shell: noShell });
  expect(await page.text()).toBe('server');
});

test.each([502, 503, 504])('a proxy says %i for it: the app answers', async (status) => {
  const page = await answerPage({ version, network: answered(status), shell: shellPage });
  expect(await page.text()).toBe('shell');
});

test('without a network the app answers', async () => {
  const network = Promise.reject<Response>(new TypeError('Failed to fetch'));
  expect(await (await answerPage({ version, network, shell: shellPage })).text()).toBe('shell');
});

test('a server that hangs is not waited for', async () => {
  const page = await answerPage({ version, network: never(), shell: shellPage, limitMs: 1 });
  expect(await page.text()).toBe('shell');
});

test('where the app is not kept, it is the network that fails, hangs or answers late', async () => {
  const failure = new TypeError('Failed to fetch');
  await expect(
    answerPage({ version, network: Promise.reject<Response>(failure), shell: noShell }),
  ).rejects.toBe(failure);
  expect((await answerPage({ version, network: answered(503), shell: noShell })).status).toBe(503);
  const { promise, resolve } = Promise.withResolvers<Response>();
  const page = answerPage({ version, network: promise, shell: noShell, limitMs: 1 });
  setTimeout(() => resolve(new Response('late')), 20);
  expect(await (await page).text()).toBe('late');
});
