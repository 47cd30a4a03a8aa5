import { expect, it } from 'vitest';
import { passLicenseGate } from '../../../bench/license-notice.ts';
import { targets } from '../../../src/lib/models/catalogue.ts';

const bound = targets.filter(({ model }) => model.license.startsWith('AGPL'));
const free = targets.filter((target) => !bound.includes(target));

it('refuses every AGPL target with its notice and lets all others run, until it is accepted', () => {
  expect(bound.length).toBeGreaterThan(0);
  expect(free.length).toBeGreaterThan(0);
  const gate = passLicenseGate(targets, false);
  expect(gate.admitted).toEqual(free);
  expect(gate.notices).toEqual([]);
  expect(gate.refusals).toHaveLength(bound.length);
  for (const [index, target] of bound.entries()) {
    expect(gate.refusals[index]).toContain(target.id);
    expect(gate.refusals[index]).toContain(target.model.licenseNotice);
    expect(gate.refusals[index]).toContain('--accept-license');
  }
});

it('lets all run once it is accepted, and shows each notice once', () => {
  const [first] = bound;
  if (!first) throw new Error('There is no such target.');
  expect(passLicenseGate([first, ...free, first], true)).toEqual({
    admitted: [first, ...free, first],
    refusals: [],
    notices: [first.model.licenseNotice],
  });
  expect(passLicenseGate(free, true).notices).toEqual([]);
});
