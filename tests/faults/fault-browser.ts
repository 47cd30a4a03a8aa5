// The browser of many schedules, with a profile on disk. Each schedule has an origin of its own in it, and
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
  /** Another one after `kill`. */
  readonly context: BrowserContext;
  /** False when it has crashed, or was told to end by a signal. */
  readonly isRunning: boolean;
  /** What pages of this origin report goes there. */
  listen(origin: string, ledger: Ledger): void;
  /** Closes what shows this origin. */
  closePages(origin: string): Promise<void>;
  /** SIGKILL for all of its processes; resolves when it runs again, with the same profile. */
  kill(): Promise<void>;
  close(): Promise<void>;
};

/** Starts the browser with its profile in `folder`, which need not exist. */
export async function startFaultBrowser(folder: string, tally: Tally): Promise<FaultBrowser> {
  const ledgers = new Map<string, Ledger>();
  const ledgerOf = (url: string): Ledger | undefined => ledgers.get(new URL(url).origin);
  let isRunning = false;
  let context = await launch();

  async function launch(): Promise<BrowserContext> {
    const launched = await chromium.launchPersistentContext(folder, {
      ...chromiumLaunch,
      args: [...chromiumLaunch.args, LOOPBACK_FLAG],
    });
    isRunning = true;
    launched.on('close', () => (isRunning = false));
    await exposeBindings(launched);
    return launched;
  }

  async function exposeBindings(launched: BrowserContext): Promise<void> {
    await launched.exposeBinding('faultsIntend', ({ frame }, event: MetricEvent) =>
      ledgerOf(frame.url())?.intend(event),
    );
    await launched.exposeBinding('faultsCommit', ({ frame }, key: string) =>
      ledgerOf(frame.url())?.commit(key),
    );
    await launched.exposeBinding('faultsForgo', ({ frame }, runId: string) =>
      ledgerOf(frame.url())?.forgo(runId),
    );
    await launched.exposeBinding('faultsRefuse', () =>
      tally.count('storage refused for want of room'),
    );
    await launched.exposeBinding('faultsComplain', ({ frame }, problem: string) =>
      ledgerOf(frame.url())?.complain(problem),
    );
  }

  return {
    get context() {
      return context;
    },
    get isRunning() {
      return isRunning;
    },
    listen: (origin, ledger) => void ledgers.set(origin, ledger),
    async closePages(origin) {
      const own = context.pages().filter((page) => page.url().startsWith(`${origin}/`));
      await Promise.all(own.map((page) => page.close()));
      ledgers.delete(origin);
    },
    async kill() {
      const session = await context.browser()!.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const closed = new Promise((resolve) => context.once('close', resolve));
      for (const { id } of processInfo) endProcess(id);
      await closed;
      context = await launch();
    },
    close: () => context.close(),
  };
}

/** One that ended with the one before it is gone already. */
function endProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
