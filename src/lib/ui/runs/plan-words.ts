// What was asked of a run, in words: its scenario with its settings, its source, and how to ask for it again.
import type { RunRecipe, ScenarioId } from '../../benchmark/run-plan.ts';
import type { SourceSummary } from '../../benchmark/run-result.ts';
import { formatCount, formatDuration } from '../format.ts';
import { linkOfRecipe } from '../recipe-link.ts';
import { scenarioTitles } from '../scenario-titles.ts';

const MS_PER_MINUTE = 60_000;

const kinds: Readonly<Record<SourceSummary['kind'], string>> = {
  actor: 'built-in clip',
  clip: 'clip',
  images: 'pictures',
  camera: 'camera',
};

/** A scenario's name; of one that this version does not know, its id. */
export function scenarioTitleOf(scenario: string): string {
  return (scenarioTitles as Readonly<Record<string, string>>)[scenario] ?? scenario;
}

/** How frames were asked for, besides the scenario: `repeated for 10 min, highest rate searched`. Empty for once through. */
export function settingsWords(scenario: ScenarioId, recipe: RunRecipe): string {
  const { settings, source, maxFrames } = recipe;
  const { durationMs, findMaxFps, streams } = settings;
  const parts = [];
  if (scenario === 'multi-stream') {
    parts.push(streams === null ? 'most streams searched' : countOf(streams, 'stream'));
  }
  if (maxFrames !== null) parts.push(`first ${countOf(maxFrames, 'frame')}`);
  if (durationMs !== null) {
    const isOnce = source.kind === 'camera';
    parts.push(`${isOnce ? 'for' : 'repeated for'} ${lengthWords(durationMs)}`);
  }
  if (findMaxFps) parts.push('highest rate searched');
  return parts.join(', ');
}

/** What frames came from: `built-in clip, 480 × 640, 300 frames`. */
export function sourceWords({ kind, widthPx, heightPx, frameCount }: SourceSummary): string {
  const frames = frameCount === null ? 'no fixed number of frames' : countOf(frameCount, 'frame');
  return `${kinds[kind]}, ${widthPx} × ${heightPx}, ${frames}`;
}

/** Where a run can be repeated, and what that takes. */
export type RunAgain = {
  /** Of the measuring page; null for what only the bench can run. */
  readonly link: string | null;
  /** A sentence or two; null when everything comes by itself. */
  readonly note: string | null;
};

/** How to run this again. */
export function runAgainOf(recipe: RunRecipe): RunAgain {
  const { kind, name } = recipe.source;
  const link = linkOfRecipe(recipe);
  switch (kind) {
    case 'actor':
      return { link, note: null };
    case 'camera':
      return {
        link,
        note: 'A camera never shows the same frames twice, so the figures will differ.',
      };
    case 'clip':
      return {
        link,
        note: `Clips stay on their device: choose “${name}” on the page that opens.`,
      };
    case 'images':
      return {
        link: null,
        note: `Pictures are measured from the command line: give npm run bench the plan with --plan and their folder with --images.`,
      };
  }
}

function lengthWords(durationMs: number): string {
  const minutes = durationMs / MS_PER_MINUTE;
  return Number.isInteger(minutes) ? `${formatCount(minutes)} min` : formatDuration(durationMs);
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
