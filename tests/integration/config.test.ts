// What the environment may say, and the sentence for what it may not.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../server/config.server.ts';

test('an empty environment gives the defaults', () => {
  const defaults = {
    port: 3000,
    host: '127.0.0.1',
    dataFolder: join(process.cwd(), 'data'),
    logLevel: 'warn',
    modelMirror: null,
  };
  expect(readConfig({})).toEqual(defaults);
  const empty = { PORT: '', HOST: '', KINEMARK_DATA: '', LOG_LEVEL: '', KINEMARK_MODEL_MIRROR: '' };
  expect(readConfig(empty)).toEqual(defaults);
});

test('every variable is read', () => {
  const environment = {
    PORT: '0',
    HOST: '::',
    KINEMARK_DATA: '/srv/kinemark',
    LOG_LEVEL: 'info',
    KINEMARK_MODEL_MIRROR: 'http://mirror.local/models/',
  };
  expect(readConfig(environment)).toEqual({
    port: 0,
    host: '::',
    dataFolder: '/srv/kinemark',
    logLevel: 'info',
    modelMirror: 'http://mirror.local/models',
  });
});

test.each([
  [{ PORT: 'http' }, 'PORT is "http", but must be a whole number from 0 to 65535'],
  [{ PORT: '-1' }, 'PORT is "-1", but must be a whole number'],
  [{ PORT: '65536' }, 'PORT is "65536", but must be a whole number'],
  [{ PORT: '80.5' }, 'PORT is "80.5", but must be a whole number'],
  [{ HOST: 'http://here' }, 'HOST is "http://here", but must be a host name or an IP address'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud", but must be one of silent, fatal, error, warn'],
  [
    { KINEMARK_MODEL_MIRROR: 'mirror' },
    'KINEMARK_MODEL_MIRROR is "mirror", but must be an http or',
  ],
  [
    { KINEMARK_MODEL_MIRROR: 'ftp://a/b' },
    'KINEMARK_MODEL_MIRROR is "ftp://a/b", but must be an http',
  ],
  [{ KINEMARK_MODEL_MIRROR: 'http://a/?b=' }, 'but must be an http or https URL without a query'],
])('%o is refused by name', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(ConfigError);
  expect(() => readConfig(environment)).toThrow(message);
});
