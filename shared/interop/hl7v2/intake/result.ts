import type { Code } from '../../../domain/order/index.ts';
import type { Instant } from '../../../lib/instant.ts';
import { type Hl7Message, repetitionsOf, type Segment, segmentsNamed, valueAt } from '../message.ts';
import { clinicianAt, codedAt, instantOf, type OrderNumber, textOr } from './fields.ts';
import {
  type AccessionField,
  accessionOf,
  codeFrom,
  numbersOf,
  type OrderGroup,
  orderGroups,
  studyUidOf,
} from './order.ts';

/** DiagnosticReport.status as far as a sender can mean it. */
export type ResultStatus = 'preliminary' | 'final' | 'corrected' | 'appended' | 'cancelled';

export type ResultGiven = {
  readonly placer: OrderNumber | null;
  readonly filler: OrderNumber | null;
  readonly accession: string | null;
  readonly studyUid: string | null;
  readonly exam: Code | null;
  readonly status: ResultStatus;
  readonly issued: Instant | null;
  readonly examAt: Instant | null;
  readonly interpreter: string | null;
  readonly sections: readonly { readonly title: string; readonly text: string }[];
  /** The report as a PDF, in Base64; null where it came in words alone. */
  readonly document: string | null;
};

export type ResultFailure = { readonly words: string };

/** Tables 0123 and 0085, and the words that RIS write instead. */
const statuses: { readonly [code: string]: ResultStatus | undefined } = {
  F: 'final',
  FINAL: 'final',
  U: 'final',
  P: 'preliminary',
  PRELIM: 'preliminary',
  PRELIMINARY: 'preliminary',
  'WET READ': 'preliminary',
  R: 'preliminary',
  C: 'corrected',
  CORRECTED: 'corrected',
  A: 'appended',
  B: 'appended',
  ADDENDUM: 'appended',
  X: 'cancelled',
  D: 'cancelled',
  W: 'cancelled',
};

export function resultStatusOf(text: string): ResultStatus | null {
  const code = text.trim().toUpperCase();
  return Object.hasOwn(statuses, code) ? (statuses[code] ?? null) : null;
}

/** OBX-2 of observations whose OBX-5 are words. */
const wordTypes: ReadonlySet<string> = new Set(['TX', 'FT', 'ST']);
/** Observations that name images, not words (IHE RAD-28). */
const names = /\b(UID|instance)\b/i;

/** OBX-3 suffixes of radiology systems: `&IMP` impression, `&GDT` general text, `&ADT` addendum. */
function titleOf(message: Hl7Message, observation: Segment): string {
  const suffix = valueAt(message, observation, { field: 3, component: 1, subcomponent: 2 }).toUpperCase();
  const words = `${suffix} ${codedAt(message, observation, 3).text} ${codedAt(message, observation, 3).code}`;
  if (/\bIMP\b|impression|19005-8/i.test(words)) return 'Impression';
  if (/\bADT\b|\bADD\b|addendum/i.test(words)) return 'Addendum';
  if (/finding|59776-5/i.test(words)) return 'Findings';
  return 'Report';
}

