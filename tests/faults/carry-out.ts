// Carries out the steps of a schedule, one after the other.
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultProxy } from './fault-proxy.ts';
import type { Schedule, Step } from './schedule.ts';
import { CLOCK_STEP_MS } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import type { Tab } from './tab.ts';
import type { Tally } from './tally.ts';

/** What steps act on. */
export type Stage = {
  readonly schedule: Schedule;
  readonly proxy: FaultProxy;
  readonly server: ServerProcess;
  readonly killBrowser: () => Promise<void>;
  readonly openTab: (roomBytes: number | null) => Promise<Tab>;
  readonly tally: Tally;
  /** Grows with whatever the device or the server stores. */
  readonly progress: () => number;
};

/** Where the steps have led. */
export type Outcome = {
  /** Tabs that are still there. */
  readonly tabs: readonly Tab[];
  /** Runs that were ended in a tab that is still there, and how many windows each was told to record. */
  readonly survivors: ReadonlyMap<string, number>;
};

/** Does all steps of the stage's schedule. What a dead tab should do is left out. */
export async function carryOut(stage: Stage): Promise<Outcome> {
  const tabs = new Map<number, Tab>();
  const tabOfRun = new Map<string, Tab>();
  const recorded = new Map<string, number>();
  const ended = new Set<string>();

  for (const step of stage.schedule.steps) {
    if (await act(step)) stage.tally.count(`step ${step.do}`);
  }
  const survived = [...ended].filter((runId) => tabOfRun.get(runId)?.isAlive === true);

  return {
    tabs: [...tabs.values()].filter(({ isAlive }) => isAlive),
    survivors: new Map(survived.map((runId) => [runId, recorded.get(runId) ?? 0])),
  };

  function aliveTab(tab: number): Tab | null {
    const found = tabs.get(tab);
    return found?.isAlive === true ? found : null;
  }

  /** The tab in which this run goes on; null when that has died. */
  function tabWithRun(step: { readonly tab: number; readonly run: number }) {
    const runId = stage.schedule.runs[step.run]!.runId;
    const tab = aliveTab(step.tab);
    return tab !== null && tabOfRun.get(runId) === tab ? { tab, runId } : null;
  }

  /** False when what it is for has gone, and it does nothing. */
  async function act(step: Step): Promise<boolean> {
    switch (step.do) {
      case 'open':
        if (aliveTab(step.tab) !== null) return false;
        tabs.set(step.tab, await stage.openTab(step.roomBytes));
        return true;
      case 'start': {
        const tab = aliveTab(step.tab);
        if (tab === null) return false;
        const planned = stage.schedule.runs[step.run]!;
        tabOfRun.set(planned.runId, tab);
        await tab.call('start', planned);
        return true;
      }
      case 'record': {
        const running = tabWithRun(step);
        if (running === null) return false;
        const { tab, runId } = running;
        recorded.set(runId, (recorded.get(runId) ?? 0) + step.windows);
        await tab.call('record', runId, step.windows);
        return true;
      }
      case 'finish': {
        const running = tabWithRun(step);
        if (running === null) return false;
        ended.add(running.runId);
        await running.tab.call('finish', running.runId);
        return true;
      }
      case 'end-tab': {
        const tab = aliveTab(step.tab);
        if (tab === null) return false;
        stage.tally.count(`tab ${step.how}`);
        const next = await tab.end(step.how);
        if (next) tabs.set(step.tab, next);
        return true;
      }
      case 'kill-browser':
        await stage.killBrowser();
        return true;
      case 'hide':
        return withTab(step.tab, (tab) => tab.call('hide'));
      case 'network':
        return withTab(step.tab, (tab) => tab.setOnline(step.isOnline));
      case 'set-page-clock':
        return withTab(step.tab, (tab) => tab.call('shiftDate', step.offsetMs));
      case 'make-room':
        return withTab(step.tab, (tab) => tab.makeRoom());
      case 'sign-in':
        stage.proxy.signIn(step.isSignedIn);
        if (step.isSignedIn) await resumeAll();
        return true;
      case 'kill-server':
        return stage.server.kill();
      case 'start-server':
        stage.server.ensureUp().catch(() => undefined); // Recovery needs one and says why.
        return true;
      case 'set-server-clock':
        stage.server.setClock(step.offsetMs);
        return stage.server.origin !== null;
      case 'pass-server-time':
        stage.server.passTime(CLOCK_STEP_MS);
        return stage.server.origin !== null;
      case 'break-store':
        // What then really fails is counted where it does.
        stage.server.breakStore(step.writes);
        return true;
      case 'pause':
        await wait(step.durationMs);
        return true;
    }
  }

  async function withTab(number: number, work: (tab: Tab) => Promise<unknown>): Promise<boolean> {
    const tab = aliveTab(number);
    if (tab === null) return false;
    await work(tab);
    return true;
  }

  /** The token is new for every tab. */
  async function resumeAll(): Promise<void> {
    for (const tab of tabs.values()) if (tab.isAlive) await tab.call('resume');
  }
}
