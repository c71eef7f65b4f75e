import type { CodeableConcept, Extension } from '@medplum/fhirtypes';
import type { ReaderId } from '../../domain/reader/index.ts';
import {
  emptyDesk,
  holdReasons,
  holdWords,
  mostLooks,
  type PendingSignature,
  passReasons,
  type SecondLook,
  type SentBack,
  type TaskDesk,
  withPending,
} from '../../domain/reading/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import { at, codeIn, extensionOf, listAt, oneOf, referenceId, textAt } from './read.ts';
import { ours } from './systems.ts';

type Hold = NonNullable<TaskDesk['hold']>;

const person = (url: string, id: string, display: string): Extension => ({
  url,
  valueReference: { reference: `Practitioner/${id}`, ...(display === '' ? {} : { display }) },
});

/** R4 Task.statusReason: why it is on hold. */
export function holdToFhir(hold: Hold): CodeableConcept {
  return {
    coding: [{ system: ours.holdReason, code: hold.reason, display: holdWords[hold.reason] }],
    ...(hold.words === '' ? {} : { text: hold.words }),
  };
}

/** What R4's Task has no element for: whom it is set aside for, who passed it, who was asked to look. */
export function deskExtensions(desk: TaskDesk): Extension[] {
  const { assigned } = desk;
  return [
    ...(assigned === null
      ? []
      : [
          {
            url: ours.assigned,
            extension: [
              person('reader', assigned.reader, assigned.readerName),
              ...(assigned.byName === '' ? [] : [{ url: 'by', valueString: assigned.byName }]),
            ],
          },
        ]),
    ...desk.passes.map((pass) => ({
      url: ours.passed,
      extension: [person('reader', pass.reader, ''), { url: 'reason', valueCode: pass.reason }],
    })),
    ...desk.looks.map((look) => ({
      url: ours.secondLook,
      extension: [
        { url: 'id', valueString: look.id },
        person('by', look.by, look.byName),
        person('to', look.to, look.toName),
        { url: 'asked', valueInstant: toFhirInstant(look.askedAt) },
        ...(look.question === '' ? [] : [{ url: 'question', valueString: look.question }]),
        ...(look.answer === null ? [] : [{ url: 'answered', valueInstant: toFhirInstant(look.answer.at) }]),
        ...(look.answer === null || look.answer.words === ''
          ? []
          : [{ url: 'answer', valueString: look.answer.words }]),
      ],
    })),
    ...(desk.pending === undefined ? [] : [pendingToFhir(desk.pending)]),
    ...(desk.sentBack === undefined ? [] : [sentBackToFhir(desk.sentBack)]),
  ];
}

function pendingToFhir(pending: PendingSignature): Extension {
  const { reader, readerName, at: given, digest, press, opened, together } = pending;
  return {
    url: ours.pendingSignature,
    extension: [
      person('reader', reader, readerName),
      { url: 'given', valueInstant: toFhirInstant(given) },
      { url: 'digest', valueString: digest },
      { url: 'press', valueString: press },
      ...(opened === null
        ? []
        : [
            person('openedBy', opened.reader, opened.readerName),
            { url: 'opened', valueInstant: toFhirInstant(opened.at) },
          ]),
      ...(together ?? []).map((id) => ({ url: 'exam', valueReference: { reference: `Task/${id}` } })),
    ],
  };
}

function sentBackToFhir({ by, byName, to, at: sent, words, digest }: SentBack): Extension {
  return {
    url: ours.sentBack,
    extension: [
      person('by', by, byName),
      person('to', to, ''),
      { url: 'sent', valueInstant: toFhirInstant(sent) },
      ...(words === '' ? [] : [{ url: 'words', valueString: words }]),
      { url: 'digest', valueString: digest },
    ],
  };
}

function readerIn(extension: unknown, url: string): { readonly id: ReaderId; readonly name: string } | null {
  const reference = at(extensionOf(extension, url), 'valueReference');
  const id = referenceId(textAt(reference, 'reference'), 'Practitioner');
  return id === null ? null : { id: id as ReaderId, name: textAt(reference, 'display') ?? '' };
}

