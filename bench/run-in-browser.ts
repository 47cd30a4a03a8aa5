// Opens sources on the page and runs targets on them: the driver's side of ui/headless-api.ts.
import type { Page } from '@playwright/test';
import type {
  HeadlessApi,
  HeadlessOutcome,
  HeadlessRequest,
  ImportedTarget,
  Reply,
} from '../src/lib/ui/headless-api.ts';
import { BenchError } from './bench-error.ts';
import type { BenchClip } from './bench-clip.ts';
import type { ImageSet } from './image-set.ts';
import type { OwnModel } from './own-model.ts';

type DrivenWindow = typeof globalThis & { kinemark?: HeadlessApi };

/** The page's ways in for local files. Playwright hands them over by path; no byte passes this process. */
const SOURCE_INPUT = 'input[name=source]';
const WEIGHTS_INPUT = 'input[name=weights]';

/** Waits for the page's interface; later calls rely on it. */
export async function waitForHeadlessApi(page: Page): Promise<void> {
  await page.waitForFunction(() => (globalThis as DrivenWindow).kinemark !== undefined);
}

/** Opens a clip on the page. Throws a BenchError with the page's sentence when it cannot be used. */
export async function openClipInBrowser(
  page: Page,
  { path, truth }: BenchClip,
  maxFrames: number | null,
): Promise<void> {
  await page.setInputFiles(SOURCE_INPUT, path === null ? [] : [path]);
  const opened = await page.evaluate(
    async ({ input, limit, annotated }) => {
      const file = document.querySelector<HTMLInputElement>(input)?.files?.[0] ?? null;
      const { kinemark } = globalThis as DrivenWindow;
      if (!kinemark) throw new Error('the page has no interface for the bench');
      return kinemark.open(file, limit, annotated);
    },
    { input: SOURCE_INPUT, limit: maxFrames, annotated: truth },
  );
  valueOf(opened);
}

/** Opens pictures on the page. Throws a BenchError with the page's sentence when one cannot be used. */
export async function openImagesInBrowser(
  page: Page,
  { paths, truth }: ImageSet,
  maxFrames: number | null,
): Promise<void> {
  await page.setInputFiles(SOURCE_INPUT, [...paths]);
  const opened = await page.evaluate(
    async ({ input, limit, annotated }) => {
      const files = document.querySelector<HTMLInputElement>(input)?.files ?? [];
      const { kinemark } = globalThis as DrivenWindow;
      if (!kinemark) throw new Error('the page has no interface for the bench');
      return kinemark.openImages([...files], limit, annotated);
    },
    { input: SOURCE_INPUT, limit: maxFrames, annotated: truth },
  );
  valueOf(opened);
}

/** Has the page read the user's model. Throws a BenchError with its sentence when it fits nothing. */
export async function importModelInBrowser(
  page: Page,
  { paths, pipeline }: OwnModel,
): Promise<readonly ImportedTarget[]> {
  await page.setInputFiles(WEIGHTS_INPUT, [...paths]);
  const imported = await page.evaluate(
    async ({ input, kind }) => {
      const files = document.querySelector<HTMLInputElement>(input)?.files ?? [];
      const { kinemark } = globalThis as DrivenWindow;
      if (!kinemark) throw new Error('the page has no interface for the bench');
      return kinemark.importModel([...files], kind);
    },
    { input: WEIGHTS_INPUT, kind: pipeline },
  );
  return valueOf(imported);
}

/** Has the page fetch the weights of these targets, as far as they can be had. */
export async function prefetchInBrowser(page: Page, targetIds: readonly string[]): Promise<void> {
  const reply = await page.evaluate(async (ids) => {
    const { kinemark } = globalThis as DrivenWindow;
    if (!kinemark) throw new Error('the page has no interface for the bench');
    return kinemark.prefetch(ids);
  }, targetIds);
  valueOf(reply);
}

/** Measures a target on the open source. Throws a BenchError when the run could not begin. */
export async function runInBrowser(page: Page, request: HeadlessRequest): Promise<HeadlessOutcome> {
  const outcome = await page.evaluate(async (asked) => {
    const { kinemark } = globalThis as DrivenWindow;
    if (!kinemark) throw new Error('the page has no interface for the bench');
    return kinemark.run(asked);
  }, request);
  return valueOf(outcome);
}

/** Frames per second of the same engine on the open source, with nothing around it. */
export async function runBareLoopInBrowser(page: Page, targetId: string): Promise<number> {
  const reply = await page.evaluate(async (id) => {
    const { kinemark } = globalThis as DrivenWindow;
    if (!kinemark) throw new Error('the page has no interface for the bench');
    return kinemark.bareLoop(id);
  }, targetId);
  return valueOf(reply);
}

function valueOf<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value;
  throw new BenchError(reply.error);
}
