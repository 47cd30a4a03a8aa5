// The command line of `npm run bench`.
import { basename } from 'node:path';
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { EngineOptions } from '../src/lib/engines/pose-engine.ts';
import { DEFAULT_TARGET_ID } from '../src/lib/models/catalogue.ts';
import type { Target } from '../src/lib/models/target.ts';
import { BenchError } from './bench-error.ts';
import { readEngineArguments } from './engine-arguments.ts';
import { readImageSet } from './image-set.ts';
import type { ImageSet } from './image-set.ts';
import { readOwnModel } from './own-model.ts';
import type { OwnModel } from './own-model.ts';
import { readCount } from './read-count.ts';
import { bundledWasmTargets, selectTargets } from './select-targets.ts';

/** A clip to measure on; `path` null is the built-in actor. */
export type BenchClip = { readonly path: string | null; readonly name: string };

/** What is asked for. Every clip, or the set of pictures, is run on every target, the own model first. */
export type BenchOptions = {
  /** Empty when pictures are measured on. */
  readonly clips: readonly BenchClip[];
  readonly images: ImageSet | null;
  readonly ownModel: OwnModel | null;
  readonly targets: readonly Target[];
  /** Whether the user has read what the weights' licences ask for. */
  readonly acceptLicense: boolean;
  readonly engineOptions: EngineOptions;
  /** Frames from the start of each clip, or pictures by name; null for all. */
  readonly maxFrames: number | null;
  readonly outFolder: string;
  readonly keypoints: boolean;
  /** A running Kinemark that is sent the events too. */
  readonly serverUrl: URL | null;
};

const ACTOR: BenchClip = { path: null, name: 'the actor clip' };

/** Reads the arguments; null when only help is asked for. Throws a BenchError naming what is wrong. */
export function readBenchOptions(args: readonly string[]): BenchOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const images = readImages(values);
  const ownModel = readOwnModel(values);
  return {
    clips: images ? [] : (values.clip?.map(readClip) ?? [ACTOR]),
    images,
    ownModel,
    targets: values.target ? selectTargets(values.target) : usualTargets(images, ownModel),
    acceptLicense: values['accept-license'] ?? false,
    engineOptions: readEngineArguments(values, images !== null),
    maxFrames: values.frames === undefined ? null : readCount('--frames', values.frames),
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
        images: { type: 'string' },
        annotations: { type: 'string' },
        target: { type: 'string', multiple: true },
        'accept-license': { type: 'boolean' },
        model: { type: 'string', multiple: true },
        pipeline: { type: 'string' },
        engine: { type: 'string' },
        backend: { type: 'string' },
        threads: { type: 'string' },
        'max-poses': { type: 'string' },
        smoothing: { type: 'boolean' },
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

function readImages(values: ReturnType<typeof parse>): ImageSet | null {
  const { images, annotations, clip } = values;
  if (images === undefined) {
    if (annotations === undefined) return null;
    throw new BenchError(
      '--annotations says who is in pictures, but there are none. Give their folder with --images.',
    );
  }
  if (clip) {
    throw new BenchError(
      '--images and --clip exclude each other, because a sweep has one kind of source. Leave one of them out.',
    );
  }
  return readImageSet(images, annotations ?? null);
}

/** One target says how fast a clip is; of pictures one wants to know who is right. */
function usualTargets(images: ImageSet | null, ownModel: OwnModel | null): readonly Target[] {
  if (ownModel) return [];
  return images ? bundledWasmTargets() : selectTargets([DEFAULT_TARGET_ID]);
}

function readClip(path: string): BenchClip {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    const what = stats ? 'is not a file' : 'does not exist';
    throw new BenchError(`The clip ${path} ${what}. Give --clip the path of a video file.`);
  }
  return { path, name: basename(path) };
}

function readServerUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new BenchError(
    `--server is "${text}", but must be an address such as http://localhost:3000`,
  );
}
