import type { Code, Orderer } from '../../domain/order/index.ts';
import { communicationSectionCode, type ReportContent, stateAfter } from '../../domain/report/index.ts';
import type { Instant } from '../../lib/instant.ts';
import { diagnosticService, documentCode, sectionMeaning } from '../report-codes.ts';
import { headedSections, noticesOf, type ReleasedState } from '../report-sections.ts';
import { nameParts } from '../text/person-name.ts';
import { siteTime } from '../text/site-time.ts';
import { escapeText } from './escape.ts';
import { type Hl7Message, segmentsNamed, valueAt } from './message.ts';
import { type TextForm, type TextValue, textValues } from './oru-text.ts';

/** An application or facility (HD): the name that the receiver knows it by. */
export type OruParty = { readonly application: string; readonly facility: string };

export type OruFacts = {
  /** MSH-10: made once for a version and a channel; the receiver's key against doubles. At most 20 characters (v2.5.1). */
  readonly controlId: string;
  readonly sender: OruParty;
  readonly receiver: OruParty;
  /** MSH-11 (table 0103): T for demo and tests. */
  readonly processing: 'P' | 'T';
  readonly state: ReleasedState;
  readonly releasedAt: Instant;
  /** IANA zone of the site: every time of the message is on its clock, with its offset. */
  readonly zone: string;
  readonly order: {
    readonly placerNumber: string | null;
    readonly fillerNumber: string | null;
    readonly procedure: Code | null;
    readonly reason: string;
    readonly orderedBy: Orderer | null;
    /** PV1-2 (table 0004): E, I, O; null when unknown (U). */
    readonly patientClass: string | null;
  };
  readonly exam: { readonly studyDate: string | null; readonly studyTime: string | null };
  /** Of a withdrawal: the version whose results are posted as wrong; null or absent for every other. */
  readonly withdrawn?: ReportContent | null;
  /** How the site's system takes the lines of a section; one OBX a line where it says nothing. */
  readonly textForm?: TextForm;
  /** Whether a commit is asked for, and the application's own answer after it (enhanced mode, HL7 v2.5.1 2.9.3); absent: original mode. */
  readonly enhanced?: boolean;
  /** OBX-11 (table 0085) of the results that a withdrawal takes back; W, posted as wrong, where absent. */
  readonly withdrawnAs?: 'W' | 'D';
  /** Whether OBX-8 of the communication of a critical result is AA (table 0078). */
  readonly flagCritical?: boolean;
  /** The document as it was signed, base64; null where the site wants none. */
  readonly pdf?: string | null;
};

/** OBR-25 (table 0123), OBX-11 (table 0085), ORC-5 (table 0038); spec/standards.md 4.3. */
const statusOf: {
  readonly [State in ReleasedState]: { readonly result: string; readonly value: string; readonly order: string };
} = {
  preliminary: { result: 'P', value: 'P', order: 'IP' },
  final: { result: 'F', value: 'F', order: 'CM' },
  // OBX-11 `B` exists only from v2.8: over 2.5.1 an addendum is a correction of the whole.
  appended: { result: 'C', value: 'C', order: 'CM' },
  corrected: { result: 'C', value: 'C', order: 'CM' },
  'entered-in-error': { result: 'C', value: 'W', order: 'CM' },
};

/** HL7 table 0396 names of the code systems that orders come with. */
const systemNames: { readonly [system: string]: string | undefined } = {
  'http://loinc.org': 'LN',
  'http://snomed.info/sct': 'SCT',
  'http://www.ama-assn.org/go/cpt': 'C4',
  'http://dicom.nema.org/resources/ontology/DCM': 'DCM',
};

/** A value on one line: where a field holds no lines, a line break is a space. */
function one(text: string | null): string {
  return text === null ? '' : escapeText(text.replace(/[\r\n]+/g, ' '));
}

function components(...parts: readonly string[]): string {
  return parts.join('^').replace(/\^+$/, '');
}

/** Fields by number, the gaps empty. */
function segment(name: string, fields: { readonly [field: number]: string }): string {
  const last = Math.max(0, ...Object.keys(fields).map(Number));
  const written = Array.from({ length: last }, (_unused, index) => fields[index + 1] ?? '');
  return [name, ...written].join('|').replace(/\|+$/, '');
}

