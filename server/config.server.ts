// Configuration comes from the environment only, and is checked here once. Fixed limits of the
// server's parts that are not for users to change live with those parts.
import { resolve } from 'node:path';
import * as v from 'valibot';
import { googleEntries, readGoogleConfig } from './google-config.server.ts';
import type { GoogleConfig } from './google-config.server.ts';
import { ROLES, type Role } from './roles/role.server.ts';
import { StartupError } from './startup-error.server.ts';

/** Levels that `LOG_LEVEL` may name, quietest first. */
const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Where queue and store are: in files of this machine, or in Google's cloud. */
const PLATFORMS = ['local', 'google'] as const;

/** Events that may wait for the worker before ingest asks devices to come back later. */
export const MAX_QUEUE_DEPTH_EVENTS = 20_000;

/** Everything a user can set. */
export type Config = {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** Absolute path of the folder that holds all state. */
  readonly dataFolder: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Where public weights are asked for instead, as `<mirror>/<host>/<path>`; without a trailing slash. */
  readonly modelMirror: string | null;
  readonly role: Role;
  /** Null where queue and store are files in the data folder. */
  readonly google: GoogleConfig | null;
  /** Where the dashboard passes batches of events on to, as an origin; null where it takes none. */
  readonly ingestUrl: string | null;
};

/** An environment variable has a value that cannot be used. */
export class ConfigError extends StartupError {
  override name = 'ConfigError';
}

const PORT_RULE = 'must be a whole number from 0 to 65535 (0 takes any free port)';

const MIRROR_RULE = 'must be an http or https URL without a query';

const INGEST_RULE = 'must be an https URL without a path, or an http one of this machine';
/** Devices' tokens go there: in the clear only within this machine. */
const INGEST_URL = /^(https:\/\/[^/?#@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)\/?$/;

const environmentSchema = v.object({
  PORT: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,5}$/, PORT_RULE),
      v.transform(Number),
      v.maxValue(65_535, PORT_RULE),
    ),
    '3000',
  ),
  HOST: v.optional(
    v.pipe(v.string(), v.regex(/^[\w.:%-]+$/, 'must be a host name or an IP address')),
    '127.0.0.1',
  ),
  KINEMARK_DATA: v.optional(
    v.pipe(v.string(), v.excludes('\0', 'must be the path of a folder')),
    'data',
  ),
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'warn'),
  KINEMARK_MODEL_MIRROR: v.optional(
    v.pipe(v.string(), v.url(MIRROR_RULE), v.regex(/^https?:\/\/[^?#]+$/, MIRROR_RULE)),
  ),
  KINEMARK_ROLE: v.optional(v.picklist(ROLES, `must be one of ${ROLES.join(', ')}`), 'all'),
  KINEMARK_PLATFORM: v.optional(
    v.picklist(PLATFORMS, `must be one of ${PLATFORMS.join(', ')}`),
    'local',
  ),
  INGEST_URL: v.optional(v.pipe(v.string(), v.url(INGEST_RULE), v.regex(INGEST_URL, INGEST_RULE))),
  ...googleEntries,
});

/** The variables a user can set, for whoever lists them. */
export const VARIABLES: readonly string[] = Object.keys(environmentSchema.entries);

/**
 * Reads the configuration. An empty variable counts as not set.
 * Throws ConfigError naming the variable, its value and what it must be, or what is missing.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = v.safeParse(environmentSchema, set);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const name = v.getDotPath(issue) ?? '';
    throw new ConfigError(`${name} is ${JSON.stringify(set[name])}, but ${issue.message}`);
  }
  const read = parsed.output;
  return {
    port: read.PORT,
    host: read.HOST,
    dataFolder: resolve(read.KINEMARK_DATA),
    logLevel: read.LOG_LEVEL,
    modelMirror: withoutSlash(read.KINEMARK_MODEL_MIRROR),
    ...readPlace(read),
  };
}

function withoutSlash(url: string | undefined): string | null {
  return url?.replace(/\/+$/, '') ?? null;
}

/** What a process is there for, and where its queue and store are. The three depend on one another. */
function readPlace(
  read: v.InferOutput<typeof environmentSchema>,
): Pick<Config, 'role' | 'google' | 'ingestUrl'> {
  const role = read.KINEMARK_ROLE;
  const ingestUrl = withoutSlash(read.INGEST_URL);
  if (ingestUrl !== null && role !== 'dashboard') {
    throw new ConfigError(
      `INGEST_URL is set, but KINEMARK_ROLE=${role} passes nothing on; leave it out, or set KINEMARK_ROLE=dashboard`,
    );
  }
  if (read.KINEMARK_PLATFORM === 'local') {
    if (role === 'all') return { role, google: null, ingestUrl };
    throw new ConfigError(
      `KINEMARK_ROLE is "${role}", but files can be used by one process only; ` +
        'set KINEMARK_PLATFORM=google, or leave KINEMARK_ROLE out',
    );
  }
  try {
    return { role, google: readGoogleConfig(read), ingestUrl };
  } catch (cause) {
    throw new ConfigError((cause as Error).message, { cause });
  }
}
