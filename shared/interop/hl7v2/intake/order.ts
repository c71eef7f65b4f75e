import type { Code, Orderer, Priority } from '../../../domain/order/index.ts';
import { npiIsValid } from '../../../domain/reader/index.ts';
import type { Laterality } from '../../../domain/study/index.ts';
import type { Instant } from '../../../lib/instant.ts';
import { systems } from '../../fhir/systems.ts';
import { type Hl7Message, repetitionsOf, type Segment, valueAt } from '../message.ts';
import {
  type CodedText,
  clinicianAt,
  codedAt,
  type Given,
  instantOf,
  numberAt,
  type OrderNumber,
  textOr,
} from './fields.ts';

/** What is to happen to an order (ORC-1, table 0119). */
export type OrderAction = 'new' | 'change' | 'cancel' | 'hold' | 'release-hold';

/** Which field holds the accession number; `auto` takes IPC-1, else the filler's number, else OBR-18, where they can be one. */
export type AccessionField = 'auto' | 'IPC-1' | 'OBR-2' | 'OBR-3' | 'OBR-18' | 'OBR-19';

export type OrderGiven = {
  readonly action: OrderAction;
  readonly placer: OrderNumber | null;
  readonly filler: OrderNumber | null;
  /** ORC-4: what the placer ordered together; null where it says nothing. */
  readonly placerGroup: string | null;
  readonly accession: string | null;
  readonly studyUid: string | null;
  readonly procedure: Code | null;
  readonly modality: Given<string>;
  readonly bodyPart: Given<string>;
  readonly laterality: Given<Laterality>;
  readonly reason: Given<string>;
  readonly reasonCodes: readonly Code[];
  readonly priority: Exclude<Priority, 'unknown'> | null;
  readonly orderedBy: Orderer | null;
  readonly authoredOn: Instant | null;
  /** ORC-5 said that the order is on hold or cancelled, whatever ORC-1 said. */
  readonly status: 'active' | 'on-hold' | 'revoked' | null;
};

/** The segments of one exam: its ORC (where there is one), its OBR and what follows it. */
export type OrderGroup = {
  readonly orc: Segment | undefined;
  readonly obr: Segment | undefined;
  readonly rest: readonly Segment[];
};

/** One group for each OBR; an ORC without an OBR is a group of its own. */
export function orderGroups(message: Hl7Message): readonly OrderGroup[] {
  const groups: { orc: Segment | undefined; obr: Segment | undefined; rest: Segment[] }[] = [];
  let orc: Segment | undefined;
  let open: (typeof groups)[number] | null = null;
  for (const segment of message.segments) {
    if (segment.name === 'ORC') {
      orc = segment;
      open = { orc, obr: undefined, rest: [] };
      groups.push(open);
    } else if (segment.name === 'OBR') {
      if (open === null || open.obr !== undefined) {
        open = { orc, obr: segment, rest: [] };
        groups.push(open);
      } else open.obr = segment;
    } else if (open !== null) open.rest.push(segment);
  }
  return groups;
}

/** HL7 v2.5.1 4.5.1.1, table 0119: what is asked of us. Answers and reports of an application to itself are none of these. */
const actions: { readonly [control: string]: OrderAction | undefined } = {
  NW: 'new',
  SN: 'new',
  RO: 'new',
  XO: 'change',
  XX: 'change',
  SC: 'change',
  RU: 'change',
  CA: 'cancel',
  OC: 'cancel',
  CR: 'cancel',
  DC: 'cancel',
  OD: 'cancel',
  DR: 'cancel',
  RP: 'cancel',
  HD: 'hold',
  OH: 'hold',
  RL: 'release-hold',
  OE: 'release-hold',
};

export function actionOf(control: string): OrderAction | null {
  return Object.hasOwn(actions, control) ? (actions[control] ?? null) : null;
}

/** Table 0038. CM is the exam done at the site: its reading is what is wanted now, so the order stays active. */
const statuses: { readonly [code: string]: OrderGiven['status'] | undefined } = {
  HD: 'on-hold',
  CA: 'revoked',
  DC: 'revoked',
  RP: 'revoked',
  SC: 'active',
  IP: 'active',
  CM: 'active',
  A: 'active',
};

