// `npm run bench`: every clip on every target in a headless browser; a table, and results.json.
import { randomUUID } from 'node:crypto';
import { StartupError } from '../server/startup-error.server.ts';
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import { BenchError } from './bench-error.ts';
import { USAGE, readBenchOptions } from './bench-options.ts';
import type { BenchOptions } from './bench-options.ts';
import { openBenchBrowser } from './browser.ts';
import { deliverEvents } from './deliver-events.ts';
import { createProgressLine } from './progress-line.ts';
import { openResultsFolder } from './results-folder.ts';
import { resultsTable } from './results-table.ts';
import { openClipInBrowser, runInBrowser, waitForHeadlessApi } from './run-in-browser.ts';

/** Exit status when the command cannot do what was asked. */
const EXIT_REFUSED = 2;

try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options) await bench(options);
  else console.log(USAGE);
} catch (cause) {
  if (!(cause instanceof BenchError || cause instanceof StartupError)) throw cause;
  console.error(`kinemark bench: ${cause.message}`);
  process.exitCode = EXIT_REFUSED;
}

async function bench(options: BenchOptions): Promise<void> {
  const { clips, targetIds, maxFrames, keypoints, serverUrl } = options;
  const folder = await openResultsFolder(options.outFolder, keypoints);
  const progress = createProgressLine(process.stderr);
  const deviceId = randomUUID();
  const runs: RunSummary[] = [];
  const browser = await openBenchBrowser();
  let resultsPath = '';
  try {
    const page = await browser.openPage('/headless');
    let label = '';
    // Each call crosses processes, so a run that nobody watches is spared them.
    if (process.stderr.isTTY) {
      await page.exposeFunction('kinemarkProgress', (done: number, planned: number) => {
        progress.update(label, done, planned);
      });
    }
    await waitForHeadlessApi(page);
    for (const clip of clips) {
      await openClipInBrowser(page, clip, maxFrames);
      for (const targetId of targetIds) {
        label = `${targetId} on ${clip.name}`;
        const outcome = await runInBrowser(page, { targetId, maxFrames, deviceId, keypoints });
        runs.push(outcome.summary);
        resultsPath = await folder.writeResults(runs);
        if (keypoints) await folder.writeKeypoints(outcome.summary.runId, outcome.keypoints);
        const { failure } = outcome.summary;
        if (failure) console.error(`kinemark bench: the run failed: ${failure}`);
        if (serverUrl) await deliverEvents(serverUrl, outcome.events);
      }
    }
  } finally {
    progress.clear();
    await browser.close();
  }
  console.log(resultsTable(runs));
  console.log(`\nWritten to ${resultsPath}`);
}
