import type { FormsQuestion } from '../../electron/host/delivery/forms.ts';
import { sha256 } from '../../electron/host/digest.ts';
import type { Order } from '../../shared/domain/order/index.ts';
import {
  communicationSectionCode,
  type ReleaseKind,
  type ReportContent,
  withdrawnSections,
} from '../../shared/domain/report/index.ts';
import { type DeliveryRules, usualDelivery } from '../../shared/domain/site/index.ts';
import type { Study } from '../../shared/domain/study/index.ts';
import { canonicalJson, type JsonValue } from '../../shared/lib/canonical-json.ts';
import { instant } from '../../shared/lib/instant.ts';
import { aKeyPicture } from '../builders/key-picture.ts';
import { aSignedReport } from '../builders/signed-report.ts';

/** The versions of one invented report whose every channel is kept as a golden file. Nobody in it is real. */
export const goldenKinds = [
  'preliminary',
  'final',
  'addendum',
  'correction',
  'withdrawal',
  'dictated-final',
  'critical-final',
] as const satisfies readonly (ReleaseKind | 'dictated-final' | 'critical-final')[];
export type GoldenKind = (typeof goldenKinds)[number];

/**
 * `dictated-final`: the first version, written by one reader who may not issue it and signed by another. `critical-final`: the first version, with
 * what was told to whom.
 */
export function releaseKindOf(kind: GoldenKind): ReleaseKind {
  return kind === 'dictated-final' || kind === 'critical-final' ? 'final' : kind;
}
const keyPictureHash = sha256(Buffer.from(aKeyPicture, 'base64'));

const studyUid = '1.2.826.0.1.3680043.8.498.1';
const seriesUid = `${studyUid}.3`;
const ctImage = '1.2.840.10008.5.1.4.1.1.2';
const instances = [1, 2, 3].map((place) => `${seriesUid}.${place}`);

const order = {
  id: 'order-1',
  accession: 'LK-4471',
  placerNumber: 'P-1',
  procedure: { system: 'http://loinc.org', code: '79103-8', display: 'CT Abdomen and Pelvis W contrast IV' },
  reason: 'Right lower quadrant pain',
  orderedBy: {
    name: 'Okafor, Adaeze',
    npi: '1092837461',
    parts: { family: 'Okafor', given: 'Adaeze', middle: '', suffix: '', prefix: 'Dr' },
  },
  patientReference: 'patient-1',
  site: { id: 'larkspur', name: 'Larkspur Imaging', zone: 'America/Los_Angeles' },
} as unknown as Order;

const study = {
  studyUid,
  studyDate: '20260308',
  studyTime: '011500',
  description: 'CT ABDOMEN PELVIS',
  institution: 'Larkspur Imaging',
} as unknown as Study;

/** What each version says otherwise than the one before it, by whom and when. */
const changes: Readonly<Record<GoldenKind, Partial<ReportContent>>> = {
  preliminary: { version: 1 },
  final: {
    version: 2,
    keyImages: [
      {
        ...{ studyUid, seriesUid, instanceUid: instances[1] ?? '', frame: 1 },
        caption: 'Series 3, Axial soft tissue · image 2 · window C 40 W 400',
        picture: keyPictureHash,
        why: null,
      },
    ],
    signer: { id: 'reader-2', name: 'Dr Ines Calloway', npi: '1987654320' },
    signedAt: instant(Date.UTC(2026, 2, 8, 15, 2, 10)),
  },
  addendum: {
    version: 3,
    reason: 'Prior of another site received',
    signedAt: instant(Date.UTC(2026, 2, 9, 17, 20)),
  },
  withdrawal: {
    version: 3,
    reason: 'Dictated on another patient’s images',
    withdrawal: { why: 'wrong-patient', rightTaskId: null },
    signedAt: instant(Date.UTC(2026, 2, 9, 8, 20)),
  },
  'dictated-final': {
    version: 1,
    signer: { id: 'reader-2', name: 'Dr Ines Calloway', npi: '1987654320' },
    dictatedBy: {
      id: 'reader-3',
      name: 'Dr Cosmo Maplethorne',
      npi: '1720000001',
      givenAt: instant(Date.UTC(2026, 2, 8, 14, 20, 5)),
      digest: 'd0'.repeat(32),
      changed: true,
    },
    signedAt: instant(Date.UTC(2026, 2, 8, 15, 2, 10)),
  },
  'critical-final': { version: 1 },
  correction: { version: 3, reason: 'Side was wrong', signedAt: instant(Date.UTC(2026, 2, 9, 8, 5, 44)) },
};

