import type { Task, TaskOutput } from '@medplum/fhirtypes';
import {
  type Answer,
  type Attachment,
  attachmentTypes,
  type CallRequest,
  type Person,
  type Question,
  questionKinds,
} from '../../domain/question/index.ts';
import { toFhirInstant } from '../../lib/instant.ts';
import {
  found,
  matterTask as frame,
  type MatterSubject,
  matterOf,
  matterSubject,
  moment,
  momentAt,
  person,
  personAt,
  text,
  type,
  wordsAt,
} from './matter-task.ts';
import { correctionMarks } from './order-sent-again.ts';
import { at, listAt, oneOf, textAt } from './read.ts';
import { ours, systems } from './systems.ts';

/**
 * Questions to a site and its requests for a call: `owner` is who has to act (the site's Organization, or nobody yet).
 */
type Subject = MatterSubject & { readonly siteId: string };

/** A matter without a site is none between a site and its readers. */
function subjectOf(task: unknown): Subject | null {
  const subject = matterSubject(task);
  return subject === null || subject.siteId === null ? null : { ...subject, siteId: subject.siteId };
}

const questionCode = 'site-question';
const callCode = 'call-request';

export function questionToFhir(question: Question): Task & { readonly id: string } {
  const { state } = question;
  const status = state.kind === 'asked' ? 'requested' : state.kind === 'answered' ? 'completed' : 'cancelled';
  const task = frame(question, questionCode, status, [
    { type: type('kind'), valueCode: question.kind },
    ...text('words', question.words),
    person('asker', question.asker),
    moment('asked-at', question.askedAt),
  ]);
  const output: readonly TaskOutput[] =
    state.kind === 'answered'
      ? answerEntries(state.answer)
      : state.kind === 'withdrawn'
        ? [person('by', state.by), moment('at', state.at), ...text('reason', state.reason)]
        : [];
  return {
    ...task,
    id: question.id,
    authoredOn: toFhirInstant(question.askedAt),
    requester: { reference: `Practitioner/${question.asker.id}`, display: question.asker.name },
    owner: { reference: `Organization/${question.siteId}` },
    ...(output.length === 0 ? {} : { output: [...output] }),
  };
}

function answerEntries(answer: Answer): readonly TaskOutput[] {
  const { attachment, correction } = answer;
  return [
    person('by', answer.by),
    moment('at', answer.at),
    ...text('choice', answer.choice),
    ...text('words', answer.words),
    ...(attachment === null
      ? []
      : [
          {
            type: type('attachment'),
            valueAttachment: { contentType: attachment.mediaType, title: attachment.name, data: attachment.data },
          },
        ]),
    ...(correction === null
      ? []
      : [
          { type: type('corrected'), valueBoolean: true },
          ...text('corrected-side', correction.laterality),
          ...text('corrected-reason', correction.reason),
        ]),
  ];
}

function attachmentAt(task: unknown): Attachment | null {
  const given = at(found(task, 'output', 'attachment'), 'valueAttachment');
  const mediaType = oneOf(attachmentTypes, at(given, 'contentType'));
  const data = textAt(given, 'data');
  return mediaType === null || data === null ? null : { name: textAt(given, 'title') ?? 'note', mediaType, data };
}

/** A question as the record holds it; null where it is none, or half of one. */
export function questionFromFhir(task: unknown): Question | null {
  const subject = subjectOf(task);
  const kind = oneOf(questionKinds, at(found(task, 'input', 'kind'), 'valueCode'));
  const asker = personAt(task, 'input', 'asker');
  const askedAt = momentAt(task, 'input', 'asked-at');
  if (matterOf(task) !== questionCode || subject === null || kind === null || asker === null || askedAt === null)
    return null;
  const base = { ...subject, kind, asker, askedAt, words: wordsAt(task, 'input', 'words') ?? '' };
  const status = textAt(task, 'status');
  if (status === 'requested') return { ...base, state: { kind: 'asked' } };
  const by = personAt(task, 'output', 'by');
  const when = momentAt(task, 'output', 'at');
  if (by === null || when === null) return null;
  if (status === 'cancelled')
    return { ...base, state: { kind: 'withdrawn', by, at: when, reason: wordsAt(task, 'output', 'reason') ?? '' } };
  if (status !== 'completed') return null;
  const corrected = at(found(task, 'output', 'corrected'), 'valueBoolean') === true;
  return {
    ...base,
    state: {
      kind: 'answered',
      answer: {
        by,
        at: when,
        choice: wordsAt(task, 'output', 'choice'),
        words: wordsAt(task, 'output', 'words') ?? '',
        attachment: attachmentAt(task),
        correction: corrected
          ? {
              laterality: oneOf(['L', 'R', 'B'] as const, wordsAt(task, 'output', 'corrected-side')),
              reason: wordsAt(task, 'output', 'corrected-reason'),
            }
          : null,
      },
    },
  };
}

