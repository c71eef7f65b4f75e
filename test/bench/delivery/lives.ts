import { srUids } from '../../../electron/host/delivery/forms.ts';
import { reportPdfUids } from '../../../electron/host/delivery/report-pdf-objects.ts';
import { sha256 } from '../../../electron/host/digest.ts';
import type { Orderer } from '../../../shared/domain/order/index.ts';
import {
  isLaterKind,
  type ReleaseKind,
  type ReportContent,
  withdrawnSections,
} from '../../../shared/domain/report/index.ts';
import { uidFromDigest } from '../../../shared/interop/dicom-sr/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { chanceOf } from '../checks/chance.ts';

/** One invented report: whose it is, who ordered it, and every version that it will have. */
export type Life = {
  readonly number: number;
  readonly accession: string;
  readonly orderId: string;
  readonly patientReference: string;
  readonly orderedBy: Orderer;
  readonly versions: readonly LifeVersion[];
};
export type LifeVersion = {
  readonly content: ReportContent;
  readonly digest: string;
  readonly controlId: string;
  readonly srInstanceUid: string;
  readonly pdfInstanceUid: string;
};

/** How reports go on, the usual ones more often. */
const courses: readonly (readonly [weight: number, kinds: readonly ReleaseKind[]])[] = [
  [45, ['final']],
  [25, ['preliminary', 'final']],
  [12, ['final', 'addendum']],
  [10, ['preliminary', 'final', 'correction']],
  [8, ['final', 'correction', 'addendum']],
  [4, ['final', 'withdrawal']],
  [2, ['preliminary', 'withdrawal']],
];
const families = ['ÁLVAREZ', 'BĄK', 'O’NEILL', 'МОРОЗОВ', 'MÜLLER', 'NGUYỄN', 'SMITH', 'ΠΑΠΠΑΣ'];
const given = ['Ana', 'Zofia', 'Lê', 'Иван', 'Jörg', 'Mary^Ann'];
const findings = [
  'No acute abnormality.',
  'Segment | of bowel & fat ^ ~ \\ as before.',
  'Größe 12 mm, naïve, Ελληνικά.\nZweite Zeile.\n\nVierte Zeile.',
  'Right lower lobe opacity 2.4 x 1.8 cm.',
];

function courseOf(at: number): readonly ReleaseKind[] {
  let left = at * courses.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, kinds] of courses) {
    left -= weight;
    if (left < 0) return kinds;
  }
  return ['final'];
}

/** The same seed gives the same reports, to the byte. */
export function livesOf(seed: number, count: number): readonly Life[] {
  const chance = chanceOf(seed);
  return Array.from({ length: count }, (_unused, number): Life => {
    const accession = `BN-${String(number).padStart(6, '0')}`;
    const orderId = `border-${number}`;
    const patient = {
      id: `P${String(number).padStart(6, '0')}`,
      issuer: 'BENCH',
      name: `${chance.pick(families)}^${chance.pick(given)}`,
      birthDate: `19${String(20 + Math.floor(chance.next() * 79))}0${1 + Math.floor(chance.next() * 9)}15`,
      sex: chance.pick(['F', 'M'] as const),
    };
    const npi = String(1_000_000_000 + Math.floor(chance.next() * 899_999_999));
    const orderedBy: Orderer = { name: `Dr ${chance.pick(families)}`, npi };
    const studyUid = uidFromDigest(sha256(`study|${seed}|${number}`));
    let parentDigest: string | null = null;
    const versions = courseOf(chance.next()).map((kind, place): LifeVersion => {
      const later = isLaterKind(kind);
      const content: ReportContent = {
        schema: 'overread-report-1',
        reportId: `br-${number}`,
        version: place + 1,
        kind,
        parentDigest,
        taskId: `bt-${number}`,
        orderId,
        archive: 'orthanc',
        studyUid,
        accession,
        patient,
        exam: {
          procedure: 'CT chest',
          modality: 'CT',
          bodyPart: 'CHEST',
          laterality: null,
          studyDate: '20260308',
          site: 'Bench Imaging',
        },
        sections:
          kind === 'withdrawal'
            ? withdrawnSections('wrong-patient', place, 'Planted')
            : [
                { code: '59776-5', title: 'Findings', text: chance.pick(findings) },
                { code: '19005-8', title: 'Impression', text: `Version ${place + 1} of ${accession}.` },
              ],
        ...(kind === 'withdrawal' ? { withdrawal: { why: 'wrong-patient', rightTaskId: null } } : {}),
        reason: later ? 'A planted change' : null,
        measurements: [],
        instances: [uidFromDigest(sha256(`image|${studyUid}`))],
        comparisons: [],
        identityResolution: null,
        signer: { id: 'bench-reader', name: 'Dr M. Tandewright', npi: '1234567893' },
        signedAt: instant(Date.UTC(2026, 2, 8, 10, number % 60, place)),
        fencingToken: later ? null : 1,
        auditHead: '0'.repeat(64),
        notForClinicalUse: true,
      };
      const digest = sha256(canonicalJson(content as unknown as JsonValue));
      parentDigest = digest;
      return {
        content,
        digest,
        controlId: `OVR${sha256(`msh10|${digest}`).slice(0, 17).toUpperCase()}`,
        srInstanceUid: srUids(digest, content.reportId).sopInstanceUid,
        pdfInstanceUid: reportPdfUids(digest).sopInstanceUid,
      };
    });
    return { number, accession, orderId, patientReference: `bpatient-${number}`, orderedBy, versions };
  });
}

/**
 * The order in which versions are signed: in blocks of reports, the first versions of a block, then its second ones: often a version comes
 * while the one before it is still on its way.
 */
export function signingOrder(lives: readonly Life[], seed: number): readonly { life: Life; version: LifeVersion }[] {
  const chance = chanceOf(seed + 1);
  const block = 40;
  const order: { life: Life; version: LifeVersion }[] = [];
  for (let from = 0; from < lives.length; from += block) {
    const some = lives.slice(from, from + block);
    const most = Math.max(...some.map((life) => life.versions.length));
    for (let place = 0; place < most; place += 1)
      for (const life of chance.shuffle(some)) {
        const version = life.versions[place];
        if (version !== undefined) order.push({ life, version });
      }
  }
  return order;
}