/** Tables 0027 and 0485, and the words that senders write instead. */
const priorities: { readonly [code: string]: OrderGiven['priority'] | undefined } = {
  S: 'stat',
  STAT: 'stat',
  EMERGENCY: 'stat',
  EMERGENT: 'stat',
  A: 'asap',
  ASAP: 'asap',
  U: 'urgent',
  UR: 'urgent',
  URGENT: 'urgent',
  C: 'urgent',
  T: 'urgent',
  P: 'urgent',
  R: 'routine',
  ROUTINE: 'routine',
};

export function priorityOf(text: string): OrderGiven['priority'] {
  const code = text.trim().toUpperCase();
  return Object.hasOwn(priorities, code) ? (priorities[code] ?? null) : null;
}

/** Table 0396, as far as radiology uses it. */
const codeSystems: { readonly [code: string]: string | undefined } = {
  LN: systems.loinc,
  SCT: systems.snomed,
  SNM: systems.snomed,
  DCM: systems.dicom,
  C4: 'http://www.ama-assn.org/go/cpt',
  CPT: 'http://www.ama-assn.org/go/cpt',
  CPT4: 'http://www.ama-assn.org/go/cpt',
  HCPCS: 'urn:oid:2.16.840.1.113883.6.285',
  I10: 'http://hl7.org/fhir/sid/icd-10-cm',
  I10C: 'http://hl7.org/fhir/sid/icd-10-cm',
  'ICD-10': 'http://hl7.org/fhir/sid/icd-10-cm',
  RADLEX: 'http://radlex.org',
};

export function codeFrom(coded: CodedText): Code | null {
  const display = coded.text || coded.code;
  if (display === '') return null;
  const key = coded.system.toUpperCase();
  return { system: Object.hasOwn(codeSystems, key) ? (codeSystems[key] ?? '') : '', code: coded.code, display };
}

/** DICOM PS3.3 C.7.3.1.1.1, the modalities that are read; table 0074 has sections (RAD, NMR) that name none. */
const modalities: ReadonlySet<string> = new Set(
  'CR CT DX MG MR NM OT PT RF RG US XA ES IO PX BMD BI ECG EPS IVUS KER LEN OCT OP OPM OPT RTIMAGE SM TG XC'.split(' '),
);

export function modalityFrom(text: string): string | null {
  const code = text.trim().toUpperCase();
  return modalities.has(code) ? code : null;
}

/** CPT modifiers LT, RT, 50 and the words; a single letter could be anything. */
export function sideOf(text: string): Laterality | null {
  const found = new Set(
    [...text.toUpperCase().matchAll(/\b(LEFT|LT|RIGHT|RT|BILATERAL|BILAT|BOTH)\b/g)].map((one) =>
      one[1]?.startsWith('L') === true ? 'L' : one[1]?.startsWith('R') === true ? 'R' : 'B',
    ),
  );
  if (found.has('B') || found.size === 2) return 'B';
  return found.has('L') ? 'L' : found.has('R') ? 'R' : null;
}

/** Accession Number (0008,0050) is an SH: 16 letters at most, no backslash (PS3.5 6.2). */
function couldBeAccession(text: string | null): text is string {
  return text !== null && text.length <= 16 && /\d/.test(text) && !/[\\\s]/.test(text);
}

export function accessionOf(message: Hl7Message, group: OrderGroup, field: AccessionField): string | null {
  const { orc, obr, rest } = group;
  const ipc = rest.find((segment) => segment.name === 'IPC');
  const at = (segment: Segment | undefined, place: number) => textOr(message, segment, { field: place, component: 1 });
  switch (field) {
    case 'IPC-1':
      return at(ipc, 1);
    case 'OBR-2':
      return at(obr, 2) ?? at(orc, 2);
    case 'OBR-3':
      return at(obr, 3) ?? at(orc, 3);
    case 'OBR-18':
      return at(obr, 18);
    case 'OBR-19':
      return at(obr, 19);
    case 'auto': {
      const given = at(ipc, 1);
      if (given !== null && given.length <= 16) return given;
      return [at(obr, 3) ?? at(orc, 3), at(obr, 18)].find(couldBeAccession) ?? null;
    }
  }
}

/** A UID by the grammar (PS3.5 9.1); anything else is no study. */
function uidOr(text: string | null): string | null {
  return text !== null && text.length <= 64 && /^[0-2](\.(0|[1-9]\d*))+$/.test(text) ? text : null;
}

