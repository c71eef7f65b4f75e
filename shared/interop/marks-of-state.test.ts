import { describe, expect, it } from 'vitest';
import { aDigest, aSignedReport } from '../../test/builders/signed-report.ts';
import { type ReportContent, withdrawnSections } from '../domain/report/index.ts';
import { instant } from '../lib/instant.ts';
import { tags, text } from './dicom-json/index.ts';
import { reportToSr, type SrFacts } from './dicom-sr/index.ts';
import { reportToFhir } from './fhir/index.ts';
import { buildOru } from './hl7v2/index.ts';
import { reportHtml } from './report-document/index.ts';
import type { ReleasedState } from './report-sections.ts';

const releasedAt = instant(Date.UTC(2026, 2, 8, 10, 30));
const zone = 'America/Los_Angeles';
const request = { placerNumber: 'P1', fillerNumber: 'F1', procedure: null };

/** One version on all four channels, as text. */
function channelsOf(content: ReportContent, state: ReleasedState) {
  const html = reportHtml(content, { state, digest: aDigest, releasedAt, zone });
  const sr: SrFacts = {
    sopInstanceUid: '2.25.1',
    seriesUid: '2.25.2',
    digest: aDigest,
    state,
    predecessor: { sopInstanceUid: '2.25.3', seriesUid: '2.25.2' },
    releasedAt,
    zone,
    organization: 'Night Reading Group',
    softwareVersion: '0.1.0',
    evidence: [],
    study: { studyDate: null, studyTime: null, studyId: null, description: null, referringPhysician: null },
    request,
  };
  const document = reportToSr(content, sr);
  const report = reportToFhir(content, {
    digest: aDigest,
    state,
    issued: releasedAt,
    html: { data: '', size: 0, sha1: '' },
    pdf: null,
    patientReference: null,
    organizationReference: null,
  });
  const oru = buildOru(content, {
    controlId: 'OVR1',
    sender: { application: 'OVERREAD', facility: 'OVERREAD' },
    receiver: { application: 'RIS', facility: 'SITE' },
    processing: 'T',
    state,
    releasedAt,
    zone,
    order: { ...request, reason: '', orderedBy: null, patientClass: null },
    exam: { studyDate: null, studyTime: null },
  });
  return { html, document, sr: JSON.stringify(document), report, fhir: JSON.stringify(report), oru };
}

describe('a preliminary', () => {
  const due = instant(Date.UTC(2026, 2, 8, 12));
  const content = aSignedReport({
    kind: 'preliminary',
    notForClinicalUse: false,
    finalisation: { by: 'Dr M. Tandewright or a colleague of the reading group', due },
  });
  const out = channelsOf(content, 'preliminary');
  it('says PRELIMINARY on every channel, and who makes the final and by when', () => {
    for (const words of [out.html, out.sr, out.oru]) expect(words).toContain('PRELIMINARY');
    expect(out.fhir).toContain('Preliminary report');
    for (const words of [out.html, out.sr, out.oru, out.fhir])
      expect(words).toContain('by Dr M. Tandewright or a colleague of the reading group, due 2026-03-08');
    expect(out.oru).toContain('05:00:00 -0700');
    expect(out.fhir).toContain('12:00:00 +0000');
    expect(out.report.status).toBe('preliminary');
  });
  it('is no final by its flags, and a final carries none of it', () => {
    expect(text(out.document, tags.PreliminaryFlag)).toBe('PRELIMINARY');
    const final = channelsOf(aSignedReport({ notForClinicalUse: false }), 'final');
    for (const words of [final.html, final.oru, final.fhir]) expect(words).not.toMatch(/preliminary/i);
    expect(text(final.document, tags.PreliminaryFlag)).toBe('FINAL');
  });
  it('whose final is the site’s says so, without a time that nobody agreed', () => {
    const ofSite = { by: 'the radiologists of Larkspur Imaging', due: null };
    const { oru } = channelsOf({ ...content, finalisation: ofSite }, 'preliminary');
    expect(oru).toContain('Final report: by the radiologists of Larkspur Imaging, no time agreed');
  });
});

describe('a withdrawn report', () => {
  const words = ['Appendix 12 mm', 'Acute appendicitis', 'rule out'];
  const content = aSignedReport({
    kind: 'withdrawal',
    version: 2,
    reason: 'Dictated into the wrong exam.',
    withdrawal: { why: 'wrong-patient', rightTaskId: 'rt-of-another-patient' },
    sections: withdrawnSections('wrong-patient', 1, 'Dictated into the wrong exam.'),
  });
  const out = channelsOf(content, 'entered-in-error');
  it('says so on every channel, with its reason, and holds none of the words nor a sign of the other patient', () => {
    for (const channel of [out.html, out.sr, out.oru, out.fhir]) {
      expect(channel).toContain('THIS REPORT IS WITHDRAWN');
      expect(channel).toContain('Dictated into the wrong exam.');
      for (const wrong of [...words, 'rt-of-another-patient']) expect(channel).not.toContain(wrong);
    }
    expect(out.report.status).toBe('entered-in-error');
    expect(out.report.conclusion).toMatch(/^THIS REPORT IS WITHDRAWN/);
    expect(out.html).toContain('<div class="notice">WITHDRAWN</div>');
  });
  it('is a document that follows the one before it, complete and verified', () => {
    expect(text(out.document, tags.CompletionFlag)).toBe('COMPLETE');
    expect(text(out.document, tags.VerificationFlag)).toBe('VERIFIED');
    expect(JSON.stringify(out.document[tags.PredecessorDocumentsSequence])).toContain('2.25.3');
  });
});
