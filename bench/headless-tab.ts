// A tab with the headless page that outlives crashes: after one, the next call finds a fresh page with
// the same source and own model.
import type { Page } from '@playwright/test';
import type {
  HeadlessOutcome,
  HeadlessRequest,
  ImportedTarget,
} from '../src/lib/ui/headless-api.ts';
import type { BenchClip } from './bench-clip.ts';
import { BenchError } from './bench-error.ts';
import { openBenchBrowser } from './browser.ts';
import type { BenchBrowser } from './browser.ts';
import type { ImageSet } from './image-set.ts';
import type { OwnModel } from './own-model.ts';
import {
  importModelInBrowser,
  openClipInBrowser,
  openImagesInBrowser,
  prefetchInBrowser,
  runBareLoopInBrowser,
  runInBrowser,
  waitForHeadlessApi,
} from './run-in-browser.ts';

/** What can be measured on. */
export type BenchSource = BenchClip | ImageSet;

/** Is told of processed frames now and then. */
export type OnProgress = (done: number, planned: number | null) => void;

/** Each method throws a BenchError with a sentence, whatever goes wrong on the page or with it. */
export type HeadlessTab = {
  /** Reads the user's model; gives the targets that may be run from now on. */
  importModel(model: OwnModel): Promise<readonly ImportedTarget[]>;
  /** Opens what later calls run on: its first `maxFrames` frames or pictures, or all. */
  openSource(source: BenchSource, maxFrames: number | null): Promise<void>;
  /** Fetches the weights of these targets, as far as they can be had. */
  prefetch(targetIds: readonly string[]): Promise<void>;
  /** Measures a target on the open source. */
  run(request: HeadlessRequest): Promise<HeadlessOutcome>;
  /** Frames per second of the same engine on the open source, with nothing around it. */
  bareLoop(targetId: string): Promise<number>;
  /** Ends the browser. */
  close(): Promise<void>;
};

/** Starts a browser for such a tab. Throws a BenchError or a StartupError when it does not start. */
export async function openHeadlessTab(onProgress: OnProgress | null): Promise<HeadlessTab> {
  return createHeadlessTab(await openBenchBrowser(), onProgress);
}

/** Such a tab of a browser, which it closes in the end. `onProgress` null spares the page the calls. */
export function createHeadlessTab(
  browser: Pick<BenchBrowser, 'openPage' | 'close'>,
  onProgress: OnProgress | null,
): HeadlessTab {
  let page: Page | null = null;
  let ownModel: OwnModel | null = null;
  let opened: { readonly source: BenchSource; readonly maxFrames: number | null } | null = null;

  async function preparedPage(): Promise<Page> {
    const fresh = await browser.openPage('/headless');
    try {
      if (onProgress) await fresh.exposeFunction('kinemarkProgress', onProgress);
      await waitForHeadlessApi(fresh);
      if (ownModel) await importModelInBrowser(fresh, ownModel);
      if (opened) await openInBrowser(fresh, opened.source, opened.maxFrames);
      return fresh;
    } catch (cause) {
      await closeQuietly(fresh);
      throw cause;
    }
  }

  async function onPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
    try {
      page ??= await preparedPage();
      return await use(page);
    } catch (cause) {
      // The page's own sentence, so the page is well.
      if (cause instanceof BenchError) throw cause;
      if (page) await closeQuietly(page);
      page = null;
      const [reason = ''] = (cause as Error).message.split('\n');
      throw new BenchError(
        `The page in the browser broke off (${reason.trim()}), perhaps for lack of memory. Try it alone and with fewer frames.`,
      );
    }
  }

  return {
    async importModel(model) {
      const targets = await onPage((ready) => importModelInBrowser(ready, model));
      ownModel = model;
      return targets;
    },
    async openSource(source, maxFrames) {
      opened = null;
      await onPage((ready) => openInBrowser(ready, source, maxFrames));
      opened = { source, maxFrames };
    },
    prefetch: (targetIds) => onPage((ready) => prefetchInBrowser(ready, targetIds)),
    run: (request) => onPage((ready) => runInBrowser(ready, request)),
    bareLoop: (targetId) => onPage((ready) => runBareLoopInBrowser(ready, targetId)),
    close: () => browser.close(),
  };
}

function openInBrowser(page: Page, source: BenchSource, maxFrames: number | null): Promise<void> {
  return 'paths' in source
    ? openImagesInBrowser(page, source, maxFrames)
    : openClipInBrowser(page, source, maxFrames);
}

/** A page that is gone cannot be closed, and need not be. */
async function closeQuietly(page: Page): Promise<void> {
  await page.close().catch(() => undefined);
}