/** XPN: family, given, middle, suffix, prefix; DICOM has the last two the other way round. */
function personName(name: string): string {
  const parts = nameParts(name);
  return components(one(parts.family), one(parts.given), one(parts.middle), one(parts.suffix), one(parts.prefix));
}

function coded(code: Code | null, words: string): string {
  if (code === null || code.code === '') return components('', one(words));
  return components(one(code.code), one(code.display || words), systemNames[code.system] ?? 'L');
}

/**
 * XCN (2.A.88) as the order brought it: the number with its authority (XCN.9, an OID as a universal id) and, for an NPI, its type
 * (XCN.13, table 0203). A name in one piece stands as the family name.
 */
function orderer(person: Orderer | null): string {
  if (person === null) return '';
  const { npi, number, parts } = person;
  const { value, authority } =
    npi === null ? (number ?? { value: '', authority: '' }) : { value: npi, authority: 'NPI' };
  const names = parts ?? { family: person.name, given: '', middle: '', suffix: '', prefix: '' };
  return components(
    one(value),
    ...[names.family, names.given, names.middle, names.suffix, names.prefix].map(one),
    '',
    '',
    /^[0-2](\.\d+)+$/.test(authority) ? `&${authority}&ISO` : one(authority),
    '',
    '',
    '',
    npi === null ? '' : 'NPI',
  );
}

type OruSection = { readonly code: string; readonly title: string; readonly text: string };

/** What stands in the OBX of a version, in order: notices that are of every word below, then its sections. */
function oruSections(content: ReportContent, state: ReleasedState, zone: string): readonly OruSection[] {
  const notices = noticesOf(content, state, zone);
  return [
    ...(notices.length === 0 ? [] : [{ code: '55112-7', title: 'Summary', text: notices.join('\n') }]),
    ...headedSections(content),
  ];
}

