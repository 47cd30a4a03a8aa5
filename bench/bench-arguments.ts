// The command line of `npm run bench`, as it was given: nothing is read or looked up yet.
import { parseArgs } from 'node:util';
import { BenchError } from './bench-error.ts';

/** The options that are given, by their names. */
export type BenchArguments = ReturnType<typeof parseBenchArguments>;

/** What a plan says of its runs, so that nothing else may. */
const PLANNED = [
  ...['target', 'model', 'pipeline', 'engine', 'backend', 'threads', 'max-poses', 'smoothing'],
  ...['frames', 'scenario', 'seconds', 'max-fps', 'streams', 'seed'],
];

/** Throws a BenchError on an option that does not exist, and where two exclude each other. */
export function parseBenchArguments(args: readonly string[]) {
  const values = parse(args);
  if (values.images !== undefined && values.clip) {
    throw new BenchError(
      '--images and --clip exclude each other, because a sweep has one kind of source. Leave one of them out.',
    );
  }
  const planned = Object.keys(values).find((name) => PLANNED.includes(name));
  if (values.plan !== undefined && planned !== undefined) {
    throw new BenchError(
      `--plan and --${planned} exclude each other, because the plan says what is run and how. Leave one of them out.`,
    );
  }
  return values;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        clip: { type: 'string', multiple: true },
        images: { type: 'string' },
        annotations: { type: 'string' },
        frames: { type: 'string' },
        plan: { type: 'string' },
        target: { type: 'string', multiple: true },
        'accept-license': { type: 'boolean' },
        model: { type: 'string', multiple: true },
        pipeline: { type: 'string' },
        engine: { type: 'string' },
        backend: { type: 'string' },
        threads: { type: 'string' },
        'max-poses': { type: 'string' },
        smoothing: { type: 'boolean' },
        scenario: { type: 'string' },
        seconds: { type: 'string' },
        'max-fps': { type: 'boolean' },
        streams: { type: 'string' },
        repeat: { type: 'string' },
        'cool-down': { type: 'string' },
        seed: { type: 'string' },
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
