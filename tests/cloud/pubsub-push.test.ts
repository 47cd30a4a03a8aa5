// Pushed events: who may push, what is a push, and what becomes of its event.
import { text } from 'node:stream/consumers';
import { generateKeyPair } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import type { DeadLetter } from '../../server/broker/dead-letters.server.ts';
import {
  createPubSubConsumer,
  type PubSubConsumer,
} from '../../server/broker/pubsub/consumer.server.ts';
import { toEventMessage } from '../../server/broker/pubsub/event-message.server.ts';
import { RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { createResources } from './google-resources.ts';
import { ARRIVAL, notedLog, openClient, openPublisher, recorder } from './pubsub-parts.ts';
import { pushConfig, serve, startSigner, type TokenSigner } from './pubsub-push-parts.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

const google = freshGoogleConfig({ push: pushConfig });
const log = notedLog();
const letters: DeadLetter[] = [];
let signer: TokenSigner;
let consumer: PubSubConsumer;

beforeEach(async ({ onTestFinished }) => {
  signer = await startSigner();
  log.lines.length = 0;
  letters.length = 0;
  consumer = createPubSubConsumer({
    google,
    deadLetterWriter: { put: async (letter) => void letters.push(letter) },
    logger: log.logger,
    keysUrl: signer.keysUrl,
  });
  onTestFinished(() => consumer.close());
});

function bodyOf(data: Uint8Array, subscription = google.subscription, attributes = {}) {
  return {
    message: {
      data: Buffer.from(data).toString('base64'),
      attributes,
      messageId: '17',
      message_id: '17',
      orderingKey: RUN_ID,
      publishTime: '2026-11-05T10:00:01.123Z',
    },
    subscription: `projects/${google.project}/subscriptions/${subscription}`,
  };
}

const { data: eventData } = toEventMessage(startedEvent());

async function push(authorization: string | null, body: unknown = bodyOf(eventData)) {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const url = 'http://worker.test/worker/push';
  return consumer.pushReceiver!.handle(new Request(url, { method: 'POST', headers, body: text }));
}

async function pushSigned(body?: unknown) {
  return push(`Bearer ${await signer.token()}`, body);
}

test('takes an event over that Pub/Sub has signed, and answers 204 once the handler is through', async () => {
  let finish = () => {};
  const handler = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  consumer.consume(handler);
  let status: number | null = null;
  const answered = pushSigned().then((response) => (status = response.status));
  await vi.waitFor(() => expect(handler).toHaveBeenCalledWith([startedEvent()]), ARRIVAL);
  expect(status).toBeNull();
  finish();
  await answered;
  expect(status).toBe(204);
  expect(log.lines).toEqual([]);
});

test('fetches the keys once for many pushes, and knows both of the names of the issuer', async () => {
  consumer.consume(async () => undefined);
  for (let count = 0; count < 3; count++) expect((await pushSigned()).status).toBe(204);
  const short = await signer.token({ iss: 'accounts.google.com' });
  expect((await push(`Bearer ${short}`)).status).toBe(204);
  expect(signer.fetches()).toBe(1);
});

const nowS = () => Math.floor(Date.now() / 1000);
const hourS = 3600;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const refused: [string, 401 | 403, () => Promise<string | null>][] = [
  ['no token', 401, async () => null],
  ['another scheme', 401, async () => `Basic ${await signer.token()}`],
  ['no JWT', 401, async () => 'Bearer abc'],
  ['an expired token', 401, () => bearer({ iat: nowS() - 2 * hourS, exp: nowS() - hourS })],
  ['a token of tomorrow', 401, () => bearer({ nbf: nowS() + hourS })],
  ['one issued in the future', 401, () => bearer({ iat: nowS() + hourS, exp: nowS() + 2 * hourS })],
  ['one that never expires', 401, () => bearer({ exp: undefined })],
  [
    'one valid for years',
    401,
    () => bearer({ iat: nowS() - 2 * hourS, exp: nowS() + 9999 * hourS }),
  ],
  ['another audience', 401, () => bearer({ aud: 'https://other.example' })],
  ['no audience', 401, () => bearer({ aud: undefined })],
  ['another issuer', 401, () => bearer({ iss: 'https://accounts.example.com' })],
  ['another key', 401, async () => bearer({}, (await generateKeyPair('RS256')).privateKey)],
  ['alg none', 401, () => unsigned()],
  ['a secret in place of a key', 401, () => bearer({}, new Uint8Array(32), 'HS256')],
  ['a changed claim', 401, () => tampered()],
  ['another account', 403, () => bearer({ email: 'other@kinemark.iam.gserviceaccount.com' })],
  ['no account', 403, () => bearer({ email: undefined })],
  ['an unverified e-mail', 403, () => bearer({ email_verified: false })],
  ['an e-mail said to be verified', 403, () => bearer({ email_verified: 'true' })],
];

async function bearer(...[changes, key, algorithm]: [object, (CryptoKey | Uint8Array)?, string?]) {
  const token = signer.token(
    { ...changes },
    { ...(key && { key }), ...(algorithm && { algorithm }) },
  );
  return `Bearer ${await token}`;
}

async function unsigned() {
  const [, payload = ''] = (await signer.token()).split('.');
  return `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`;
}

async function tampered() {
  const [header = '', payload = '', signature = ''] = (
    await signer.token({ email: 'other@kinemark.iam.gserviceaccount.com' })
  ).split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  return `Bearer ${header}.${encode({ ...claims, email: pushConfig.account })}.${signature}`;
}

test.each(refused)(
  'refuses %s with %d, and says so once, without the token',
  async (_, status, make) => {
    const handler = vi.fn(async () => undefined);
    consumer.consume(handler);
    const authorization = await make();
    const response = await push(authorization);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: 'Only Pub/Sub may push events here.' });
    expect(handler).not.toHaveBeenCalled();
    expect(log.lines).toMatchObject([{ level: 40, status, msg: 'a push was refused' }]);
    const [, , signature = ''] = (authorization ?? '').split('.');
    if (signature) expect(JSON.stringify(log.lines)).not.toContain(signature);
  },
);