/** A released version as ORU^R01^ORU_R01, v2.5.1; segments end in CR. No text can add a segment: lines become OBX of their own. */
export function buildOru(content: ReportContent, facts: OruFacts): string {
  const released = siteTime(facts.releasedAt, facts.zone);
  const when = `${released.date}${released.time}${released.offset}`;
  const usual = statusOf[facts.state];
  // Where its system deletes what is withdrawn, the notice takes the place of the results: as a correction it stays, deleted it would be gone too.
  const deletes = facts.state === 'entered-in-error' && facts.withdrawnAs === 'D';
  const status = deletes ? { ...usual, value: 'C' } : usual;
  const document = documentCode(content.exam.modality);
  const placer = one(facts.order.placerNumber);
  const filler = one(facts.order.fillerNumber ?? content.accession);
  const accession = one(content.accession);
  const ordering = orderer(facts.order.orderedBy);
  const interpreter = [one(content.signer.npi ?? content.signer.id), one(content.signer.name)];
  const { dictatedBy } = content;
  const assistant = dictatedBy === undefined ? [] : [one(dictatedBy.npi ?? dictatedBy.id), one(dictatedBy.name)];
  const examTime = `${facts.exam.studyDate ?? ''}${(facts.exam.studyTime ?? '').replace(/\..*$/, '').slice(0, 6)}`;
  const printed = oruSections(content, facts.state, facts.zone);
  let setId = 1;
  const observation = (fields: { readonly [field: number]: string }): string => {
    setId += 1;
    const observer = components(...interpreter);
    return segment('OBX', { 1: String(setId), 11: status.value, ...fields, 14: when, 16: observer });
  };
  const form = facts.textForm ?? 'line-each';
  const lineOf = (section: OruSection, text: TextValue, index: number, value: string): string =>
    observation({
      2: text.type,
      3: components(one(section.code), one(sectionMeaning(section.code, section.title)), 'LN'),
      4: String(index + 1),
      5: text.value,
      8:
        facts.flagCritical === true && section.code === communicationSectionCode && facts.state !== 'entered-in-error'
          ? 'AA'
          : '',
      11: value,
    });
  const said = printed.flatMap((section) =>
    textValues(section.text, form).map((text, index) => lineOf(section, text, index, status.value)),
  );
  const told = new Set(
    printed.flatMap((section) => textValues(section.text, form).map((_text, at) => `${section.code}|${at}`)),
  );
  // Every result that the receiver holds of this report is posted as wrong under its own OBX-3 and OBX-4, and none of its words goes
  // over the wire again: a receiver that replaces texts instead of reading OBX-11 then shows none either.
  const wrong =
    facts.withdrawn == null
      ? []
      : oruSections(facts.withdrawn, stateAfter(facts.withdrawn.kind) as ReleasedState, facts.zone);
  const posted = wrong.flatMap((section) =>
    textValues(section.text, form).flatMap(({ type }, at) => {
      const key = `${section.code}|${at}`;
      if (told.has(key)) return [];
      // Two sections of one code share their numbers: one OBX marks both.
      told.add(key);
      return [lineOf(section, { type, value: 'WITHDRAWN' }, at, deletes ? 'D' : status.value)];
    }),
  );
  return [
    segment('MSH', {
      1: '^~\\&',
      2: one(facts.sender.application),
      3: one(facts.sender.facility),
      4: one(facts.receiver.application),
      5: one(facts.receiver.facility),
      6: when,
      8: 'ORU^R01^ORU_R01',
      9: one(facts.controlId),
      10: facts.processing,
      11: '2.5.1',
      // MSH-15 and MSH-16 (table 0155).
      14: facts.enhanced === true ? 'AL' : '',
      15: facts.enhanced === true ? 'AL' : '',
      17: 'UNICODE UTF-8',
    }),
    segment('PID', {
      1: '1',
      3: components(one(content.patient.id), '', '', one(content.patient.issuer)),
      5: personName(content.patient.name),
      7: one(content.patient.birthDate),
      8: content.patient.sex ?? 'U',
    }),
    segment('PV1', { 1: '1', 2: one(facts.order.patientClass ?? 'U'), 8: ordering }),
    segment('ORC', { 1: 'RE', 2: placer, 3: filler, 5: status.order, 12: ordering }),
    segment('OBR', {
      1: '1',
      2: placer,
      3: filler,
      4:
        facts.order.procedure === null && content.exam.procedure === ''
          ? components(document.code, document.meaning, 'LN')
          : coded(facts.order.procedure, content.exam.procedure),
      7: one(examTime),
      16: ordering,
      18: accession,
      22: when,
      24: diagnosticService(content.exam.modality).code,
      25: status.result,
      31: facts.order.reason === '' ? '' : components('', one(facts.order.reason)),
      // NDL: the name is component 1, its parts are subcomponents.
      32: interpreter.join('&'),
      // Assistant Result Interpreter, NDL as well: who wrote what another signed.
      33: assistant.join('&'),
    }),
    segment('OBX', {
      1: '1',
      2: 'HD',
      3: '113014^DICOM Study^DCM',
      5: components('', one(content.studyUid), 'ISO'),
      11: status.value,
    }),
    ...said,
    ...posted,
    // 2.A.24 ED; base64 has none of the delimiters.
    ...(facts.pdf == null
      ? []
      : [
          observation({
            2: 'ED',
            3: components(document.code, document.meaning, 'LN'),
            4: '1',
            5: components('', 'Application', 'PDF', 'Base64', facts.pdf),
          }),
        ]),
  ]
    .map((line) => `${line}\r`)
    .join('');
}

/** The text of an ORU, section by section, lines joined by LF: TX and FT, repetitions and `\.br\` alike. */
export function sectionsFromOru(message: Hl7Message): readonly { readonly code: string; readonly text: string }[] {
  const lines = new Map<string, string[]>();
  for (const observation of segmentsNamed(message, 'OBX')) {
    if (!['TX', 'FT', 'ST'].includes(valueAt(message, observation, { field: 2 }))) continue;
    const code = valueAt(message, observation, { field: 3, component: 1 });
    const repetitions = (observation.fields[5] ?? '').split(message.separators.repetition).length;
    const list = lines.get(code) ?? [];
    for (let repetition = 1; repetition <= repetitions; repetition += 1)
      list.push(valueAt(message, observation, { field: 5, repetition }));
    lines.set(code, list);
  }
  return [...lines].map(([code, list]) => ({ code, text: list.join('\n') }));
}