export function callRequestToFhir(call: CallRequest): Task & { readonly id: string } {
  const { done } = call;
  const task = frame(call, callCode, done === null ? 'requested' : 'completed', [
    person('from', call.from),
    moment('at', call.at),
    ...text('phone', call.phone),
    ...text('words', call.words),
  ]);
  return {
    ...task,
    id: call.id,
    authoredOn: toFhirInstant(call.at),
    requester: { reference: `Practitioner/${call.from.id}`, display: call.from.name },
    ...(done === null ? {} : { output: [person('by', done.by), moment('at', done.at), ...text('words', done.words)] }),
  };
}

export function callRequestFromFhir(task: unknown): CallRequest | null {
  const subject = subjectOf(task);
  const from = personAt(task, 'input', 'from');
  const when = momentAt(task, 'input', 'at');
  if (matterOf(task) !== callCode || subject === null || from === null || when === null) return null;
  const by = personAt(task, 'output', 'by');
  const doneAt = momentAt(task, 'output', 'at');
  const status = textAt(task, 'status');
  if (status !== 'requested' && (status !== 'completed' || by === null || doneAt === null)) return null;
  return {
    ...subject,
    from,
    at: when,
    phone: wordsAt(task, 'input', 'phone') ?? '',
    words: wordsAt(task, 'input', 'words') ?? '',
    done:
      status === 'requested' || by === null || doneAt === null
        ? null
        : { by, at: doneAt, words: wordsAt(task, 'output', 'words') ?? '' },
  };
}

/** The order with the site's correction in it, and a note that says who changed what and why (R4 ServiceRequest.note). */
export function correctedServiceRequest<Request extends object>(
  request: Request,
  correction: { readonly laterality: 'L' | 'R' | 'B' | null; readonly reason: string | null },
  by: Person,
  when: Parameters<typeof toFhirInstant>[0],
  why: string,
): Request {
  const { laterality, reason } = correction;
  const extensions = listAt(request, 'extension').filter(
    (one) => laterality === null || at(one, 'url') !== ours.laterality,
  );
  // The site's own coded side would say the old one beside the new.
  const bodySites = listAt(request, 'bodySite').flatMap((one) => {
    if (laterality === null) return [one];
    const coding = listAt(one, 'coding').filter(
      (code) => at(code, 'system') !== systems.snomed || !sideCodes.has(textAt(code, 'code') ?? ''),
    );
    const { coding: _sides, ...rest } = one as { readonly coding?: unknown };
    return coding.length > 0 ? [{ ...rest, coding }] : Object.keys(rest).length > 0 ? [rest] : [];
  });
  const coded = listAt(request, 'reasonCode').filter((one) => listAt(one, 'coding').length > 0);
  return {
    ...without(request, 'bodySite'),
    extension: [
      ...extensions,
      ...(laterality === null ? [] : [{ url: ours.laterality, valueCode: laterality }]),
      ...correctionMarks(request, correction),
    ],
    ...(bodySites.length === 0 ? {} : { bodySite: bodySites }),
    ...(reason === null ? {} : { reasonCode: [{ text: reason }, ...coded] }),
    note: [
      ...listAt(request, 'note'),
      {
        authorReference: { reference: `Practitioner/${by.id}`, display: by.name },
        time: toFhirInstant(when),
        text: why,
      },
    ],
  };
}

function without<Whole extends object>(whole: Whole, name: string): Whole {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)) as Whole;
}

/** SNOMED CT: left, right, right and left. */
const sideCodes: ReadonlySet<string> = new Set(['7771000', '24028007', '51440002']);
