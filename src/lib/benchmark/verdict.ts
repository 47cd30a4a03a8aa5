// Whether a run's numbers may be used, and if not, why. Codes for machines, sentences for people.

/** Why a run is invalid. */
export type VerdictReason =
  | 'too-few-samples'
  | 'coarse-clock'
  | 'tab-hidden'
  | 'frames-lost'
  | 'source-truncated'
  | 'backend-fallback'
  | 'software-adapter'
  | 'engine-error'
  | 'cancelled';

/** A verdict is valid exactly when it has no reasons. */
export type Verdict = { readonly valid: boolean; readonly reasons: readonly VerdictReason[] };

/** What each reason means and what to do about it, for the result card and the dashboard. */
export const reasonTexts: Readonly<Record<VerdictReason, string>> = {
  'too-few-samples':
    'Too few frames were processed for a 90th percentile. Use a longer clip or process more frames.',
  'coarse-clock':
    'The clock was too coarse because the page is not cross-origin isolated. Open Kinemark from its own server.',
  'tab-hidden':
    'The tab was hidden during the run, and browsers slow hidden tabs. Keep it in front and run again.',
  'frames-lost': 'Fewer frames were processed than the clip holds. Run again.',
  'source-truncated':
    'The clip ends before it should, so only the frames before the cut were processed. Use a complete file.',
  'backend-fallback':
    'The engine did not run on the backend that was asked for, but fell back to another one. Choose a backend that this device has.',
  'software-adapter':
    "The backend is a GPU's, but here the CPU stands in for one, so the times say nothing of a GPU. Turn on hardware acceleration in the browser's settings, or choose wasm.",
  'engine-error': 'The engine failed during the run. Reload the page and run again.',
  cancelled: 'The run was cancelled before its last frame.',
};

/** The verdict with these reasons, each once, in the order of `reasonTexts`. */
export function verdictOf(reasons: ReadonlySet<VerdictReason>): Verdict {
  const ordered = (Object.keys(reasonTexts) as VerdictReason[]).filter((code) => reasons.has(code));
  return { valid: ordered.length === 0, reasons: ordered };
}
