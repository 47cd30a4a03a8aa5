// A tab of the bench whose page is a function of the test's: what commands make of it is looked at here,
// what a page really gives in tests/e2e/bench.spec.ts.
import type { openHeadlessTab } from '../../../bench/headless-tab.ts';
import type { BenchSource } from '../../../bench/headless-tab.ts';
import type { HeadlessOutcome, HeadlessRequest } from '../../../src/lib/ui/headless-api.ts';
import { finishedEvent, startedEvent } from '../../fixtures/events.ts';

/** What the page answers; a call that it does not name succeeds. */
export type Answers = {
  /** Throws where a source cannot be opened. */
  readonly open?: (source: BenchSource) => void;
  /** Throws where a target cannot run. */
  readonly run?: (request: HeadlessRequest) => HeadlessOutcome;
};

/** Opens such a tab; `asked` has the targets that it was asked for, and what else happened to it. */
export function tabThatAnswers({ open, run = outcomeOf }: Answers = {}) {
  const asked: string[] = [];
  const openTab: typeof openHeadlessTab = () =>
    Promise.resolve({
      importModel: () => Promise.resolve([]),
      openSource: async (source) => open?.(source),
      async run(request) {
        asked.push(request.targetId);
        return run(request);
      },
      bareLoop: () => Promise.resolve(10),
      async close() {
        asked.push('close');
      },
    });
  return { asked, openTab };
}

/** A valid run of the target, without poses. */
export function outcomeOf({ targetId }: { readonly targetId: string }): HeadlessOutcome {
  const runId = crypto.randomUUID();
  const data = { target: targetId };
  const finished = finishedEvent({ runId, data });
  return {
    summary: finished.data,
    events: [startedEvent({ runId, data }), finished],
    keypoints: [],
  };
}
