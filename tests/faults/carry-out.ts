// Carries out the steps of a schedule, one after the other.
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultProxy } from './fault-proxy.ts';
import type { Schedule, Step } from './schedule.ts';
import type { ServerProcess } from './server-process.ts';
import type { Tab } from './tab.ts';
import type { Tally } from './tally.ts';

/** What steps act on. */
export type Stage = {
  readonly schedule: Schedule;
  readonly proxy: FaultProxy;
  readonly server: ServerProcess;
  readonly openTab: (roomBytes: number | null) => Promise<Tab>;
  readonly tally: Tally;
  /** Grows with whatever the device or the server stores. */
  readonly progress: () => number;
};

/** Where the steps have led. */
export type Outcome = {
  /** Tabs that are still there. */
  readonly tabs: readonly Tab[];
  /** Ids of runs that were ended in a tab that is still there. */
  readonly survivors: ReadonlySet<string>;
};

/** Does all steps of the stage's schedule. What a dead tab should do is left out. */
export async function carryOut(stage: Stage): Promise<Outcome> {
  const tabs = new Map<number, Tab>();
  const tabOfRun = new Map<string, Tab>();
  const ended = new Set<string>();

  for (const step of stage.schedule.steps) await act(step);

  return {
    tabs: [...tabs.values()].filter(({ isAlive }) => isAlive),
    survivors: new Set([...ended].filter((runId) => tabOfRun.get(runId)?.isAlive === true)),
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

  async function act(step: Step): Promise<void> {
    stage.tally.count(`step ${step.do}`);
    switch (step.do) {
      case 'open':
        if (aliveTab(step.tab) !== null) break;
        tabs.set(step.tab, await stage.openTab(step.roomBytes));
        break;
      case 'start': {
        const tab = aliveTab(step.tab);
        if (tab === null) break;
        const planned = stage.schedule.runs[step.run]!;
        tabOfRun.set(planned.runId, tab);
        await tab.call('start', planned);
        break;
      }
      case 'record': {
        const running = tabWithRun(step);
        if (running !== null) await running.tab.call('record', running.runId, step.windows);
        break;
      }
      case 'finish': {
        const running = tabWithRun(step);
        if (running === null) break;
        ended.add(running.runId);
        await running.tab.call('finish', running.runId);
        break;
      }
      case 'end-tab': {
        const tab = aliveTab(step.tab);
        if (tab === null) break;
        stage.tally.count(`tab ${step.how}`);
        const next = await tab.end(step.how);
        if (next) tabs.set(step.tab, next);
        break;
      }
      case 'hide':
        await aliveTab(step.tab)?.call('hide');
        break;
      case 'network':
        await aliveTab(step.tab)?.setOnline(step.isOnline);
        break;
      case 'sign-in':
        stage.proxy.signIn(step.isSignedIn);
        if (step.isSignedIn) await resumeAll();
        break;
      case 'kill-server':
        stage.server.kill();
        break;
      case 'start-server':
        stage.server.ensureUp().catch(() => undefined); // Recovery needs one and says why.
        break;
      case 'set-page-clock':
        await aliveTab(step.tab)?.call('shiftDate', step.offsetMs);
        break;
      case 'set-server-clock':
        stage.server.setClock(step.offsetMs);
        break;
      case 'make-room':
        await aliveTab(step.tab)?.makeRoom();
        break;
      case 'break-store':
        stage.server.breakStore(step.writes);
        break;
      case 'pause':
        await wait(step.durationMs);
        break;
    }
  }

  /** The token is new for every tab. */
  async function resumeAll(): Promise<void> {
    for (const tab of tabs.values()) if (tab.isAlive) await tab.call('resume');
  }
}