function lookFrom(extension: unknown): SecondLook | null {
  const id = textAt(extensionOf(extension, 'id'), 'valueString');
  const by = readerIn(extension, 'by');
  const to = readerIn(extension, 'to');
  const asked = fromFhirInstant(textAt(extensionOf(extension, 'asked'), 'valueInstant') ?? '');
  if (id === null || by === null || to === null || !asked.ok) return null;
  const answered = fromFhirInstant(textAt(extensionOf(extension, 'answered'), 'valueInstant') ?? '');
  return {
    id,
    by: by.id,
    byName: by.name,
    to: to.id,
    toName: to.name,
    question: textAt(extensionOf(extension, 'question'), 'valueString') ?? '',
    askedAt: asked.value,
    answer: answered.ok
      ? { words: textAt(extensionOf(extension, 'answer'), 'valueString') ?? '', at: answered.value }
      : null,
  };
}

const isDigest = (text: string | null): text is string => text !== null && /^[0-9a-f]{64}$/.test(text);

/** Half of one names no words that could be proved: it is left out, and what is signed then names nobody beside the signer. */
function pendingFrom(extension: unknown): PendingSignature | null {
  const reader = readerIn(extension, 'reader');
  const given = fromFhirInstant(textAt(extensionOf(extension, 'given'), 'valueInstant') ?? '');
  const digest = textAt(extensionOf(extension, 'digest'), 'valueString');
  if (reader === null || !given.ok || !isDigest(digest)) return null;
  const by = readerIn(extension, 'openedBy');
  const opened = fromFhirInstant(textAt(extensionOf(extension, 'opened'), 'valueInstant') ?? '');
  const together = listAt(extension, 'extension')
    .filter((one) => at(one, 'url') === 'exam')
    .flatMap((one) => referenceId(textAt(one, 'valueReference', 'reference'), 'Task') ?? []);
  return {
    reader: reader.id,
    readerName: reader.name,
    at: given.value,
    digest,
    press: textAt(extensionOf(extension, 'press'), 'valueString') ?? '',
    opened: by === null || !opened.ok ? null : { reader: by.id, readerName: by.name, at: opened.value },
    ...(together.length === 0 ? {} : { together }),
  };
}

function sentBackFrom(extension: unknown): SentBack | null {
  const by = readerIn(extension, 'by');
  const to = readerIn(extension, 'to');
  const sent = fromFhirInstant(textAt(extensionOf(extension, 'sent'), 'valueInstant') ?? '');
  const digest = textAt(extensionOf(extension, 'digest'), 'valueString');
  if (by === null || to === null || !sent.ok || !isDigest(digest)) return null;
  const words = textAt(extensionOf(extension, 'words'), 'valueString') ?? '';
  return { by: by.id, byName: by.name, to: to.id, at: sent.value, words, digest };
}

/** What is ours and half there is left out: none of it decides who may sign. */
export function deskFromFhir(task: unknown): TaskDesk {
  const all = (url: string): readonly unknown[] => listAt(task, 'extension').filter((one) => at(one, 'url') === url);
  const reason = at(task, 'statusReason');
  const held = textAt(task, 'status') === 'on-hold' ? oneOf(holdReasons, codeIn(reason, ours.holdReason)) : null;
  const assigned = readerIn(extensionOf(task, ours.assigned), 'reader');
  const desk: TaskDesk = {
    hold: held === null ? null : { reason: held, words: textAt(reason, 'text') ?? '' },
    assigned:
      assigned === null
        ? null
        : {
            reader: assigned.id,
            readerName: assigned.name,
            byName: textAt(extensionOf(extensionOf(task, ours.assigned), 'by'), 'valueString') ?? '',
          },
    passes: all(ours.passed).flatMap((one) => {
      const reader = readerIn(one, 'reader');
      const why = oneOf(passReasons, textAt(extensionOf(one, 'reason'), 'valueCode'));
      return reader === null || why === null ? [] : [{ reader: reader.id, reason: why }];
    }),
    looks: all(ours.secondLook)
      .slice(0, mostLooks)
      .flatMap((one) => lookFrom(one) ?? []),
  };
  const bare = desk.hold === null && desk.assigned === null && desk.passes.length + desk.looks.length === 0;
  const pending = extensionOf(task, ours.pendingSignature);
  const sentBack = extensionOf(task, ours.sentBack);
  return withPending(
    bare ? emptyDesk : desk,
    pending === undefined ? null : pendingFrom(pending),
    sentBack === undefined ? null : sentBackFrom(sentBack),
  );
}
