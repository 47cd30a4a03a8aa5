import { expect, it } from 'vitest';
import { acceptedNotices, refusalOf } from '../../../bench/license-notice.ts';
import { targets } from '../../../src/lib/models/catalogue.ts';

const bound = targets.filter(({ model }) => model.license.startsWith('AGPL'));

it('refuses every AGPL target and shows its notice, until it is accepted', () => {
  expect(bound.length).toBeGreaterThan(0);
  for (const target of bound) {
    const refusal = refusalOf(target, false);
    expect(refusal).toContain(target.id);
    expect(refusal).toContain(target.model.licenseNotice);
    expect(refusal).toContain('--accept-license');
    expect(refusalOf(target, true)).toBeNull();
  }
});

it('lets all others run', () => {
  const free = targets.filter((target) => !bound.includes(target));
  expect(free.length).toBeGreaterThan(0);
  expect(free.map((target) => refusalOf(target, false)).filter((refusal) => refusal)).toEqual([]);
});

it('shows each notice that is accepted once', () => {
  const [first] = bound;
  if (!first) throw new Error('There is no such target.');
  const twice = { targets: [first, first] };
  expect(acceptedNotices({ ...twice, acceptLicense: true })).toEqual([first.model.licenseNotice]);
  expect(acceptedNotices({ ...twice, acceptLicense: false })).toEqual([]);
});