/** The words of a result, one section for each kind in the order of its first line. */
function sectionsOf(message: Hl7Message, observations: readonly Segment[]): ResultGiven['sections'] {
  const lines = new Map<string, string[]>();
  for (const observation of observations) {
    if (!wordTypes.has(valueAt(message, observation, { field: 2 }).toUpperCase())) continue;
    const said = codedAt(message, observation, 3);
    if (said.code === '113014' || names.test(said.text)) continue;
    const title = titleOf(message, observation);
    const text = repetitionsOf(message, observation, 5).map((_one, index) =>
      valueAt(message, observation, { field: 5, repetition: index + 1 }),
    );
    lines.set(title, [...(lines.get(title) ?? []), ...(text.length === 0 ? [''] : text)]);
  }
  return [...lines].flatMap(([title, own]) => {
    const text = own
      .join('\n')
      .replace(/[ \t]+\n/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
    return text === '' ? [] : [{ title, text }];
  });
}

/** Letters of Base64: some 1.1 MB of PDF. It stands in the record and in the memory of every host that follows it. */
export const longestDocument = 1_500_000;

/**
 * The PDF of a result (OBX-2 ED, 2.A.24: type, subtype, encoding and data). Only what begins as a PDF does is one, whatever it is called;
 * it is kept as it came and never drawn by us.
 */
function documentIn(
  message: Hl7Message,
  observations: readonly Segment[],
): { readonly data: string | null; readonly refusal: string } {
  const all = observations.filter((one) => valueAt(message, one, { field: 2 }).toUpperCase() === 'ED');
  const [first] = all;
  if (first === undefined) return { data: null, refusal: '' };
  if (all.length > 1) return { data: null, refusal: 'more than one document, of which none is known to be the report' };
  const part = (component: number): string => valueAt(message, first, { field: 5, component }).trim();
  const data = part(5).replace(/\s+/g, '');
  if (!/^(base64)?$/i.test(part(4))) return { data: null, refusal: 'a document that is not in Base64' };
  if (data.length > longestDocument) return { data: null, refusal: 'a document larger than 1.1 MB' };
  // "%PDF-" in Base64.
  if (!data.startsWith('JVBERi0') || !/^[A-Za-z0-9+/]+={0,2}$/.test(data) || data.length % 4 !== 0)
    return { data: null, refusal: 'a document that is no PDF' };
  return { data, refusal: '' };
}

function numberWords(group: OrderGroup, message: Hl7Message): string {
  const { filler, placer } = numbersOf(message, group);
  return filler?.value ?? placer?.value ?? 'without a number';
}

/** The reports of an ORU^R01, one for each OBR that has words. */
export function resultsOf(
  message: Hl7Message,
  from: { readonly zone: string; readonly accession: AccessionField },
): { readonly results: readonly ResultGiven[]; readonly failures: readonly ResultFailure[] } {
  const results: ResultGiven[] = [];
  const failures: ResultFailure[] = [];
  const groups = orderGroups(message).filter((group) => group.obr !== undefined);
  const zds = segmentsNamed(message, 'ZDS');
  for (const group of groups) {
    const observations = group.rest.filter((segment) => segment.name === 'OBX');
    const sections = sectionsOf(message, observations);
    const document = documentIn(message, observations);
    const written = [
      valueAt(message, group.obr, { field: 25 }),
      ...observations.map((one) => valueAt(message, one, { field: 11 })),
      valueAt(message, group.orc, { field: 5 }),
    ];
    const status = written.map(resultStatusOf).find((found) => found !== null) ?? null;
    const name = numberWords(group, message);
    if (status === null) {
      failures.push({ words: `Result ${name} does not say whether it is preliminary or final (OBR-25, OBX-11).` });
    } else if (sections.length === 0 && document.data === null && status !== 'cancelled') {
      const kinds = [...new Set(observations.map((one) => valueAt(message, one, { field: 2 })))].filter(
        (one) => one !== '',
      );
      const only = kinds.length === 0 ? 'no observation' : `only observations of type ${kinds.join(', ')}`;
      const held = document.refusal === '' ? only : document.refusal;
      failures.push({ words: `Result ${name} holds no words of a report: ${held}, where TX, FT or ST was expected.` });
    } else {
      results.push(
        resultOf(message, group, groups.length === 1 ? [...group.rest, ...zds] : group.rest, from, {
          status,
          sections,
          document: document.data,
        }),
      );
    }
  }
  return { results, failures };
}

function resultOf(
  message: Hl7Message,
  group: OrderGroup,
  rest: readonly Segment[],
  from: { readonly zone: string; readonly accession: AccessionField },
  read: Pick<ResultGiven, 'status' | 'sections' | 'document'>,
): ResultGiven {
  const { obr } = group;
  const time = (field: number): Instant | null => {
    const text = textOr(message, obr, { field, component: 1 });
    return text === null ? null : instantOf(text, from.zone);
  };
  const head = textOr(message, message.segments[0], { field: 7, component: 1 });
  // OBR-32 is an NDL: its first component holds the person's parts as subcomponents, or, in the wild, an XCN.
  const part = (subcomponent: number): string => textOr(message, obr, { field: 32, component: 1, subcomponent }) ?? '';
  const listed = [part(2), part(3)].filter((one) => one !== '').join(', ');
  return {
    ...read,
    ...numbersOf(message, group),
    accession: accessionOf(message, group, from.accession),
    studyUid: studyUidOf(message, rest),
    exam: codeFrom(codedAt(message, obr, 4)),
    issued: time(22) ?? (head === null ? null : instantOf(head, from.zone)),
    examAt: time(7),
    interpreter: (listed || clinicianAt(message, obr, 32)?.name) ?? null,
  };
}

/** TXA-17 (table 0271) and TXA-19 (table 0273) of an MDM^T02. */
const documentStatuses: { readonly [code: string]: ResultStatus | undefined } = {
  AU: 'final',
  LA: 'final',
  DO: 'preliminary',
  DI: 'preliminary',
  IN: 'preliminary',
  IP: 'preliminary',
  PA: 'preliminary',
};

/** The document of an MDM^T02 (9.6.2): its words, its state of completion and the order numbers that TXA names. */
export function documentOf(
  message: Hl7Message,
  from: { readonly zone: string; readonly accession: AccessionField },
): { readonly results: readonly ResultGiven[]; readonly failures: readonly ResultFailure[] } {
  const txa = segmentsNamed(message, 'TXA')[0];
  if (txa === undefined) return { results: [], failures: [{ words: 'The MDM message has no TXA segment.' }] };
  const observations = segmentsNamed(message, 'OBX');
  const sections = sectionsOf(message, observations);
  const document = documentIn(message, observations);
  const code = valueAt(message, txa, { field: 17 }).trim().toUpperCase();
  const status = Object.hasOwn(documentStatuses, code) ? documentStatuses[code] : undefined;
  const cancelled = /^(CA|OB)$/.test(valueAt(message, txa, { field: 19 }).trim().toUpperCase());
  if (status === undefined && !cancelled)
    return {
      results: [],
      failures: [{ words: 'TXA-17 does not say whether the document is authenticated or a draft.' }],
    };
  if (sections.length === 0 && document.data === null && !cancelled)
    return {
      results: [],
      failures: [
        {
          words:
            document.refusal === ''
              ? 'The document holds no words that can be shown, only an attachment or nothing (OBX-2, OBX-5).'
              : `The document holds no words that can be shown, only ${document.refusal} (OBX-2, OBX-5).`,
        },
      ],
    };
  const group: OrderGroup = orderGroups(message)[0] ?? { orc: undefined, obr: undefined, rest: message.segments };
  const number = (field: number): OrderNumber | null => {
    const value = textOr(message, txa, { field, component: 1 });
    return value === null ? null : { value, issuer: textOr(message, txa, { field, component: 2 }) ?? '' };
  };
  const own = resultOf(message, group, message.segments, from, {
    status: cancelled ? 'cancelled' : (status ?? 'final'),
    sections,
    document: document.data,
  });
  const written = textOr(message, txa, { field: 4, component: 1 });
  return {
    results: [
      {
        ...own,
        placer: number(14) ?? own.placer,
        // TXA-12, the document's own number, names it where no order does.
        filler: number(15) ?? own.filler ?? number(12),
        exam: own.exam ?? codeFrom(codedAt(message, txa, 2)),
        issued: own.issued ?? (written === null ? null : instantOf(written, from.zone)),
        interpreter: own.interpreter ?? clinicianAt(message, txa, 9)?.name ?? null,
      },
    ],
    failures: [],
  };
}