test("asks for the push again while Google's keys cannot be had", async () => {
  await consumer.close();
  const broken = await serve((_request, response) => response.writeHead(500).end());
  consumer = createPubSubConsumer({
    google,
    deadLetterWriter: { put: async () => undefined },
    logger: log.logger,
    keysUrl: broken,
  });
  consumer.consume(async () => undefined);
  expect((await pushSigned()).status).toBe(503);
  await consumer.close();
});

test.each([
  ['no JSON', '{'],
  ['nothing', ''],
  ['a bare event', startedEvent()],
  ['no message id', { ...bodyOf(eventData), message: { data: '' } }],
  ['no base64', { ...bodyOf(eventData), message: { ...bodyOf(eventData).message, data: '%' } }],
])('answers 400 to a body that is no push: %s', async (_, body) => {
  consumer.consume(async () => undefined);
  const response = await pushSigned(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: 'The body is no push of Pub/Sub.' });
});

test('answers 400 to a push of a subscription that is none of its own', async () => {
  consumer.consume(async () => undefined);
  expect((await pushSigned(bodyOf(eventData, 'another'))).status).toBe(400);
});

test('gives a pushed dead letter to the writer', async () => {
  consumer.consume(async () => undefined);
  const attributes = {
    attempts: '5',
    error: 'cannot be stored',
    publishedAt: '2026-11-05T10:00:00.000Z',
    diedAt: '2026-11-05T10:00:01.000Z',
  };
  const response = await pushSigned(bodyOf(eventData, google.deadLetterSubscription, attributes));
  expect(response.status).toBe(204);
  expect(letters).toMatchObject([
    { id: '17', eventId: startedEvent().id, attempts: 5, error: 'cannot be stored' },
  ]);
});

test('holds a push while its event is tried again', async () => {
  let failures = 1;
  const { ids, handler } = recorder();
  consumer.consume(async (events) => {
    if (failures-- > 0) throw new Error('the store is away');
    await handler(events);
  });
  expect((await pushSigned()).status).toBe(204);
  expect(ids()).toEqual([startedEvent().id]);
});

test('asks for the push again before there is a consumer, when it stops, and after its end', async () => {
  expect((await pushSigned()).status).toBe(503);
  const running = consumer.consume(async () => {
    throw new Error('the store is away');
  });
  const answer = pushSigned();
  await vi.waitFor(() => expect(log.lines).toMatchObject([{ msg: 'delivery failed' }]), ARRIVAL);
  await running.stop();
  expect((await answer).status).toBe(503);
  expect((await pushSigned()).status).toBe(503);
});

test.skipIf(!hasEmulators)('takes what a real Pub/Sub pushes', async () => {
  await createResources(google);
  const { ids, handler } = recorder();
  consumer.consume(handler);
  // The emulator signs nothing, so what Google would sign is added on the way.
  const url = await serve((request, response) => {
    void text(request)
      .then(pushSigned)
      .then(({ status }) => response.writeHead(status).end());
  });
  const subscription = openClient(google).subscription(google.subscription);
  await subscription.modifyPushConfig({ pushEndpoint: `${url}/worker/push` });
  const events = [startedEvent(), windowEvent(0), windowEvent(1)];
  await openPublisher(google).publish(events);
  await vi.waitFor(() => expect(ids()).toEqual(events.map(({ id }) => id)), ARRIVAL);
});
