import type { Order } from '../../../domain/order/index.ts';
import {
  compareIdentity,
  displayDate,
  displayName,
  type IdentityDifference,
  type Study,
} from '../../../domain/study/index.ts';
import { unescapeText } from '../escape.ts';
import { type Hl7Message, type Segment, segmentsNamed } from '../message.ts';
import { type AccessionField, numbersOf, type OrderGroup, orderGroups, orderOf } from './order.ts';
import { patientOf } from './patient.ts';

/** One fact of an order beside each other: as it came, as it was understood, as the images have it. */
export type UnderstoodFact = {
  readonly name: string;
  readonly place: string;
  readonly received: string;
  readonly understood: string;
  readonly images: string | null;
  readonly mismatch: string | null;
};

const sides = { L: 'left', R: 'right', B: 'both sides' } as const;
const sexes = { M: 'male', F: 'female', O: 'other' } as const;

type Facts = {
  readonly name: string;
  readonly id: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly accession: string;
  readonly exam: string;
  readonly modality: string;
  readonly bodyPart: string;
  readonly side: string;
  readonly reason: string;
  readonly priority: string;
  readonly orderedBy: string;
};

const labels: Readonly<Record<keyof Facts, string>> = {
  name: 'Patient name',
  id: 'Patient ID',
  birthDate: 'Birth date',
  sex: 'Sex',
  accession: 'Accession',
  exam: 'Exam',
  modality: 'Modality',
  bodyPart: 'Body part',
  side: 'Side',
  reason: 'Reason',
  priority: 'Priority',
  orderedBy: 'Ordered by',
};
const keys = Object.keys(labels) as (keyof Facts)[];

/** What the list shows of the order now. */
export function factsOfOrder(order: Order): Facts {
  return {
    name: order.patient.name === '' ? '' : displayName(order.patient.name),
    id: order.patient.id ?? '',
    birthDate: order.patient.birthDate === null ? '' : displayDate(order.patient.birthDate),
    sex: order.patient.sex === null ? '' : sexes[order.patient.sex],
    accession: order.accession ?? '',
    exam: order.procedure.display,
    modality: order.modality ?? '',
    bodyPart: order.bodyPart ?? '',
    side: order.laterality === null ? '' : sides[order.laterality],
    reason: order.reason,
    priority: order.priority === 'unknown' ? '' : order.priority,
    orderedBy: order.orderedBy?.name ?? '',
  };
}

function factsOfImages(study: Study): { readonly [Key in keyof Facts]?: string | null } {
  const { patient } = study;
  return {
    name: patient.name === '' ? null : displayName(patient.name),
    id: patient.id,
    birthDate: patient.birthDate === null ? null : displayDate(patient.birthDate),
    sex: patient.sex === null ? null : sexes[patient.sex],
    accession: study.accession,
    exam: study.description === '' ? null : study.description,
    modality: study.modalities.length === 0 ? null : study.modalities.join(', '),
    bodyPart: study.bodyPart,
    side: study.laterality === null ? null : sides[study.laterality],
  };
}

const differenceKeys: Readonly<Record<IdentityDifference['field'], keyof Facts | null>> = {
  name: 'name',
  birthDate: 'birthDate',
  sex: 'sex',
  id: 'id',
  study: null,
};

