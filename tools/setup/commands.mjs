// What each npm script needs and runs.
import { browser } from './steps/browser.mjs';
import { build } from './steps/build.mjs';
import { dependencies } from './steps/dependencies.mjs';
import { models } from './steps/models.mjs';

/**
 * @typedef {object} Command
 * @property {readonly import('./set-up.mjs').Step[]} steps In the order they are done.
 * @property {string | null} program What runs then, relative to the project's root; null for nothing.
 * @property {readonly string[]} [args] What it is told before the arguments of whoever calls.
 */

const everything = [dependencies, models, build, browser];

/** @type {Readonly<Record<string, Command>>} */
export const commands = {
  start: { steps: [dependencies, models, build], program: 'server/main.server.ts' },
  bench: { steps: everything, program: 'bench/main.ts' },
  'bench:overhead': { steps: everything, program: 'bench/overhead.ts' },
  'bench:engines': { steps: everything, program: 'bench/engines.ts' },
  'bench:ingest': { steps: [dependencies, models, build], program: 'bench/ingest.ts' },
  deadletters: { steps: [dependencies], program: 'server/dead-letters/main.server.ts' },
  models: { steps: [dependencies], program: 'tools/forge/main.ts' },
  actor: { steps: [dependencies, models, browser], program: 'tools/actor/render-actor.ts' },
  'actor:score': {
    steps: [dependencies, models, browser],
    program: 'tools/actor/score-actor.ts',
  },
  schema: { steps: [dependencies], program: 'tools/schema/main.ts' },
  test: { steps: everything, program: 'tools/test/main.ts' },
  'test:cloud': { steps: everything, program: 'tools/test/main.ts', args: ['cloud'] },
  'test:faults': { steps: [dependencies, browser], program: 'tests/faults/main.ts' },
  setup: { steps: everything, program: null },
};
