// Which reasons of a verdict a test may speak of: those of the run itself.

/** Reasons that a machine gives which has other things to do. */
const NOISE: readonly string[] = ['unsteady', 'latency-drift', 'device-busy'];

/** What is held against a run, but for the noise of the machine that tests run on. */
export function causesOf(reasons: readonly string[] = []): string[] {
  return reasons.filter((reason) => !NOISE.includes(reason));
}
