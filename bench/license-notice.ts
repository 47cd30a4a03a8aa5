// Weights whose licence binds their users are not fetched before the user has been told.
import type { Target } from '../src/lib/models/target.ts';
import type { BenchOptions } from './bench-options.ts';

/** Why a target may not be run yet, in a sentence that shows its licence notice; null when it may. */
export function refusalOf({ id, model }: Target, acceptLicense: boolean): string | null {
  if (model.licenseNotice === null || acceptLicense) return null;
  return `${id} did not run because its licence was not accepted. ${model.licenseNotice} Add --accept-license if you agree.`;
}

/** The notices of the licences that the user accepts with this command, each once. */
export function acceptedNotices({
  targets,
  acceptLicense,
}: Pick<BenchOptions, 'targets' | 'acceptLicense'>): string[] {
  if (!acceptLicense) return [];
  return [...new Set(targets.flatMap(({ model }) => model.licenseNotice ?? []))];
}
