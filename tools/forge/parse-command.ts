// What the forge's command line asks for. Reads arguments, touches no file.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FORMATS, type Conversion, type Format } from './convert-file.ts';
import { ForgeError } from './forge-error.ts';

const PROJECT_ROOT = join(import.meta.dirname, '../..');
const DEFAULT_OUTPUT = join(PROJECT_ROOT, 'static/models');
const RECORD_PATH = join(PROJECT_ROOT, 'src/lib/models/built-files.json');

/** Build all models. */
export interface BuildCommand {
  kind: 'build';
  outputFolder: string;
  /** Where to record what was built; null for not at all. */
  recordPath: string | null;
}

/** Convert one file. */
export type ConvertCommand = { kind: 'convert' } & Conversion;

/**
 * Understands `[--out FOLDER] [--record]` and `convert FILE.tflite --to onnx|tfjs [--out PATH]`. Throws a
 * ForgeError for anything else.
 */
export function parseCommand(args: readonly string[]): BuildCommand | ConvertCommand {
  return args[0] === 'convert' ? parseConvert(args.slice(1)) : parseBuild([...args]);
}

function parseBuild(args: string[]): BuildCommand {
  const options = { out: { type: 'string' }, record: { type: 'boolean' } } as const;
  const { values } = attempt(
    () => parseArgs({ args, options }),
    'The arguments are not understood; `--out <folder>` builds elsewhere than into static/models, `--record` ' +
      'records the digests, and `convert FILE.tflite --to onnx|tfjs` converts a file.',
  );
  return {
    kind: 'build',
    outputFolder: values.out ?? DEFAULT_OUTPUT,
    recordPath: values.record ? RECORD_PATH : null,
  };
}

function parseConvert(args: string[]): ConvertCommand {
  const usage =
    'The arguments are not understood; the command is `convert FILE.tflite --to onnx|tfjs [--out <path>]`.';
  const options = { to: { type: 'string' }, out: { type: 'string' } } as const;
  const { values, positionals } = attempt(
    () => parseArgs({ args, options, allowPositionals: true }),
    usage,
  );
  const [file, ...more] = positionals;
  const format = FORMATS.find((each): each is Format => each === values.to);
  if (file === undefined || more.length > 0 || !format) throw new ForgeError(usage);
  return { kind: 'convert', file, format, output: values.out ?? null };
}

function attempt<T>(parse: () => T, message: string): T {
  try {
    return parse();
  } catch (error) {
    throw new ForgeError(message, { cause: error });
  }
}
