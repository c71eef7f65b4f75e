import { describe, expect, it } from 'vitest';
import { usualDelivery } from '../../../shared/domain/site/index.ts';
import { earlierPdfs, siteForms } from './site-forms.ts';

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];
const wanted = { ...usualDelivery, encapsulatedPdf: true };
const sent = (digest: string, version: number) =>
  ({ id: `report-1-v${version}-${digest.slice(0, 12)}-pdf`, channel: 'pdf' }) as const;

describe('a report as PDF in the archive', () => {
  it('is stored where the site wants it, and follows nothing that never went there', () => {
    expect(earlierPdfs(siteForms(undefined, []), null, [])).toBe(null);
    expect(earlierPdfs(siteForms(wanted, []), null, [])).toEqual({ predecessor: null, withdrawn: [] });
    const recordOnly = { ...sent(first, 1), channel: 'record' } as const;
    expect(earlierPdfs(siteForms(wanted, [recordOnly]), first, [])).toEqual({ predecessor: null, withdrawn: [] });
  });

  it('follows an earlier version there, whatever the site wants by now', () => {
    const forms = siteForms(usualDelivery, [sent(first, 1)]);
    expect(earlierPdfs(forms, first, [])).toEqual({ predecessor: first, withdrawn: [] });
    expect(earlierPdfs(forms, second, [])).toBe(null);
  });

  it('is withdrawn where it is, with every earlier version that went there and none that did not', () => {
    const forms = siteForms(usualDelivery, [sent(first, 1)]);
    expect(earlierPdfs(forms, second, [first, second])).toEqual({ predecessor: null, withdrawn: [first] });
  });
});