/** IPC-3 (OMI), ZDS-1 (IHE RAD-4), or an observation 113014 "DICOM Study" (IHE RAD-28). */
export function studyUidOf(message: Hl7Message, rest: readonly Segment[]): string | null {
  const from = (name: string, field: number): string | null =>
    uidOr(
      textOr(
        message,
        rest.find((segment) => segment.name === name),
        { field, component: 1 },
      ),
    );
  const observed = rest.find(
    (segment) => segment.name === 'OBX' && valueAt(message, segment, { field: 3, component: 1 }) === '113014',
  );
  // OBX-5 may name an instance's path; only a plain study UID is taken.
  return from('IPC', 3) ?? from('ZDS', 1) ?? uidOr(textOr(message, observed, { field: 5, component: 1 }));
}

export function numbersOf(
  message: Hl7Message,
  { orc, obr }: OrderGroup,
): { readonly placer: OrderNumber | null; readonly filler: OrderNumber | null } {
  return {
    placer: numberAt(message, obr, 2) ?? numberAt(message, orc, 2),
    filler: numberAt(message, obr, 3) ?? numberAt(message, orc, 3),
  };
}

export function orderedByOf(message: Hl7Message, { orc, obr }: OrderGroup): OrderGiven['orderedBy'] {
  const found = clinicianAt(message, orc, 12) ?? clinicianAt(message, obr, 16);
  if (found === null) return null;
  const npi = found.npi !== null && npiIsValid(found.npi) ? found.npi : null;
  return {
    name: found.name,
    npi,
    ...(npi !== null || found.number === null ? {} : { number: found.number }),
    ...(found.parts.family === '' ? {} : { parts: found.parts }),
  };
}

/** Reads one group; null where ORC-1 asks for something that we do not do. */
export function orderOf(
  message: Hl7Message,
  group: OrderGroup,
  from: { readonly zone: string; readonly accession: AccessionField },
): OrderGiven | null {
  const { orc, obr, rest } = group;
  const at = (segment: Segment | undefined, field: number, component = 1) =>
    textOr(message, segment, { field, component });
  const action = actionOf((at(orc, 1) ?? 'NW').toUpperCase());
  if (action === null) return null;
  const ipc = rest.find((segment) => segment.name === 'IPC');
  const timing = rest.find((segment) => segment.name === 'TQ1');
  const procedure = codeFrom(codedAt(message, obr, 4)) ?? codeFrom(codedAt(message, obr, 44));
  const reasons = repetitionsOf(message, obr, 31).map((_text, index) => codedAt(message, obr, 31, index + 1));
  const diagnoses = rest
    .filter((segment) => segment.name === 'DG1')
    .map((segment) => ({ coded: codedAt(message, segment, 3), words: at(segment, 4) ?? '' }))
    .flatMap(({ coded, words }) => codeFrom({ ...coded, text: coded.text || words }) ?? []);
  const spoken = reasons.map((one) => one.text || one.code).filter((text) => text !== '');
  const reason = spoken.join('; ') || (at(obr, 13) ?? codedAt(message, orc, 16).text) || undefined;
  const priority = [at(timing, 9), at(orc, 7, 6), at(obr, 27, 6), at(obr, 5)]
    .map((text) => (text === null ? null : priorityOf(text)))
    .find((found) => found !== null);
  const modifiers = repetitionsOf(message, obr, 45).join(' ');
  const side =
    sideOf(modifiers) ?? sideOf(at(obr, 15, 5) ?? '') ?? sideOf(`${procedure?.display ?? ''} ${at(obr, 15, 4) ?? ''}`);
  const when = at(orc, 9) ?? at(obr, 6) ?? at(message.segments[0], 7);
  const control = at(orc, 5)?.toUpperCase() ?? '';
  return {
    action,
    ...numbersOf(message, group),
    placerGroup: at(orc, 4),
    accession: accessionOf(message, group, from.accession),
    studyUid: studyUidOf(message, rest),
    procedure,
    modality: modalityFrom(at(ipc, 5) ?? '') ?? modalityFrom(at(obr, 24) ?? '') ?? undefined,
    bodyPart: at(obr, 15, 4) ?? undefined,
    laterality: side ?? undefined,
    reason,
    reasonCodes: [...reasons.filter((one) => one.code !== '').flatMap((one) => codeFrom(one) ?? []), ...diagnoses],
    priority: priority ?? null,
    orderedBy: orderedByOf(message, group),
    authoredOn: when === null ? null : instantOf(when, from.zone),
    status: Object.hasOwn(statuses, control) ? (statuses[control] ?? null) : null,
  };
}
