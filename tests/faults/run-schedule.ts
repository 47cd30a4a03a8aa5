// One schedule from its beginning to its verdict, on a proxy and a server of its own.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { carryOut } from './carry-out.ts';
import { checkSchedule } from './check-schedule.ts';
import type { Verdict } from './check-schedule.ts';
import type { FaultBrowser } from './fault-browser.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { createLedger } from './ledger.ts';
import { recover } from './recover.ts';
import type { Schedule } from './schedule.ts';
import type { ServerProcess } from './server-process.ts';
import { readStoredState } from './stored-state.ts';
import { openTab } from './tab.ts';
import type { Tally } from './tally.ts';

/** What a schedule runs on; used for one at a time. */
export type Lane = {
  readonly browser: FaultBrowser;
  readonly proxy: FaultProxy;
  readonly server: ServerProcess;
  readonly tally: Tally;
  /** For the servers' data. */
  readonly folder: string;
};

/** Never rejects: what stops a schedule is wrong with what it tests, or with the harness. */
export async function runSchedule(
  schedule: Schedule,
  { browser, proxy, server, tally, folder: parent }: Lane,
): Promise<Verdict> {
  const ledger = createLedger();
  const folder = join(parent, `schedule-${schedule.seed}`);
  await mkdir(folder);
  const origin = `http://s${schedule.seed}.localhost:${proxy.port}`;
  browser.listen(origin, ledger);
  const stage = {
    schedule,
    proxy,
    server,
    tally,
    killBrowser: () => browser.kill(),
    progress: () => ledger.committed.size + ledger.newEvents,
    openTab: (roomBytes: number | null) =>
      openTab({
        context: browser.context,
        origin,
        roomBytes,
        onError: (problem) => ledger.complain(problem),
      }),
  };
  try {
    const { seed, maxQueueDepthEvents } = schedule;
    await server.open(
      { folder, seed, maxQueueDepthEvents },
      {
        onNewEvents: (events) => ledger.countNew(events),
        onFailedWrite: () => tally.count('a write to the store failed'),
      },
    );
    proxy.serve({
      requestFaults: schedule.requestFaults,
      serverOrigin: () => server.origin,
      restartServer() {
        const wasUp = server.kill();
        server.ensureUp().catch(() => undefined); // Recovery needs one and says why.
        return wasUp;
      },
      onAccepted: (events) => ledger.accept(events),
      onPutOff: () => tally.count('the server put a batch off'),
      onFault: (kind) => tally.count(`request ${kind}`),
    });
    const outcome = await carryOut(stage);
    const { device, tab } = await recover(stage, outcome);
    const stored = readStoredState(folder);
    const survivors = new Map(
      [...outcome.survivors].filter(([runId]) => !ledger.forgone.has(runId)),
    );
    const verdict = checkSchedule({ schedule, ledger, survivors, device, stored });
    await tab.clearStorage();
    await server.close();
    return verdict;
  } catch (error) {
    await server.end();
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { events: 0, lost: [], twice: [], wrong: [reason, ...ledger.problems] };
  } finally {
    await browser.closePages(origin);
    await rm(folder, { recursive: true, force: true });
  }
}
