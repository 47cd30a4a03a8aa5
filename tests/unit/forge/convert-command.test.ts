// `npm run models -- convert` as a user runs it: what is written where, and what is said when it cannot be.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTflite } from '../../../tools/forge/tflite/write-tflite.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { runOnnx } from './run-models.ts';
import { graphOf, mixChannels, tensor } from './tiny-graphs.ts';

const MAIN = join(import.meta.dirname, '../../../tools/forge/main.ts');

function convert(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'convert', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A network that adds two channels, as a file in a new folder. */
function tinyFile(): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'tiny.tflite');
  const input = tensor('pair', 1, 1, 1, 2);
  writeFileSync(
    file,
    writeTflite(graphOf(input, mixChannels(input, tensor('sum', 1, 1, 1, 1), [[1, 1]]))),
  );
  return { folder, file };
}

describe('convert', () => {
  it('writes an ONNX file beside the original that computes the same', async () => {
    const { folder, file } = tinyFile();
    const { status, stdout, stderr } = convert(file, '--to', 'onnx');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/tiny\.onnx +[\d.e-]+ MB\nBuilt in [\d.]+ s\.\n$/);
    expect(readdirSync(folder).sort()).toEqual(['tiny.onnx', 'tiny.tflite']);
    const input = { shape: [1, 1, 1, 2], values: Float32Array.of(3, 4) };
    const outputs = await runOnnx(readFileSync(join(folder, 'tiny.onnx')), input);
    expect([...outputs.get('sum')!.values]).toEqual([7]);
  });

  it('writes a TF.js model into a folder', () => {
    const { folder, file } = tinyFile();
    expect(convert(file, '--to', 'tfjs').status).toBe(0);
    expect(readdirSync(join(folder, 'tiny-tfjs')).sort()).toEqual([
      'group1-shard1of1.bin',
      'model.json',
    ]);
  });

  it.each([
    ['onnx', 'there/it.onnx'],
    ['tfjs', 'there/model.json'],
  ])('writes %s where --out says', (format, expected) => {
    const { folder, file } = tinyFile();
    const out = join(folder, format === 'onnx' ? expected : 'there');
    expect(convert(file, '--to', format, '--out', out).status).toBe(0);
    expect(readFileSync(join(folder, expected)).length).toBeGreaterThan(100);
  });

  it.each(['there', 'new/', 'new/deeper/'])('writes ONNX into the folder --out %s', (out) => {
    const { folder, file } = tinyFile();
    mkdirSync(join(folder, 'there'));
    const path = `${folder}/${out}`;
    expect(convert(file, '--to', 'onnx', '--out', path)).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(path)).toEqual(['tiny.onnx']);
  });

  const refusals: [string, () => string[], RegExp][] = [
    ['a missing file', () => ['/nowhere.tflite', '--to', 'onnx'], /^\/nowhere\.tflite .*ENOENT/],
    ['a file of another kind', () => [MAIN, '--to', 'onnx'], /^main\.ts .*identifier TFL3/],
    ['no format', () => [tinyFile().file], /--to onnx\|tfjs/],
    ['another format', () => [tinyFile().file, '--to', 'pt'], /--to onnx\|tfjs/],
    ['no file', () => ['--to', 'onnx'], /convert FILE\.tflite/],
    [
      'an output below a file',
      () => [tinyFile().file, '--to', 'tfjs', '--out', MAIN],
      /cannot be written to .*main\.ts \(EEXIST\)/,
    ],
    [
      'an output whose name is too long',
      () => [tinyFile().file, '--to', 'onnx', '--out', join(temporaryFolder(), 'x'.repeat(300))],
      /cannot be written to .* \(ENAMETOOLONG\)/,
    ],
  ];

  it.each(refusals)('exits with 2 and one sentence for %s', (_, args, message) => {
    const { status, stdout, stderr } = convert(...args());
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^kinemark models: [^\n]+\.\n$/);
    expect(stderr.replace('kinemark models: ', '')).toMatch(message);
  });

  it('leaves no temporary file where the output cannot be put in place', () => {
    const { folder, file } = tinyFile();
    mkdirSync(join(folder, 'tiny.onnx'));
    const { status, stderr } = convert(file, '--to', 'onnx');
    expect(status).toBe(2);
    expect(stderr).toMatch(/: tiny\.onnx cannot be written .*no folder has the name of a file/);
    expect(readdirSync(folder).sort()).toEqual(['tiny.onnx', 'tiny.tflite']);
  });
});
