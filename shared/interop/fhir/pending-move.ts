import type { Extension } from '@medplum/fhirtypes';
import type { ReaderId } from '../../domain/reader/index.ts';
import { type MoveTogether, type PendingMove, passReasons, type TaskId } from '../../domain/reading/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import { at, extensionOf, listAt, numberAt, oneOf, referenceId, textAt } from './read.ts';
import { ours } from './systems.ts';

const person = (url: string, id: string, display: string): Extension => ({
  url,
  valueReference: { reference: `Practitioner/${id}`, ...(display === '' ? {} : { display }) },
});
const kinds = ['pass', 'reassign', 'giveToSign', 'takeBack', 'sendBack'] as const;
const text = (url: string, value: string): Extension[] => (value === '' ? [] : [{ url, valueString: value }]);

/** The note of a move of several exams on the Task of the one that was pressed. */
export function pendingMoveToFhir(pending: PendingMove): Extension {
  const { how } = pending;
  return {
    url: ours.pendingMove,
    extension: [
      person('by', pending.by, pending.byName),
      { url: 'host', valueString: pending.host },
      { url: 'since', valueInstant: toFhirInstant(pending.since) },
      { url: 'kind', valueCode: how.kind },
      ...partsOf(how),
      ...text('words', how.words),
      ...pending.shares.map((share) => ({
        url: 'share',
        extension: [
          { url: 'task', valueReference: { reference: `Task/${share.taskId}` } },
          ...(share.fencingToken === null ? [] : [{ url: 'token', valueInteger: share.fencingToken }]),
          ...text('digest', share.digest ?? ''),
        ],
      })),
    ],
  };
}

function partsOf(how: MoveTogether): Extension[] {
  switch (how.kind) {
    case 'pass':
      return [{ url: 'reason', valueCode: how.reason }];
    case 'reassign':
      return [person('to', how.reader, how.readerName)];
    case 'giveToSign':
    case 'takeBack':
      return text('press', how.press);
    case 'sendBack':
      return [...text('press', how.press), { url: 'over', valueBoolean: how.over }];
  }
}

function personIn(extension: unknown, url: string): { readonly id: ReaderId; readonly name: string } | null {
  const reference = at(extensionOf(extension, url), 'valueReference');
  const id = referenceId(textAt(reference, 'reference'), 'Practitioner');
  return id === null ? null : { id: id as ReaderId, name: textAt(reference, 'display') ?? '' };
}

/** Null where there is none; half a note is none either, since nothing may be moved on a guess. */
export function pendingMoveFromFhir(task: unknown): PendingMove | null {
  const note = extensionOf(task, ours.pendingMove);
  const by = personIn(note, 'by');
  const host = textAt(extensionOf(note, 'host'), 'valueString');
  const since = fromFhirInstant(textAt(extensionOf(note, 'since'), 'valueInstant') ?? '');
  const how = howFrom(note);
  if (by === null || host === null || !since.ok || how === null) return null;
  const shares = listAt(note, 'extension')
    .filter((one) => at(one, 'url') === 'share')
    .map((one) => ({
      taskId: referenceId(textAt(extensionOf(one, 'task'), 'valueReference', 'reference'), 'Task') as TaskId | null,
      fencingToken: numberAt(extensionOf(one, 'token'), 'valueInteger'),
      digest: textAt(extensionOf(one, 'digest'), 'valueString'),
    }));
  if (shares.length === 0 || shares.some((one) => one.taskId === null)) return null;
  return {
    by: by.id,
    byName: by.name,
    host,
    since: since.value,
    how,
    shares: shares.flatMap(({ taskId, fencingToken, digest }) =>
      taskId === null ? [] : [{ taskId, fencingToken, ...(digest === null ? {} : { digest }) }],
    ),
  };
}

function howFrom(note: unknown): MoveTogether | null {
  const words = textAt(extensionOf(note, 'words'), 'valueString') ?? '';
  const kind = oneOf(kinds, textAt(extensionOf(note, 'kind'), 'valueCode'));
  const press = textAt(extensionOf(note, 'press'), 'valueString');
  const to = personIn(note, 'to');
  switch (kind) {
    case null:
      return null;
    case 'pass': {
      const reason = oneOf(passReasons, textAt(extensionOf(note, 'reason'), 'valueCode'));
      return reason === null ? null : { kind, reason, words };
    }
    case 'reassign':
      return to === null ? null : { kind, reader: to.id, readerName: to.name, words };
    case 'giveToSign':
    case 'takeBack':
      return press === null ? null : { kind, press, words: '' };
    case 'sendBack':
      return press === null
        ? null
        : { kind, press, words, over: at(extensionOf(note, 'over'), 'valueBoolean') === true };
  }
}
