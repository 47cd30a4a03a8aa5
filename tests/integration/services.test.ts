// The services as a whole: one set in a process, found by the routes, healthy until they close.
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../server/config.server.ts';
import { checkHealth } from '../../server/observability/health.server.ts';
import { currentServices, hasServices } from '../../server/service-registry.server.ts';
import { startServices } from '../../server/services.server.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

async function start() {
  const dataFolder = temporaryFolder();
  const services = await startServices({ ...readConfig({}), dataFolder, logLevel: 'silent' });
  onTestFinished(async () => {
    if (hasServices()) await services.close();
  });
  return services;
}

test('services are found while they run, and only one set runs', async () => {
  expect(() => currentServices()).toThrow('start the server with `npm start`');
  const services = await start();
  expect(currentServices()).toBe(services);
  await expect(start()).rejects.toThrow('running in this process already');

  await services.close();
  expect(hasServices()).toBe(false);
});

test('health is ok with the depth of the queue and the dead letters, and unavailable from the moment of closing', async () => {
  const services = await start();
  expect(await checkHealth(services)).toEqual({
    status: 'ok',
    role: 'all',
    queueDepth: 0,
    deadLetters: 0,
  });
  services.beginClose();
  expect(await checkHealth(services)).toMatchObject({ status: 'unavailable' });
});

test('a queue whose dead letters cannot be counted is unavailable', async () => {
  const services = await start();
  const count = () => Promise.reject(new Error('disk on fire'));
  const deadLetters = { ...services.deadLetters!, count };
  expect(await checkHealth({ ...services, deadLetters })).toMatchObject({ status: 'unavailable' });
});

test('a broken store is unavailable, without the cause in the answer', async () => {
  const services = await start();
  const store = { ...services.store!, listRuns: () => Promise.reject(new Error('disk on fire')) };
  const health = await checkHealth({ ...services, store });
  expect(health).toEqual({
    status: 'unavailable',
    reason: 'The queue or the store cannot be read.',
  });
});
