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
      ...(how.kind === 'pass'
        ? [{ url: 'reason', valueCode: how.reason }]
        : [person('to', how.reader, how.readerName)]),
      ...text('words', how.words),
      ...pending.shares.map((share) => ({
        url: 'share',
        extension: [
          { url: 'task', valueReference: { reference: `Task/${share.taskId}` } },
          ...(share.fencingToken === null ? [] : [{ url: 'token', valueInteger: share.fencingToken }]),
        ],
      })),
    ],
  };
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
    }));
  if (shares.length === 0 || shares.some((one) => one.taskId === null)) return null;
  return {
    by: by.id,
    byName: by.name,
    host,
    since: since.value,
    how,
    shares: shares.flatMap(({ taskId, fencingToken }) => (taskId === null ? [] : [{ taskId, fencingToken }])),
  };
}

function howFrom(note: unknown): MoveTogether | null {
  const words = textAt(extensionOf(note, 'words'), 'valueString') ?? '';
  if (textAt(extensionOf(note, 'kind'), 'valueCode') === 'pass') {
    const reason = oneOf(passReasons, textAt(extensionOf(note, 'reason'), 'valueCode'));
    return reason === null ? null : { kind: 'pass', reason, words };
  }
  const to = personIn(note, 'to');
  return to === null ? null : { kind: 'reassign', reader: to.id, readerName: to.name, words };
}
