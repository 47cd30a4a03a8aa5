// A tab of the bench whose page is a function of the test's: what commands make of it is looked at here,
// what a page really gives in tests/e2e/bench.spec.ts.
import type { openHeadlessTab } from '../../../bench/headless-tab.ts';
import type { BenchSource } from '../../../bench/headless-tab.ts';
import type { HeadlessOutcome, HeadlessRequest } from '../../../src/lib/ui/headless-api.ts';
import { finishedEvent, recipe, startedEvent } from '../../fixtures/events.ts';

/** What the page answers; a call that it does not name succeeds. */
export type Answers = {
  /** Throws where a source cannot be opened. */
  readonly open?: (source: BenchSource) => void;
  /** Throws where weights cannot be had. */
  readonly prefetch?: (targetIds: readonly string[]) => void;
  /** Throws where a target cannot run. */
  readonly run?: (request: HeadlessRequest) => HeadlessOutcome;
};

/**
 * Opens such a tab; `asked` has the targets that it was asked for, and what else happened to it. `requests` are
 * those of the runs.
 */
export function tabThatAnswers({ open, prefetch, run = outcomeOf }: Answers = {}) {
  const asked: string[] = [];
  const requests: HeadlessRequest[] = [];
  const openTab: typeof openHeadlessTab = () =>
    Promise.resolve({
      importModel: () => Promise.resolve([]),
      openSource: async (source) => open?.(source),
      prefetch: async (targetIds) => prefetch?.(targetIds),
      async run(request) {
        asked.push(request.targetId);
        requests.push(request);
        return run(request);
      },
      bareLoop: () => Promise.resolve(10),
      async close() {
        asked.push('close');
      },
    });
  return { asked, requests, openTab };
}

/** A valid run of the target, without poses. */
export function outcomeOf({ targetId }: { readonly targetId: string }): HeadlessOutcome {
  const runId = crypto.randomUUID();
  const data = { target: targetId, recipe: { ...recipe, target: targetId } };
  const finished = finishedEvent({ runId, data });
  return {
    summary: finished.data,
    events: [startedEvent({ runId, data }), finished],
    keypoints: [],
  };
}
