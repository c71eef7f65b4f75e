import type { Extension, ServiceRequest } from '@medplum/fhirtypes';
import {
  bodyParts,
  closingReasons,
  type FollowUp,
  type FollowUpBasis,
  type FollowUpEnding,
  type FollowUpHandOver,
  type FollowUpReading,
  type FollowUpStamp,
  followUpOrigins,
  type Interval,
  intervalUnits,
  isDay,
  isSoundInterval,
  type MatchingExam,
  readingOf,
  type Span,
  windowOfFollowUp,
} from '../../domain/follow-up/index.ts';
import { type ModalityGroup, modalityGroup } from '../../domain/order/index.ts';
import { toFhirInstant } from '../../lib/instant.ts';
import { all, extensionParts } from './extension-parts.ts';
import { at, codeIn, extensionOf, isFhirId, listAt, numberAt, referenceId, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/**
 * A recommended exam as an R4 ServiceRequest of intent `proposal` (https://hl7.org/fhir/R4/valueset-request-intent.html; IHE IDR puts
 * a report's recommendation into a ServiceRequest that nobody has ordered): it proposes and orders nothing. `draft` until a signed version says it, `active`
 * while it is open, `completed` by an exam, `revoked` when it was closed with a reason or a correction says it no longer,
 * `entered-in-error` when it was confirmed by mistake or its report was withdrawn. `reasonReference` is the report, `occurrencePeriod`
 * the window, `asNeeded` its condition, `note` the words of the report. What R4 has no place for stands in extensions.
 */
const kind = 'urn:overread:follow-up';
const parts = extensionParts(kind);
const { field, word, code, moment, group, stamped, partOf, wordsIn, momentIn, codeOf, groupsOf, stampFrom } = parts;

/** PS3.16 CID 29 for the groups of ours; a radiograph is ordered as DX. */
const dicomOf: Readonly<Record<ModalityGroup, string>> = {
  ...{ CT: 'CT', MR: 'MR', XR: 'DX', US: 'US', MG: 'MG', NM: 'NM', PT: 'PT', RF: 'RF', XA: 'XA', DXA: 'BMD' },
};

const spanGroup = (name: string, { count, unit }: Span): Extension =>
  group(name, [{ url: field('count'), valuePositiveInt: count }, code('unit', unit)]);

function readingParts(reading: FollowUpReading): readonly Extension[] {
  const { interval } = reading;
  return [
    ...reading.modalities.map((one) => code('modality', one)),
    ...(reading.bodyPart === null ? [] : word('body-part', reading.bodyPart)),
    ...word('exam', reading.exam),
    ...(interval === null ? [] : [spanGroup('latest', interval.latest)]),
    ...(interval?.earliest == null ? [] : [spanGroup('earliest', interval.earliest)]),
    ...word('condition', reading.condition),
  ];
}

const examParts = (exam: MatchingExam): readonly Extension[] => [
  ...word('task', exam.taskId),
  ...word('order', exam.orderId ?? ''),
  ...word('accession', exam.accession ?? ''),
  ...word('exam', exam.exam),
  ...word('day', exam.day ?? ''),
];

function endingParts(ending: FollowUpEnding): readonly Extension[] {
  const begun = [...stamped(ending), code('kind', ending.kind)];
  switch (ending.kind) {
    case 'done':
      return [...begun, code('how', ending.how), ...examParts(ending.exam)];
    case 'closed':
      return [...begun, code('reason', ending.reason), ...word('words', ending.words)];
    case 'not-said':
    case 'withdrawn':
      return [...begun, { url: field('version'), valuePositiveInt: ending.version }];
    case 'mistaken':
      return [...begun, ...word('words', ending.words)];
  }
}

function statusOf({ ending, basis }: FollowUp): NonNullable<ServiceRequest['status']> {
  if (ending === null) return basis === null ? 'draft' : 'active';
  switch (ending.kind) {
    case 'done':
      return 'completed';
    case 'closed':
    case 'not-said':
      return 'revoked';
    case 'withdrawn':
    case 'mistaken':
      return 'entered-in-error';
  }
}

export function followUpToFhir(followUp: FollowUp): ServiceRequest & { readonly id: string } {
  const { basis, ending, handOvers } = followUp;
  const [first] = followUp.readings;
  const reading = readingOf(followUp);
  const window = windowOfFollowUp(followUp);
  const holder = handOvers.at(-1)?.to;
  return {
    resourceType: 'ServiceRequest',
    id: followUp.id,
    extension: [
      ...(followUp.siteId === null
        ? []
        : [{ url: ours.site, valueReference: { reference: `Organization/${followUp.siteId}` } }]),
      ...word('section', followUp.section),
      code('origin', followUp.origin),
      ...word('counted-from', followUp.countedFrom),
      ...(basis === null
        ? []
        : [
            group('basis', [
              ...word('report', basis.reportId),
              { url: field('version'), valuePositiveInt: basis.version },
              ...word('digest', basis.digest),
              moment('signed-at', basis.signedAt),
              ...word('signer', basis.signer?.id ?? ''),
              ...word('signer-name', basis.signer?.name ?? ''),
            ]),
          ]),
      ...followUp.readings.map((one) => group('reading', [...stamped(one), ...readingParts(one.reading)])),
      ...handOvers.map((one) =>
        group('hand-over', [
          ...stamped(one),
          ...word('who', one.to.name),
          ...word('as', one.to.role),
          ...word('phone', one.to.phone),
          ...word('words', one.words),
        ]),
      ),
      ...followUp.notThese.flatMap((one) => word('not-this', one)),
      ...(ending === null ? [] : [group('ending', endingParts(ending))]),
      ...followUp.reopened.map((one) =>
        group('reopened', [...stamped(one), ...word('words', one.words), group('ending', endingParts(one.ending))]),
      ),
    ],
    status: statusOf(followUp),
    intent: 'proposal',
    category: [
      { coding: [{ system: systems.snomed, code: '363679005', display: 'Imaging' }] },
      { coding: [{ system: kind, code: 'follow-up-recommendation' }] },
    ],
    code: { text: reading.exam },
    ...(reading.modalities.length === 0
      ? {}
      : {
          orderDetail: reading.modalities.map((one) => ({ coding: [{ system: systems.dicom, code: dicomOf[one] }] })),
        }),
    ...(reading.bodyPart === null ? {} : { bodySite: [{ text: reading.bodyPart }] }),
    subject: followUp.patientReference === null ? {} : { reference: `Patient/${followUp.patientReference}` },
    ...(window === null ? {} : { occurrencePeriod: { start: window.earliest, end: window.latest } }),
    ...(reading.condition === '' ? {} : { asNeededCodeableConcept: { text: reading.condition } }),
    ...(first === undefined
      ? {}
      : {
          authoredOn: toFhirInstant(first.at),
          requester: { reference: `Practitioner/${first.by.id}`, display: first.by.name },
        }),
    ...(holder === undefined
      ? {}
      : { performer: [{ display: [holder.name, holder.role].filter((one) => one !== '').join(', ') }] }),
    ...(basis === null ? {} : { reasonReference: [{ reference: `DiagnosticReport/${basis.reportId}` }] }),
    supportingInfo: [
      { reference: `Task/${followUp.taskId}` },
      ...(followUp.orderId === null ? [] : [{ reference: `ServiceRequest/${followUp.orderId}` }]),
    ],
    note: [{ text: followUp.quote }],
  };
}

function spanFrom(entry: unknown, name: string): Span | null {
  const found = partOf(entry, name);
  const count = numberAt(partOf(found, 'count'), 'valuePositiveInt');
  const unit = codeOf(found, 'unit', intervalUnits);
  return count === null || unit === null ? null : { count, unit };
}

function intervalFrom(entry: unknown): Interval | null | undefined {
  if (partOf(entry, 'latest') === undefined) return null;
  const latest = spanFrom(entry, 'latest');
  const earliest = spanFrom(entry, 'earliest');
  if (latest === null || (earliest === null && partOf(entry, 'earliest') !== undefined)) return undefined;
  return isSoundInterval({ earliest, latest }) ? { earliest, latest } : undefined;
}

function readingFrom(entry: unknown): (FollowUpStamp & { readonly reading: FollowUpReading }) | null {
  const stamp = stampFrom(entry);
  const interval = intervalFrom(entry);
  const exam = wordsIn(entry, 'exam');
  const modalities = groupsOf(entry, 'modality').map((one) => modalityGroup(textAt(one, 'valueCode') ?? ''));
  if (stamp === null || interval === undefined || exam === '' || modalities.includes(null)) return null;
  const part = wordsIn(entry, 'body-part');
  const bodyPart = bodyParts.find((one) => one === part) ?? null;
  if (part !== '' && bodyPart === null) return null;
  const reading: FollowUpReading = {
    modalities: modalities.flatMap((one) => one ?? []),
    bodyPart,
    exam,
    interval,
    condition: wordsIn(entry, 'condition'),
  };
  return { ...stamp, reading };
}

function handOverFrom(entry: unknown): FollowUpHandOver | null {
  const stamp = stampFrom(entry);
  const to = { name: wordsIn(entry, 'who'), role: wordsIn(entry, 'as'), phone: wordsIn(entry, 'phone') };
  return stamp === null ? null : { ...stamp, to, words: wordsIn(entry, 'words') };
}

function endingFrom(entry: unknown): FollowUpEnding | null {
  const stamp = stampFrom(entry);
  if (stamp === null) return null;
  const words = wordsIn(entry, 'words');
  const version = numberAt(partOf(entry, 'version'), 'valuePositiveInt');
  switch (codeOf(entry, 'kind', ['done', 'closed', 'not-said', 'withdrawn', 'mistaken'] as const)) {
    case 'done': {
      const how = codeOf(entry, 'how', ['exact-reference', 'confirmed'] as const);
      const [taskId, orderId, accession] = [
        wordsIn(entry, 'task'),
        wordsIn(entry, 'order'),
        wordsIn(entry, 'accession'),
      ];
      const day = wordsIn(entry, 'day');
      if (how === null || taskId === '' || (day !== '' && !isDay(day))) return null;
      const exam = {
        taskId,
        orderId: orderId === '' ? null : orderId,
        accession: accession === '' ? null : accession,
        exam: wordsIn(entry, 'exam'),
        day: day === '' ? null : day,
      };
      return { kind: 'done', ...stamp, how, exam };
    }
    case 'closed': {
      const reason = codeOf(entry, 'reason', closingReasons);
      return reason === null ? null : { kind: 'closed', ...stamp, reason, words };
    }
    case 'not-said':
      return version === null ? null : { kind: 'not-said', ...stamp, version };
    case 'withdrawn':
      return version === null ? null : { kind: 'withdrawn', ...stamp, version };
    case 'mistaken':
      return { kind: 'mistaken', ...stamp, words };
    case null:
      return null;
  }
}

function reopenedFrom(entry: unknown): FollowUp['reopened'][number] | null {
  const stamp = stampFrom(entry);
  const ending = endingFrom(partOf(entry, 'ending'));
  return stamp === null || ending === null ? null : { ...stamp, ending, words: wordsIn(entry, 'words') };
}

function basisFrom(resource: unknown): FollowUpBasis | null | undefined {
  const entry = partOf(resource, 'basis');
  if (entry === undefined) return null;
  const version = numberAt(partOf(entry, 'version'), 'valuePositiveInt');
  const [reportId, digest, signedAt] = [
    wordsIn(entry, 'report'),
    wordsIn(entry, 'digest'),
    momentIn(entry, 'signed-at'),
  ];
  if (version === null || reportId === '' || digest === '' || signedAt === null) return undefined;
  const [signerId, signerName] = [wordsIn(entry, 'signer'), wordsIn(entry, 'signer-name')];
  const signer = signerId === '' ? {} : { signer: { id: signerId, name: signerName } };
  return { reportId, version, digest, signedAt, ...signer };
}

/** A recommended exam as the record holds it; null for orders, for proposals of others, and for half of one. */
export function followUpFromFhir(resource: unknown): FollowUp | null {
  if (at(resource, 'resourceType') !== 'ServiceRequest' || at(resource, 'intent') !== 'proposal') return null;
  if (!listAt(resource, 'category').some((one) => codeIn(one, kind) === 'follow-up-recommendation')) return null;
  const id = textAt(resource, 'id');
  const referred = (type: string): string | null =>
    listAt(resource, 'supportingInfo')
      .map((one) => referenceId(textAt(one, 'reference'), type))
      .find((one) => one !== null) ?? null;
  const taskId = referred('Task');
  const origin = codeOf(resource, 'origin', followUpOrigins);
  const countedFrom = wordsIn(resource, 'counted-from');
  const quote = textAt(resource, 'note', 0, 'text');
  const readings = all(groupsOf(resource, 'reading'), readingFrom);
  const handOvers = all(groupsOf(resource, 'hand-over'), handOverFrom);
  const reopened = all(groupsOf(resource, 'reopened'), reopenedFrom);
  const basis = basisFrom(resource);
  const entry = partOf(resource, 'ending');
  const ending = entry === undefined ? null : endingFrom(entry);
  if (id === null || !isFhirId(id) || taskId === null || origin === null || quote === null) return null;
  if (!isDay(countedFrom) || basis === undefined || (entry !== undefined && ending === null)) return null;
  if (readings === null || readings.length === 0 || handOvers === null || reopened === null) return null;
  return {
    id,
    taskId,
    orderId: referred('ServiceRequest'),
    siteId: referenceId(textAt(extensionOf(resource, ours.site), 'valueReference', 'reference'), 'Organization'),
    patientReference: referenceId(textAt(resource, 'subject', 'reference'), 'Patient'),
    section: wordsIn(resource, 'section'),
    quote,
    origin,
    countedFrom,
    readings,
    basis,
    handOvers,
    notThese: groupsOf(resource, 'not-this').flatMap((one) => textAt(one, 'valueString') ?? []),
    ending,
    reopened,
  };
}
