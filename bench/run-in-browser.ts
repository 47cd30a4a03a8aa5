// Runs one target on the page's open clip, and opens clips: the driver's side of ui/headless-api.ts.
import type { Page } from '@playwright/test';
import type {
  HeadlessApi,
  HeadlessOutcome,
  HeadlessRequest,
  Reply,
} from '../src/lib/ui/headless-api.ts';
import { BenchError } from './bench-error.ts';
import type { BenchClip } from './bench-options.ts';

type DrivenWindow = typeof globalThis & { kinemark?: HeadlessApi };

/** Waits for the page's interface; later calls rely on it. */
export async function waitForHeadlessApi(page: Page): Promise<void> {
  await page.waitForFunction(() => (globalThis as DrivenWindow).kinemark !== undefined);
}

/** Opens a clip on the page. Throws a BenchError with the page's sentence when it cannot be used. */
export async function openClipInBrowser(
  page: Page,
  clip: BenchClip,
  maxFrames: number | null,
): Promise<void> {
  // Playwright hands a local file over by its path; its bytes never pass through this process.
  await page.setInputFiles('input[type=file]', clip.path === null ? [] : [clip.path]);
  const opened = await page.evaluate(async (limit) => {
    const file = document.querySelector('input')?.files?.[0] ?? null;
    const { kinemark } = globalThis as DrivenWindow;
    if (!kinemark) throw new Error('the page has no interface for the bench');
    return kinemark.open(file, limit);
  }, maxFrames);
  valueOf(opened);
}

/** Measures a target on the open clip. Throws a BenchError when the run could not begin. */
export async function runInBrowser(page: Page, request: HeadlessRequest): Promise<HeadlessOutcome> {
  const outcome = await page.evaluate(async (asked) => {
    const { kinemark } = globalThis as DrivenWindow;
    if (!kinemark) throw new Error('the page has no interface for the bench');
    return kinemark.run(asked);
  }, request);
  return valueOf(outcome);
}

/** Frames per second of the same engine on the open clip, with nothing around it. */
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
