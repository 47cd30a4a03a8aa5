// The sweep: every source on every target, one after the other. A target that fails does not end it.
import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import type { HeadlessOutcome } from '../src/lib/ui/headless-api.ts';
import { BenchError } from './bench-error.ts';
import type { BenchClip, BenchOptions } from './bench-options.ts';
import { openBenchBrowser } from './browser.ts';
import { deliverEvents } from './deliver-events.ts';
import type { ImageSet } from './image-set.ts';
import { acceptedNotices, refusalOf } from './license-notice.ts';
import { chooseOwnTarget } from './own-model.ts';
import { createProgressLine } from './progress-line.ts';
import type { ProgressLine } from './progress-line.ts';
import { openResultsFolder } from './results-folder.ts';
import type { ResultsFolder } from './results-folder.ts';
import {
  importModelInBrowser,
  openClipInBrowser,
  openImagesInBrowser,
  runInBrowser,
  waitForHeadlessApi,
} from './run-in-browser.ts';

/** What a sweep came to. */
export type SweepOutcome = {
  /** Every run that began, in order. */
  readonly runs: readonly RunSummary[];
  /** Targets that were refused or did not load, and runs that broke off. */
  readonly failures: number;
  /** Of results.json. */
  readonly resultsPath: string;
};

/**
 * Runs everything that is asked for. Licence notices, and what happens to a single target, are told to
 * `complain`, in sentences.
 * Throws a BenchError when a source, the own model or the results folder cannot be used, or the events
 * not be delivered.
 */
export async function sweep(
  options: BenchOptions,
  complain: (sentence: string) => void,
): Promise<SweepOutcome> {
  const { clips, images, ownModel, maxFrames, keypoints } = options;
  const folder = await openResultsFolder(options.outFolder, keypoints);
  const progress = createProgressLine(process.stderr);
  const request = { options: options.engineOptions, maxFrames, keypoints, deviceId: randomUUID() };
  const runs: RunSummary[] = [];
  let failures = 0;
  function fail(sentence: string): void {
    failures += 1;
    progress.clear();
    complain(sentence);
  }

  const targetIds: string[] = [];
  for (const target of options.targets) {
    const refusal = refusalOf(target, options.acceptLicense);
    if (refusal) fail(refusal);
    else targetIds.push(target.id);
  }
  for (const notice of acceptedNotices(options)) complain(notice);
  const browser = await openBenchBrowser();
  try {
    const page = await browser.openPage('/headless');
    await showProgress(page, progress);
    await waitForHeadlessApi(page);
    if (ownModel) {
      targetIds.unshift(chooseOwnTarget(ownModel, await importModelInBrowser(page, ownModel)));
    }
    for (const source of images ? [images] : clips) {
      await openSource(page, source, maxFrames);
      for (const targetId of targetIds) {
        progress.begin(`${targetId} on ${source.name}`);
        const outcome = await orSentence(runInBrowser(page, { ...request, targetId }));
        if (typeof outcome === 'string') {
          fail(`${targetId} did not run: ${outcome}`);
          continue;
        }
        const { failure } = outcome.summary;
        if (failure) fail(`the run of ${targetId} failed: ${failure}`);
        runs.push(outcome.summary);
        await folder.writeResults(runs);
        await passOn(outcome, folder, options);
      }
    }
  } finally {
    progress.clear();
    await browser.close();
  }
  return { runs, failures, resultsPath: folder.resultsPath };
}

/** Each call crosses processes, so a run that nobody watches is spared them. */
async function showProgress(page: Page, progress: ProgressLine): Promise<void> {
  if (!process.stderr.isTTY) return;
  await page.exposeFunction('kinemarkProgress', (done: number, planned: number) => {
    progress.update(done, planned);
  });
}

function openSource(
  page: Page,
  source: BenchClip | ImageSet,
  maxFrames: number | null,
): Promise<void> {
  return 'paths' in source
    ? openImagesInBrowser(page, source, maxFrames)
    : openClipInBrowser(page, source, maxFrames);
}

/** What the call gives, or the sentence of its BenchError. */
async function orSentence<T>(call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof BenchError) return cause.message;
    throw cause;
  }
}

async function passOn(
  { summary, keypoints, events }: HeadlessOutcome,
  folder: ResultsFolder,
  options: BenchOptions,
): Promise<void> {
  if (options.keypoints) await folder.writeKeypoints(summary.runId, keypoints);
  if (options.serverUrl) await deliverEvents(options.serverUrl, events);
}
