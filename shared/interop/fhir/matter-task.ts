import type { Task, TaskInput } from '@medplum/fhirtypes';
import type { Person } from '../../domain/question/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import { at, codeIn, isFhirId, listAt, referenceId, textAt } from './read.ts';

/**
 * The frame of a matter about a case, as an R4 Task beside the reading task: `partOf` the reading task, `focus` the order, its fields as
 * inputs and outputs. A Task, because it must be settled once by one of several: `If-Match` decides.
 */
const matter = 'urn:overread:matter';
const field = 'urn:overread:matter-field';

export const type = (code: string) => ({ coding: [{ system: field, code }] });
export const text = (code: string, value: string | null) =>
  value === null || value === '' ? [] : [{ type: type(code), valueString: value }];
export const moment = (code: string, value: Parameters<typeof toFhirInstant>[0]) => ({
  type: type(code),
  valueInstant: toFhirInstant(value),
});
export const person = (code: string, who: Person) => ({
  type: type(code),
  valueReference: { reference: `Practitioner/${who.id}`, display: who.name },
});

export type MatterSubject = {
  readonly id: string;
  readonly taskId: string;
  readonly orderId: string | null;
  readonly siteId: string | null;
  readonly patientReference: string | null;
};

export function matterTask(
  subject: MatterSubject,
  code: string,
  status: NonNullable<Task['status']>,
  input: readonly TaskInput[],
): Task {
  return {
    resourceType: 'Task',
    id: subject.id,
    status,
    intent: 'order',
    code: { coding: [{ system: matter, code }] },
    partOf: [{ reference: `Task/${subject.taskId}` }],
    ...(subject.orderId === null ? {} : { focus: { reference: `ServiceRequest/${subject.orderId}` } }),
    ...(subject.patientReference === null ? {} : { for: { reference: `Patient/${subject.patientReference}` } }),
    input: [
      ...(subject.siteId === null
        ? []
        : [{ type: type('site'), valueReference: { reference: `Organization/${subject.siteId}` } }]),
      ...input,
    ],
  };
}

/** What kind of matter a Task is; null for a reading task and for what others made. */
export function matterOf(task: unknown): string | null {
  return codeIn(at(task, 'code'), matter);
}

/** Null where the Task names no reading task that it is part of. */
export function matterSubject(task: unknown): MatterSubject | null {
  const id = textAt(task, 'id');
  const taskId = referenceId(textAt(task, 'partOf', 0, 'reference'), 'Task');
  if (at(task, 'resourceType') !== 'Task' || id === null || !isFhirId(id) || taskId === null) return null;
  return {
    id,
    taskId,
    siteId: referenceId(textAt(found(task, 'input', 'site'), 'valueReference', 'reference'), 'Organization'),
    orderId: referenceId(textAt(task, 'focus', 'reference'), 'ServiceRequest'),
    patientReference: referenceId(textAt(task, 'for', 'reference'), 'Patient'),
  };
}

type Member = 'input' | 'output';

export function allFound(task: unknown, member: Member, code: string): readonly unknown[] {
  return listAt(task, member).filter((one) => codeIn(at(one, 'type'), field) === code);
}

export function found(task: unknown, member: Member, code: string): unknown {
  return allFound(task, member, code)[0];
}

export function personIn(entry: unknown): Person | null {
  const reference = at(entry, 'valueReference');
  const id = referenceId(textAt(reference, 'reference'), 'Practitioner');
  return id === null ? null : { id, name: textAt(reference, 'display') ?? '' };
}

export function personAt(task: unknown, member: Member, code: string): Person | null {
  return personIn(found(task, member, code));
}

export function momentAt(task: unknown, member: Member, code: string) {
  const read = fromFhirInstant(textAt(found(task, member, code), 'valueInstant') ?? '');
  return read.ok ? read.value : null;
}

export function wordsAt(task: unknown, member: Member, code: string): string | null {
  return textAt(found(task, member, code), 'valueString');
}
