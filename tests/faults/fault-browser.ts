// The one browser of all schedules, with a profile on disk. Each schedule has an origin of its own in it, and
// so storage, locks and renderers of its own.
import { chromium } from 'playwright';
import type { BrowserContext } from 'playwright';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { Ledger } from './ledger.ts';
import type { Tally } from './tally.ts';

/** Chromium would try IPv6 first, where no proxy listens. */
const LOOPBACK_FLAG = '--host-resolver-rules=MAP *.localhost 127.0.0.1';

/** A running browser. */
export type FaultBrowser = {
  readonly context: BrowserContext;
  /** False when it has crashed, or was told to end by a signal. */
  readonly isRunning: boolean;
  /** What pages of this origin report goes there. */
  listen(origin: string, ledger: Ledger): void;
  /** Closes what shows this origin. */
  closePages(origin: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts the browser with its profile in `folder`, which need not exist. */
export async function startFaultBrowser(folder: string, tally: Tally): Promise<FaultBrowser> {
  const context = await chromium.launchPersistentContext(folder, {
    ...chromiumLaunch,
    args: [...chromiumLaunch.args, LOOPBACK_FLAG],
  });
  let isRunning = true;
  context.on('close', () => (isRunning = false));
  const ledgers = new Map<string, Ledger>();
  const ledgerOf = (url: string): Ledger | undefined => ledgers.get(new URL(url).origin);

  await context.exposeBinding('faultsIntend', ({ frame }, event: MetricEvent) =>
    ledgerOf(frame.url())?.intend(event),
  );
  await context.exposeBinding('faultsCommit', ({ frame }, key: string) =>
    ledgerOf(frame.url())?.commit(key),
  );
  await context.exposeBinding('faultsRefuse', () =>
    tally.count('storage refused for want of room'),
  );
  await context.exposeBinding('faultsComplain', ({ frame }, problem: string) =>
    ledgerOf(frame.url())?.complain(problem),
  );

  return {
    context,
    get isRunning() {
      return isRunning;
    },
    listen: (origin, ledger) => void ledgers.set(origin, ledger),
    async closePages(origin) {
      const own = context.pages().filter((page) => page.url().startsWith(`${origin}/`));
      await Promise.all(own.map((page) => page.close()));
      ledgers.delete(origin);
    },
    close: () => context.close(),
  };
}
