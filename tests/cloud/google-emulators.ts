// Google's own emulators of Pub/Sub and Firestore, as processes of the tests' own on free ports.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const execFileAsync = promisify(execFile);

/** They start in about 6 s; a busy machine takes a multiple. */
const START_LIMIT_MS = 90_000;
const POLL_MS = 100;

/** Running emulators. */
export type GoogleEmulators = {
  /** `host:port` for PUBSUB_EMULATOR_HOST. */
  readonly pubsubHost: string;
  /** `host:port` for FIRESTORE_EMULATOR_HOST. */
  readonly firestoreHost: string;
  /** Ends both, and what they hold. */
  readonly stop: () => Promise<void>;
};

/** Where the emulators are, or the sentence for what is missing. */
export type EmulatorFiles =
  { readonly pubsub: string; readonly firestore: string } | { readonly missing: string };

/** Looks for them in the Google Cloud SDK of this machine. */
export async function findEmulators(): Promise<EmulatorFiles> {
  const root = await execFileAsync('gcloud', [
    'info',
    '--format=value(installation.sdk_root)',
  ]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
  if (root === null) return { missing: 'the Google Cloud SDK (gcloud) is not installed' };
  const pubsub = join(root, 'platform/pubsub-emulator/bin/cloud-pubsub-emulator');
  const firestore = join(root, 'platform/cloud-firestore-emulator/cloud_firestore_emulator');
  for (const [file, component] of [
    [pubsub, 'pubsub-emulator'],
    [firestore, 'cloud-firestore-emulator'],
  ] as const) {
    if (!existsSync(file)) return { missing: `the component ${component} of gcloud is not there` };
  }
  const java = await execFileAsync('java', ['-version']).catch(() => null);
  return java === null ? { missing: 'Java is not installed' } : { pubsub, firestore };
}

/** Starts both. Rejects, with both ended, when one does not come up. */
export async function startEmulators(files: {
  readonly pubsub: string;
  readonly firestore: string;
}): Promise<GoogleEmulators> {
  const [pubsubPort, firestorePort] = await Promise.all([freePort(), freePort()]);
  const children = [
    start(files.pubsub, [`--host=127.0.0.1`, `--port=${pubsubPort}`]),
    start(files.firestore, ['start', '--host=127.0.0.1', `--port=${firestorePort}`]),
  ];
  const stop = async () => {
    await Promise.all(children.map(end));
  };
  try {
    await Promise.all([answers(pubsubPort, children[0]!), answers(firestorePort, children[1]!)]);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    pubsubHost: `127.0.0.1:${pubsubPort}`,
    firestoreHost: `127.0.0.1:${firestorePort}`,
    stop,
  };
}

/** In a group of its own: the emulators are scripts, and what counts is the Java below them. */
function start(file: string, args: readonly string[]): ChildProcess {
  return spawn(file, args, { detached: true, stdio: 'ignore' });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

/** Both answer plain HTTP on their port once they are ready. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`An emulator ended with ${child.exitCode}.`);
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (response !== null) return;
    await sleep(POLL_MS);
  }
  throw new Error(`An emulator does not answer on port ${port} within ${START_LIMIT_MS} ms.`);
}
