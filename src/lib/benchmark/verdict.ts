// Whether a run's numbers may be used, and if not, why. Codes for machines, sentences for people.
// When each reason holds: find-reasons.ts.

/** Why a run is invalid. */
export type VerdictReason =
  | 'too-few-samples'
  | 'too-short'
  | 'unsteady'
  | 'latency-drift'
  | 'device-busy'
  | 'coarse-clock'
  | 'tab-hidden'
  | 'frames-lost'
  | 'source-truncated'
  | 'source-changed'
  | 'backend-fallback'
  | 'software-adapter'
  | 'parity-failed'
  | 'wrong-poses'
  | 'engine-restarted'
  | 'engine-error'
  | 'cancelled';

/** A verdict is valid exactly when it has no reasons. */
export type Verdict = { readonly valid: boolean; readonly reasons: readonly VerdictReason[] };

/** What each reason means and what to do about it, for the result card and the dashboard. */
export const reasonTexts: Readonly<Record<VerdictReason, string>> = {
  'too-few-samples':
    'Too few frames were processed for a 90th percentile. Use a longer clip or process more frames.',
  'too-short':
    'The run was over before a device leaves its idle clock speed. Use a longer clip or process more frames.',
  unsteady:
    'Latency never settled: frame times varied too much from the first frame to the last. Close what else runs on the device and run again; if it stays so, the target itself is uneven.',
  'latency-drift':
    'Latency changed from the beginning to the end, as when a device grows warm and slows down. Let it cool and run again, or measure it on purpose with a sustained run.',
  'device-busy':
    'The processor was busy with something else before the run began. Close other programs and tabs and run again.',
  'coarse-clock':
    'The clock was too coarse because the page is not cross-origin isolated. Open Kinemark from its own server.',
  'tab-hidden':
    'The tab was hidden during the run, and browsers slow hidden tabs. Keep it in front and run again.',
  'frames-lost':
    'Frames are missing: fewer were processed than the source gave, or the browser lost what was measured of them. Run again.',
  'source-truncated':
    'The clip ends before it should, so only the frames before the cut were processed. Use a complete file.',
  'source-changed':
    'The frames were not those that the run was planned for: another file, or one that changed meanwhile. Choose the original clip, or start a new plan with this one.',
  'backend-fallback':
    'The engine did not run on the backend that was asked for, but fell back to another one. Choose a backend that this device has.',
  'software-adapter':
    "The backend is a GPU's, but here the CPU stands in for one, so the times say nothing of a GPU. Turn on hardware acceleration in the browser's settings, or choose wasm.",
  'parity-failed':
    'On the same frames this backend gives other poses than WebAssembly does, so it computes something else. Choose another backend, or update the graphics driver.',
  'wrong-poses':
    'The poses are far from the ground truth, further than any working model puts them: the result is wrong, not just inaccurate. Choose another engine or backend for this model.',
  'engine-restarted':
    'The engine was lost during the run and started anew: its worker died or hung, or the graphics adapter was taken from it. The frames it had are missing, and the new one began cold. Close what else needs memory or graphics and run again.',
  'engine-error': 'The engine failed during the run. Reload the page and run again.',
  cancelled: 'The run was cancelled before its last frame.',
};

/** The verdict with these reasons, each once, in the order of `reasonTexts`. */
export function verdictOf(reasons: ReadonlySet<VerdictReason>): Verdict {
  const ordered = (Object.keys(reasonTexts) as VerdictReason[]).filter((code) => reasons.has(code));
  return { valid: ordered.length === 0, reasons: ordered };
}
