// The project's own lint rules, through ESLint and the real configuration, on snippets that are on no disk.
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const eslint = new ESLint({
  // Rules that need types would need the files.
  overrideConfig: { languageOptions: { parserOptions: { project: null } } },
  ruleFilter: ({ ruleId }) => ruleId.startsWith('kinemark/') || ruleId.startsWith('no-restricted-'),
});

async function messagesOf(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result?.messages.map(({ message }) => message) ?? [];
}

describe('an import that is not allowed says why', () => {
  test.each([
    [
      'upward',
      'src/lib/pose/pose.ts',
      `import { models } from '../models/catalogue.ts';`,
      'pose may not import models, because everything rests on pose, so it rests on nothing.',
    ],
    [
      'upward through an alias',
      'src/lib/benchmark/runner.ts',
      `import { flush } from '$lib/events/uploader.ts';`,
      'benchmark may not import events, because flow is downward',
    ],
    [
      'as a re-export',
      'src/lib/metrics/oks.ts',
      `export { measure } from '../benchmark/runner.ts';`,
      'metrics may not import benchmark',
    ],
    [
      'as a whole re-export',
      'src/lib/video/clip-source.ts',
      `export * from '../pose/pose.ts';`,
      'video may not import pose',
    ],
    [
      'while running',
      'src/lib/engines/engine-client.ts',
      `await import('../events/outbox.ts');`,
      'engines may not import events',
    ],
    [
      'of a sibling engine',
      'src/lib/engines/litert/litert-engine.ts',
      `import { load } from '../ort/ort-engine.ts';`,
      'The engine litert may not import the engine ort, because each is loaded and measured alone',
    ],
    [
      'of a runtime in another engine',
      'src/lib/engines/litert/litert-engine.ts',
      `import * as ort from 'onnxruntime-web';`,
      '"onnxruntime-web" may only be imported in src/lib/engines/ort/',
    ],
    [
      'of a type of a runtime',
      'src/lib/ui/result.ts',
      `import type { PoseLandmarker } from '@mediapipe/tasks-vision';`,
      'depend on its types; go through PoseEngine.',
    ],
    [
      'of more than types, where types are allowed',
      'src/lib/events/run-events.ts',
      `import { runBenchmark } from '../benchmark/run-benchmark.ts';`,
      'events may not import more than types of benchmark (import type), because the server shares',
    ],
    [
      'of types in a way that still loads the file',
      'src/lib/storage/database.ts',
      `import { type MetricEvent } from '../events/metric-event.ts';`,
      'storage may not import more than types of events',
    ],
    [
      'of the server by a page',
      'src/routes/runs/+page.ts',
      `import { openStore } from '../../../server/store/store.server.ts';`,
      'routes may not import server, because only +server.ts',
    ],
    [
      'of the server by a component',
      'src/lib/ui/RunTable.svelte',
      `<script lang="ts">import { openStore } from '../../../server/store/store.server.ts';</script>`,
      'ui may not import server',
    ],
    [
      'of the library by the server',
      'server/store/store.server.ts',
      `import type { RunResult } from '../../src/lib/benchmark/run-result.ts';`,
      'server may not import benchmark, because the server shares nothing with the browser but',
    ],
    [
      'of the tests by the bench command',
      'bench/main.ts',
      `import { sharedAsset } from '../tests/fixtures/shared-assets.ts';`,
      'bench may not import tests',
    ],
    [
      'of the framework where workers come',
      'src/lib/pipelines/blazepose.ts',
      `import { writable } from 'svelte/store';`,
      'pipelines may not import "svelte/store", because its code runs in workers too',
    ],
    [
      'through an alias where workers come',
      'src/lib/models/catalogue.ts',
      `import type { SkeletonId } from '$lib/pose/skeletons.ts';`,
      'models may not import "$lib/pose/skeletons.ts"',
    ],
    [
      'of the environment where workers come',
      'src/lib/engines/ort/ort-engine.ts',
      `import { env } from '$env/dynamic/public';`,
      'engines may not import "$env/dynamic/public"',
    ],
  ])('%s', async (_, path, code, message) => {
    expect(await messagesOf(path, code)).toEqual([expect.stringContaining(message)]);
  });
});

