// A camera run of an hour keeps its memory. Here three minutes of it stand for the hour, at ten times the
// rate of events; `KINEMARK_CAMERA_MINUTES=60 npm test -- e2e --only long-camera` runs the whole hour at
// the usual rate. KINEMARK_CAMERA_TARGET names another target: MediaPipe Tasks 1.1.0 itself keeps two numbers
// of each frame (docs/reliability.md).
import { Buffer } from 'node:buffer';
import { expect, test } from '@playwright/test';
import type { CDPSession, Page } from '@playwright/test';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import { hasSharedAssets, sharedAsset } from '../fixtures/shared-assets.ts';

const MINUTES = Number(process.env['KINEMARK_CAMERA_MINUTES'] ?? 3);
const MS_PER_MINUTE = 60_000;
const IS_WHOLE = MINUTES >= 60;
const TARGET = process.env['KINEMARK_CAMERA_TARGET'] ?? 'litert/blazepose-lite@wasm';
/** In ms. The usual ones have 3 s. */
const WINDOW_MS = IS_WHOLE ? 3000 : 300;
/** Growth from the end of the first minute to the end of the run. */
const MAX_GROWTH = 1.05;
/** A reading takes some seconds; the last ones are begun so long before the run's end, in ms. */
const READINGS_MS = 20_000;
/** What is on its way at the moment of one reading is gone in another: the least of these counts. */
const READINGS = 4;

/** People who walk, where the shared film is there; else Chromium's own test picture. Memory is measured at once. */
const ARGUMENTS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--enable-blink-features=ForceEagerMeasureMemory',
  ...(hasSharedAssets
    ? [`--use-file-for-fake-video-capture=${sharedAsset('clips/two_people_walking_480x270.mjpeg')}`]
    : []),
];
test.use({ launchOptions: { ...chromiumLaunch, args: [...chromiumLaunch.args, ...ARGUMENTS] } });

/** What the page's thread holds in its JavaScript heap but for code, and what page and workers hold in all. */
type Memory = { readonly heapBytes: number; readonly allBytes: number };

/** The part of V8's heap snapshot that is read: of each node so many fields in a row. */
type HeapSnapshot = {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [types: readonly string[], ...others: unknown[]];
    };
  };
  readonly nodes: readonly number[];
};

/**
 * Not of data that a run keeps: V8 compiles and drops code for as long as a page lives, some 0.4 MB in an hour, and
 * `native` is the browser's own, above all what its developer tools note of each request.
 */
const UNCOUNTED_TYPES: ReadonlySet<string> = new Set(['code', 'native']);

/** Strings, objects, arrays, closures and numbers in the page's heap, in bytes, after a garbage collection. */
async function readDataBytes(cdp: CDPSession): Promise<number> {
  const chunks: string[] = [];
  const keep = ({ chunk }: { chunk: string }): void => void chunks.push(chunk);
  cdp.on('HeapProfiler.addHeapSnapshotChunk', keep);
  await cdp.send('HeapProfiler.takeHeapSnapshot');
  cdp.off('HeapProfiler.addHeapSnapshotChunk', keep);
  const { snapshot, nodes } = JSON.parse(chunks.join('')) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, sizeAt] = [fields.indexOf('type'), fields.indexOf('self_size')];
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += fields.length) {
    const type = types[0][nodes[node + typeAt] ?? -1] ?? '';
    if (!UNCOUNTED_TYPES.has(type)) bytes += nodes[node + sizeAt] ?? 0;
  }
  return bytes;
}

async function readMemory(page: Page, cdp: CDPSession): Promise<Memory> {
  const readings: Memory[] = [];
  for (let i = 0; i < READINGS; i += 1) {
    await cdp.send('HeapProfiler.collectGarbage');
    const heapBytes = await readDataBytes(cdp);
    const allBytes = await page.evaluate(async () => {
      const { measureUserAgentSpecificMemory } = performance as Performance & {
        measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
      };
      return (await measureUserAgentSpecificMemory?.call(performance))?.bytes;
    });
    if (allBytes === undefined) throw new Error('The page is not cross-origin isolated.');
    readings.push({ heapBytes, allBytes });
  }
  return {
    heapBytes: Math.min(...readings.map(({ heapBytes }) => heapBytes)),
    allBytes: Math.min(...readings.map(({ allBytes }) => allBytes)),
  };
}

/** The measuring page, set to watch the camera for that long. */
function linkOf(durationMs: number): string {
  const recipe = {
    target: TARGET,
    // One: a thread that sleeps holds up each reading of memory for most of a minute.
    options: { threads: 1, maxPoses: 1, tracking: true, smoothing: false },
    scenario: 'live',
    settings: { durationMs, findMaxFps: false, streams: null },
    source: { kind: 'camera', name: 'camera', framesDigest: null },
    maxFrames: null,
    seed: 1,
    minDurationMs: 2000,
  };
  const plan = Buffer.from(JSON.stringify(recipe)).toString('base64url');
  return `/?windowMs=${WINDOW_MS}&plan=${plan}`;
}

test('a long camera run takes no more memory at its end than after its first minute', async ({
  page,
}) => {
  test.setTimeout((MINUTES + 4) * MS_PER_MINUTE);
  const durationMs = MINUTES * MS_PER_MINUTE;
  let accepted = 0;
  page.on('response', (response) => {
    if (response.url().endsWith('/metrics') && response.status() === 202) accepted += 1;
  });
  await page.goto(linkOf(durationMs));
  await page.getByRole('button', { name: 'Camera' }).click();
  await expect(page.getByText('nothing is recorded')).toBeVisible();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/^\d[\d,]* frames/)).toBeVisible({ timeout: MS_PER_MINUTE });
  const startMs = Date.now();
  const cdp = await page.context().newCDPSession(page);

  await page.waitForTimeout(MS_PER_MINUTE);
  const first = await readMemory(page, cdp);
  const acceptedByThen = accepted;
  await page.waitForTimeout(durationMs - READINGS_MS - (Date.now() - startMs));
  const last = await readMemory(page, cdp);
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  const growth = {
    heap: last.heapBytes / first.heapBytes,
    all: last.allBytes / first.allBytes,
  };
  console.log(`${TARGET}, camera, ${MINUTES} min: ${JSON.stringify({ first, last, growth })}`);
  expect(growth.heap).toBeLessThan(MAX_GROWTH);
  expect(growth.all).toBeLessThan(MAX_GROWTH);
  // Events were sent all the while.
  expect(accepted).toBeGreaterThan(acceptedByThen);

  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: 2 * MS_PER_MINUTE,
  });
  await expect(page.getByText('On the dashboard.')).toBeVisible();
});
