// Weights whose licence binds their users are not fetched before the user has been told.
import type { Target } from '../src/lib/models/target.ts';

/** What may be run of the targets that were asked for, and what the user is to be told. */
export type LicenseGate = {
  readonly admitted: readonly Target[];
  /** Why each of the others did not run, in a sentence that shows its licence notice. */
  readonly refusals: readonly string[];
  /** The notices of the licences that the user accepts with this command, each once. */
  readonly notices: readonly string[];
};

/** The gate that every bench command sends its targets through. */
export function passLicenseGate(targets: readonly Target[], acceptLicense: boolean): LicenseGate {
  const bound = targets.filter(({ model }) => model.licenseNotice !== null);
  const notices = [...new Set(bound.flatMap(({ model }) => model.licenseNotice ?? []))];
  return acceptLicense
    ? { admitted: targets, refusals: [], notices }
    : {
        admitted: targets.filter((target) => !bound.includes(target)),
        refusals: bound.map(refusal),
        notices: [],
      };
}

function refusal({ id, model }: Target): string {
  return `${id} did not run because its licence was not accepted. ${model.licenseNotice} Add --accept-license if you agree.`;
}