describe('an import that is allowed passes', () => {
  test.each([
    ['src/lib/metrics/oks.ts', `import { meanKeypointScore } from '../pose/pose.ts';`],
    ['src/lib/metrics/oks.ts', `import { quantile } from './quantile.ts';`],
    [
      'src/lib/engines/litert/litert-engine.ts',
      `import { runBlazepose } from '../../pipelines/blazepose.ts';`,
    ],
    ['src/lib/engines/litert/litert-engine.ts', `import { EngineError } from '../pose-engine.ts';`],
    ['src/lib/engines/ort/ort-engine.ts', `import * as ort from 'onnxruntime-web';`],
    ['src/lib/engines/engine-client.ts', `import * as Comlink from 'comlink';`],
    ['src/lib/benchmark/runner.ts', `import { openClip } from '../video/clip-source.ts';`],
    [
      'src/lib/events/run-events.ts',
      `import type { RunStart } from '../benchmark/run-benchmark.ts';`,
    ],
    ['src/lib/storage/run-store.ts', `import type { Pose } from '../pose/pose.ts';`],
    [
      'src/lib/ui/RunTable.svelte',
      `<script lang="ts">import { flush } from '$lib/events/uploader.ts';</script>`,
    ],
    ['src/routes/+page.ts', `import { targets } from '$lib/models/catalogue.ts';`],
    [
      'src/routes/metrics/+server.ts',
      `import { ingest } from '../../../server/ingest/ingest.server.ts';`,
    ],
    [
      'src/routes/runs/+page.server.ts',
      `import { list } from '../../../server/store/store.server.ts';`,
    ],
    ['src/hooks.server.ts', `import { services } from '../server/services.server.ts';`],
    [
      'server/ingest/ingest.server.ts',
      `import { parseBatch } from '../../src/lib/events/parse-batch.ts';`,
    ],
    ['bench/main.ts', `import { sendBatch } from '../src/lib/events/send-batch.ts';`],
    ['tools/actor/score-page.ts', `import { PoseLandmarker } from '@mediapipe/tasks-vision';`],
    ['tests/unit/x.test.ts', `import { readConfig } from '../../server/config.server.ts';`],
  ])('%s: %s', async (path, code) => {
    expect(await messagesOf(path, code)).toEqual([]);
  });
});

describe('pose and metrics are pure', () => {
  test.each([
    ['Date.now();', 'No Date: pose and metrics are pure'],
    ['new Date();', 'No Date'],
    ['Math.random();', 'No randomness'],
    ['performance.now();', 'No performance'],
    [`fetch('/x');`, 'No fetch'],
    ['setTimeout(() => {}, 1);', 'No setTimeout'],
    ['console.log(1);', 'No console'],
    ['globalThis.performance.now();', 'No globalThis'],
  ])('%s', async (code, message) => {
    for (const path of ['src/lib/pose/pose.ts', 'src/lib/metrics/oks.ts']) {
      expect(await messagesOf(path, code)).toEqual([expect.stringContaining(message)]);
    }
    expect(await messagesOf('src/lib/benchmark/runner.ts', code)).toEqual([]);
  });

  test('other maths passes', async () => {
    expect(await messagesOf('src/lib/metrics/oks.ts', 'Math.exp(1);')).toEqual([]);
  });
});

describe('a place says what is in it', () => {
  test.each(['utils', 'types', 'misc', 'helpers'])('no folder %s', async (folder) => {
    expect(await messagesOf(`src/lib/ui/${folder}/format.ts`, 'export {};')).toEqual([
      expect.stringContaining(`A folder named "${folder}" says nothing, because anything fits`),
    ]);
  });

  test.each(['index.ts', 'index.js'])('no barrel file %s', async (name) => {
    expect(await messagesOf(`src/lib/pose/${name}`, 'export {};')).toEqual([
      expect.stringContaining('A barrel file hides where things live'),
    ]);
  });

  test('a subject passes, and so does a word inside another', async () => {
    expect(await messagesOf('src/lib/ui/charts/types-of-chart.ts', 'export {};')).toEqual([]);
  });
});