function contentOf(kind: GoldenKind, parentDigest: string | null): ReportContent {
  const base = aSignedReport({
    kind: releaseKindOf(kind),
    parentDigest,
    studyUid,
    instances,
    seriesOpened: [seriesUid],
    ...changes[kind],
  });
  if (kind === 'addendum')
    return {
      ...base,
      sections: [
        ...base.sections,
        { code: '55107-7', title: 'Addendum', text: 'Compared with CT of 2024-11-02: the 4 mm nodule is unchanged.' },
      ],
    };
  if (kind === 'critical-final')
    return {
      ...base,
      sections: [
        ...base.sections,
        {
          code: communicationSectionCode,
          title: 'Communication',
          text: 'Acute appendicitis told to Dr Adaeze Okafor by phone at 02:04 PST, read back.\nNo other finding was told.',
        },
      ],
    };
  if (kind === 'withdrawal') return { ...base, sections: withdrawnSections('wrong-patient', 2, base.reason ?? '') };
  if (kind !== 'correction') return base;
  return {
    ...base,
    sections: base.sections.map((one) =>
      one.code === '19005-8' ? { ...one, text: '1. Acute appendicitis.\n2. Left renal stone, 3 mm.' } : one,
    ),
  };
}

export function digestOf(content: ReportContent): string {
  return sha256(canonicalJson(content as unknown as JsonValue));
}

/** The version before the one of that kind: the preliminary before the final, the final before what follows it. */
function parentOf(kind: GoldenKind): ReportContent | null {
  if (kind === 'preliminary' || kind === 'dictated-final' || kind === 'critical-final') return null;
  return goldenContent(kind === 'final' ? 'preliminary' : 'final');
}

export function goldenContent(kind: GoldenKind): ReportContent {
  const parent = parentOf(kind);
  return contentOf(kind, parent === null ? null : digestOf(parent));
}

/** Everything that the forms of that version are made from, as the host would put it together. */
export function goldenQuestion(kind: GoldenKind, rules: Partial<DeliveryRules> = {}): FormsQuestion {
  const content = goldenContent(kind);
  return {
    content,
    digest: digestOf(content),
    order,
    study,
    evidence: instances.map((instanceUid) => ({ instanceUid, seriesUid, sopClassUid: ctImage })),
    others: [],
    withdrawn: kind === 'withdrawal' ? parentOf(kind) : null,
    earlier: kind === 'withdrawal' ? [digestOf(goldenContent('preliminary')), digestOf(goldenContent('final'))] : [],
    ...(kind === 'withdrawal'
      ? {}
      : {
          keyImages: [{ instanceUid: instances[1] ?? '', seriesUid, sopClassUid: ctImage, frame: null }],
          pictures: { [keyPictureHash]: aKeyPicture },
        }),
    asPdf: {
      predecessor: content.parentDigest,
      withdrawn:
        kind === 'withdrawal' ? [digestOf(goldenContent('preliminary')), digestOf(goldenContent('final'))] : [],
    },
    keyImagesBefore: kind === 'preliminary' ? 0 : (parentOf(kind)?.keyImages?.length ?? 0),
    parentDigest: content.parentDigest,
    endpoint: {
      siteId: 'larkspur',
      host: '127.0.0.1',
      port: 2575,
      receivingApplication: 'RIS',
      receivingFacility: 'LARKSPUR',
    },
    rules: { ...usualDelivery, ...rules },
    softwareVersion: 'golden',
    demo: true,
  };
}
