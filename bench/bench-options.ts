// The command line of `npm run bench`.
import { basename } from 'node:path';
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEFAULT_TARGET_ID, UnknownTargetError, findTarget } from '../src/lib/models/catalogue.ts';
import { BenchError } from './bench-error.ts';

/** A clip to measure on; `path` null is the built-in actor. */
export type BenchClip = { readonly path: string | null; readonly name: string };

/** What is asked for. Every clip is run on every target, in this order. */
export type BenchOptions = {
  readonly clips: readonly BenchClip[];
  readonly targetIds: readonly string[];
  /** Frames from the start of each clip; null for all. */
  readonly maxFrames: number | null;
  readonly outFolder: string;
  readonly keypoints: boolean;
  /** A running Kinemark that is sent the events too. */
  readonly serverUrl: URL | null;
};

/** The usage text. */
export const USAGE = `Usage: npm run bench -- [options]

  --clip FILE      a video (MP4, MOV, WebM, MKV); may be given more than once
                   (default: the built-in actor clip)
  --target ID      engine/model@backend; may be given more than once
                   (default: ${DEFAULT_TARGET_ID})
  --frames N       process only the first N frames of each clip
  --out DIR        where results.json goes (default: results)
  --keypoints      also write DIR/keypoints/<runId>.jsonl
  --server URL     also send the events to this running Kinemark
  --help           print this
`;

const ACTOR: BenchClip = { path: null, name: 'the actor clip' };

/** Reads the arguments; null when only help is asked for. Throws a BenchError naming what is wrong. */
export function readBenchOptions(args: readonly string[]): BenchOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const targetIds = values.target ?? [DEFAULT_TARGET_ID];
  targetIds.forEach(requireTarget);
  return {
    clips: values.clip?.map(readClip) ?? [ACTOR],
    targetIds,
    maxFrames: values.frames === undefined ? null : readFrameCount(values.frames),
    outFolder: values.out ?? 'results',
    keypoints: values.keypoints ?? false,
    serverUrl: values.server === undefined ? null : readServerUrl(values.server),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        clip: { type: 'string', multiple: true },
        target: { type: 'string', multiple: true },
        frames: { type: 'string' },
        out: { type: 'string' },
        keypoints: { type: 'boolean' },
        server: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [reason = 'the arguments do not fit'] = (cause as Error).message.split('\n');
    throw new BenchError(`${reason.replace(/\.$/, '')}. See npm run bench -- --help`);
  }
}

function requireTarget(id: string): void {
  try {
    findTarget(id);
  } catch (cause) {
    if (cause instanceof UnknownTargetError) throw new BenchError(cause.message);
    throw cause;
  }
}

function readClip(path: string): BenchClip {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    const what = stats ? 'is not a file' : 'does not exist';
    throw new BenchError(`The clip ${path} ${what}. Give --clip the path of a video file.`);
  }
  return { path, name: basename(path) };
}

function readFrameCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new BenchError(`--frames is "${text}", but must be a whole number of at least 1.`);
}

function readServerUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new BenchError(
    `--server is "${text}", but must be an address such as http://localhost:3000`,
  );
}