/** Where order and images say different things; an identity difference says so in the words of the identity check. */
function imageMismatches(order: Order, study: Study): ReadonlyMap<keyof Facts, string> {
  const found = new Map<keyof Facts, string>();
  for (const difference of compareIdentity(order.patient, study.patient).differences) {
    const key = differenceKeys[difference.field];
    if (key !== null && difference.grade !== 'same') found.set(key, difference.words);
  }
  if (order.accession !== null && study.accession !== null && order.accession !== study.accession)
    found.set('accession', `the images carry accession ${study.accession}`);
  if (order.modality !== null && study.modalities.length > 0 && !study.modalities.includes(order.modality))
    found.set('modality', `the order says ${order.modality}, the images are ${study.modalities.join(', ')}`);
  if (order.laterality !== null && study.laterality !== null && order.laterality !== study.laterality)
    found.set('side', `the order says ${sides[order.laterality]}, the images say ${sides[study.laterality]}`);
  const [asked, made] = [plain(order.bodyPart ?? ''), plain(study.bodyPart ?? '')];
  if (asked !== '' && made !== '' && !asked.includes(made) && !made.includes(asked))
    found.set('bodyPart', `the order says ${order.bodyPart}, the images say ${study.bodyPart}`);
  return found;
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Sets what came beside what is shown, and marks all that does not fit. */
export function besideEachOther(
  received: {
    readonly [Key in keyof Facts]?: { readonly place: string; readonly text: string; readonly read: string | null };
  },
  order: Order,
  study: Study | null,
): readonly UnderstoodFact[] {
  const now = factsOfOrder(order);
  const images = study === null ? {} : factsOfImages(study);
  const against = study === null ? new Map<keyof Facts, string>() : imageMismatches(order, study);
  return keys.map((key) => {
    const came = received[key];
    const understood = now[key];
    const unread = came !== undefined && came.text !== '' && came.read === '';
    const later =
      came?.read !== undefined && came.read !== null && came.read !== '' && plain(came.read) !== plain(understood);
    const words = [
      ...(unread ? [`"${came.text.slice(0, 80)}" was not understood`] : []),
      ...(later
        ? [`this message says ${came.read}; the list shows ${understood === '' ? 'nothing' : understood}`]
        : []),
      ...(against.has(key) ? [against.get(key) ?? ''] : []),
    ];
    return {
      name: labels[key],
      place: came?.place ?? '',
      received: came?.text ?? '',
      understood,
      images: images[key] ?? null,
      mismatch: words.length === 0 ? null : `${words.join('; ')}.`,
    };
  });
}

/** The raw words of the first of these fields that is not empty, delimiters shown as they came. */
function rawAt(
  message: Hl7Message,
  places: readonly (readonly [Segment | undefined, number])[],
): { readonly place: string; readonly text: string } {
  const filled = places.find(([segment, field]) => (segment?.fields[field] ?? '') !== '');
  const [segment, field] = filled ?? places[0] ?? [undefined, 0];
  const place = segment === undefined ? '' : `${segment.name}-${field}`;
  return { place, text: unescapeText(segment?.fields[field] ?? '', message.separators) };
}

/** An order's message beside the order as it is now and its images. Other messages about a case have the patient alone. */
export function understoodOf(
  message: Hl7Message,
  order: Order,
  study: Study | null,
  from: { readonly zone: string; readonly accession: AccessionField },
): readonly UnderstoodFact[] {
  const person = segmentsNamed(message, 'PID')[0];
  const patient = patientOf(message, person);
  const group: OrderGroup | undefined =
    orderGroups(message).find((one) => {
      const { placer, filler } = numbersOf(message, one);
      return placer?.value === order.placerNumber || filler?.value === order.accession;
    }) ?? orderGroups(message)[0];
  const given = group === undefined ? null : orderOf(message, group, from);
  const { orc, obr, rest = [] } = group ?? {};
  const named = (name: string) => rest.find((segment) => segment.name === name);
  const number = patient.numbers[0]?.value ?? '';
  const own = {
    name: { ...rawAt(message, [[person, 5]]), read: patient.name ? displayName(patient.name) : '' },
    id: {
      ...rawAt(message, [
        [person, 3],
        [person, 2],
      ]),
      read: number,
    },
    birthDate: { ...rawAt(message, [[person, 7]]), read: patient.birthDate ? displayDate(patient.birthDate) : '' },
    // U and N say that nobody knows: that is understood.
    sex: {
      ...rawAt(message, [[person, 8]]),
      read: patient.sex ? sexes[patient.sex] : /^[UN]/i.test(person?.fields[8] ?? '') ? null : '',
    },
  };
  if (given === null || obr === undefined || !/^(ORM|OMI|OMG)/.test(message.segments[0]?.fields[9] ?? ''))
    return besideEachOther(person === undefined ? {} : own, order, study).filter((row) => row.received !== '');
  return besideEachOther(
    {
      ...own,
      accession: {
        ...rawAt(message, [
          [named('IPC'), 1],
          [obr, 3],
          [orc, 3],
          [obr, 18],
        ]),
        read: given.accession ?? '',
      },
      exam: {
        ...rawAt(message, [
          [obr, 4],
          [obr, 44],
        ]),
        read: given.procedure?.display ?? '',
      },
      // Table 0074 has sections that name no modality (RAD): nothing to misunderstand.
      modality: {
        ...rawAt(message, [
          [named('IPC'), 5],
          [obr, 24],
        ]),
        read: given.modality ?? null,
      },
      bodyPart: { ...rawAt(message, [[obr, 15]]), read: given.bodyPart ?? null },
      side: {
        ...rawAt(message, [
          [obr, 45],
          [obr, 15],
          [obr, 4],
        ]),
        read: given.laterality ? sides[given.laterality] : null,
      },
      reason: {
        ...rawAt(message, [
          [obr, 31],
          [obr, 13],
          [orc, 16],
        ]),
        read: given.reason ?? '',
      },
      priority: {
        ...rawAt(message, [
          [named('TQ1'), 9],
          [orc, 7],
          [obr, 27],
          [obr, 5],
        ]),
        read: given.priority ?? '',
      },
      orderedBy: {
        ...rawAt(message, [
          [orc, 12],
          [obr, 16],
        ]),
        read: given.orderedBy?.name ?? '',
      },
    },
    order,
    study,
  );
}
