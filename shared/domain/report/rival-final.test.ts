import { describe, expect, it } from 'vitest';
import { rivalFinal, rivalReason, rivalWarning } from './index.ts';

const site = (status: string) => ({ id: 'site-report-1', status, by: 'Dr S. Site' });

describe('a final of the site beside ours', () => {
  it.each(['final', 'amended', 'corrected', 'appended'])(
    'that is %s stands against a first report of ours, of either kind',
    (status) => {
      expect(rivalFinal('preliminary', 'report-1', [site(status)])).toEqual(site(status));
      expect(rivalFinal('final', 'report-1', [site('preliminary'), site(status)])).toEqual(site(status));
    },
  );

  it.each(['preliminary', 'partial', 'registered', 'cancelled', 'entered-in-error', 'unknown', ''])(
    'that is %s stands against nothing',
    (status) => {
      expect(rivalFinal('final', 'report-1', [site(status)])).toBeNull();
    },
  );

  it('is no rival of our own report, nor of what only changes one that is out', () => {
    expect(rivalFinal('final', 'report-1', [{ id: 'report-1', status: 'final', by: '' }])).toBeNull();
    expect(rivalFinal('addendum', 'report-1', [site('final')])).toBeNull();
    expect(rivalFinal('correction', 'report-1', [site('final')])).toBeNull();
  });

  it('is named in the reason and in the warning', () => {
    expect(rivalReason(site('final'))).toMatch(/^Another final report by Dr S. Site for this order is in the record/);
    expect(rivalWarning({ by: '' })).toMatch(/^A final report for this order is in the record already/);
  });
});
