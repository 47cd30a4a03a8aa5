// One tab of a schedule, and what can befall it. All faults are the browser's own: a closed page, a crashed
// renderer, a network that is down, a quota that is reached.
import type { BrowserContext, CDPSession, Page } from 'playwright';
import type { FaultPage } from './page-api.ts';
import type { TabEnd } from './schedule.ts';

const UNLIMITED = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

/** A tab that shows the page. A reloaded one is another document, and so another tab. */
export type Tab = {
  readonly page: Page;
  /** False as soon as its document has gone. */
  readonly isAlive: boolean;
  /** Calls a function of the page; undefined when the tab dies before it has answered. */
  call<Name extends keyof FaultPage>(
    name: Name,
    ...args: Parameters<FaultPage[Name]>
  ): Promise<Awaited<ReturnType<FaultPage[Name]>> | undefined>;
  setOnline(isOnline: boolean): Promise<void>;
  /** As much as the disk holds. */
  makeRoom(): Promise<void>;
  /** Ends the document; after `reload` the tab of the next one. */
  end(how: TabEnd): Promise<Tab | null>;
  /** Forgets all that the browser keeps of the origin. */
  clearStorage(): Promise<void>;
};

/** Where a tab is opened, and how. */
export type TabOptions = {
  readonly context: BrowserContext;
  readonly origin: string;
  /** Beside what the origin stores; null for as much as the disk holds. */
  readonly roomBytes: number | null;
  readonly onError: (problem: string) => void;
};

/** Resolves once the page's module has run. */
export async function openTab({ context, origin, roomBytes, onError }: TabOptions): Promise<Tab> {
  const page = await context.newPage();
  page.on('pageerror', (error) => onError(`the page threw ${String(error)}`));
  const session = await context.newCDPSession(page);
  if (roomBytes !== null) {
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
    const quotaSize = Math.ceil(usage) + roomBytes;
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  }
  await page.goto(origin);
  return showTab(page, session, origin);
}

function showTab(page: Page, session: CDPSession, origin: string): Tab {
  let isAlive = true;
  page.once('close', () => (isAlive = false));
  page.once('crash', () => (isAlive = false));

  /** What a dying tab no longer does is no problem. */
  async function unlessDead<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (isAlive) throw error;
      return undefined;
    }
  }

  async function setOnline(isOnline: boolean): Promise<void> {
    const offline = !isOnline;
    await unlessDead(() =>
      session.send('Network.emulateNetworkConditions', { offline, ...UNLIMITED }),
    );
  }

  return {
    page,
    get isAlive() {
      return isAlive;
    },
    call: (name, ...args) =>
      unlessDead(() =>
        page.evaluate(
          ([method, values]) =>
            (window.faultPage[method] as (...values: unknown[]) => unknown)(...values),
          [name, args] as const,
        ),
      ) as never,
    setOnline,
    async makeRoom() {
      await unlessDead(() => session.send('Storage.overrideQuotaForOrigin', { origin }));
    },
    async end(how) {
      // Reloading needs the page's own address; the application has its service worker for that.
      if (how === 'reload') await setOnline(true);
      isAlive = false;
      switch (how) {
        case 'close':
          await page.close();
          return null;
        case 'crash': {
          const crashed = page.waitForEvent('crash');
          session.send('Page.crash').catch(() => undefined); // Nobody is left to answer.
          await crashed;
          await page.close();
          return null;
        }
        case 'reload':
          await page.reload();
          return showTab(page, session, origin);
      }
    },
    async clearStorage() {
      await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    },
  };
}
