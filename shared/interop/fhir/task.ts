import type { Task, TaskOutput } from '@medplum/fhirtypes';
import type { OrderId } from '../../domain/order/index.ts';
import type { ReaderId } from '../../domain/reader/index.ts';
import type { Claim, ReadingTask, ReleasedReport, TaskId, TaskState } from '../../domain/reading/index.ts';
import { releaseKinds } from '../../domain/report/index.ts';
import type { StudyUid } from '../../domain/study/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { pendingMoveFromFhir, pendingMoveToFhir } from './pending-move.ts';
import { at, codeIn, extensionOf, isFhirId, listAt, numberAt, oneOf, referenceId, textAt } from './read.ts';
import { ours, systems } from './systems.ts';
import { deskExtensions, deskFromFhir, holdToFhir } from './task-desk.ts';

/** What a Task shows to other programs beside the task itself; kept through our own writes. */
export type TaskNames = {
  /** Logical id of the Patient (Task.for). */
  readonly patientReference: string | null;
  readonly accession: string | null;
};

export type TaskFailure = { readonly code: 'not-a-task' | 'not-a-reading-task' | 'bad-task'; readonly words: string };

/** R4 task-status for each of our states. */
const statusOf: { readonly [State in TaskState]: NonNullable<Task['status']> } = {
  queued: 'requested',
  claimed: 'accepted',
  reading: 'in-progress',
  held: 'on-hold',
  completed: 'completed',
  cancelled: 'cancelled',
};
const stateOf = new Map(Object.entries(statusOf).map(([state, status]) => [status, state as TaskState]));

/** CID 9233. */
const requestedReports = {
  preliminary: { code: '121362', display: 'Preliminary Report' },
  final: { code: '128005', display: 'Final Report' },
} as const;
const kinds: readonly ReleasedReport['kind'][] = releaseKinds;

const type = (system: string, code: string) => ({ coding: [{ system, code }] });

/** A Task that any R4 server takes: fulfil, DICOM 110005 Interpretation (CID 9231). Lease and tokens are our own extensions. */
export function taskToFhir(task: ReadingTask, names: TaskNames = { patientReference: null, accession: null }): Task {
  const order = task.orderId === null ? null : { reference: `ServiceRequest/${task.orderId}` };
  const requested = requestedReports[task.requestedReport];
  const study = task.studyUid === null ? null : { system: systems.dicomUid, value: `urn:oid:${task.studyUid}` };
  const accession =
    names.accession === null ? null : { type: type(systems.identifierType, 'ACSN'), value: names.accession };
  const identifiers = [...(study === null ? [] : [study]), ...(accession === null ? [] : [accession])];
  return {
    resourceType: 'Task',
    id: task.id,
    extension: [
      { url: ours.lastFencingToken, valueInteger: task.lastFencingToken },
      ...(task.claim === null
        ? []
        : [
            { url: ours.fencingToken, valueInteger: task.claim.fencingToken },
            { url: ours.leaseUntil, valueInstant: toFhirInstant(task.claim.leaseUntil) },
          ]),
      ...deskExtensions(task.desk),
      ...(task.moving === undefined ? [] : [pendingMoveToFhir(task.moving)]),
    ],
    ...(identifiers.length === 0 ? {} : { identifier: identifiers }),
    ...(order === null ? {} : { basedOn: [order], focus: order }),
    status: statusOf[task.state],
    ...(task.desk.hold === null ? {} : { statusReason: holdToFhir(task.desk.hold) }),
    businessStatus: type(ours.businessStatus, task.state),
    intent: 'order',
    code: {
      coding: [
        { system: systems.taskCode, code: 'fulfill' },
        { system: systems.dicom, code: '110005', display: 'Interpretation' },
      ],
    },
    ...(names.patientReference === null ? {} : { for: { reference: `Patient/${names.patientReference}` } }),
    authoredOn: toFhirInstant(task.authoredOn),
    ...(task.claim === null
      ? {}
      : {
          owner: {
            reference: `Practitioner/${task.claim.reader}`,
            ...(task.claim.readerName === '' ? {} : { display: task.claim.readerName }),
          },
        }),
    input: [
      {
        type: type(ours.taskInput, 'requested-report'),
        valueCodeableConcept: { coding: [{ system: systems.dicom, ...requested }] },
      },
      ...(study === null ? [] : [{ type: type(ours.taskInput, 'study'), valueIdentifier: study }]),
      ...(task.archive === null ? [] : [{ type: type(ours.taskInput, 'archive'), valueString: task.archive }]),
    ],
    ...(task.released === null ? {} : { output: outputs(task.released) }),
  };
}

function outputs(released: ReleasedReport): TaskOutput[] {
  return [
    {
      type: type(ours.taskOutput, 'report'),
      valueReference: { reference: `DiagnosticReport/${released.reportId}` },
    },
    { type: type(ours.taskOutput, 'version'), valuePositiveInt: released.version },
    { type: type(ours.taskOutput, 'digest'), valueString: released.digest },
    { type: type(ours.taskOutput, 'kind'), valueCode: released.kind },
  ];
}

/** One of our own inputs or outputs, by its code. */
function entry(task: unknown, member: 'input' | 'output', code: string): unknown {
  const system = member === 'input' ? ours.taskInput : ours.taskOutput;
  return listAt(task, member).find((one) => codeIn(at(one, 'type'), system) === code);
}

function claimOf(task: unknown): Claim | null | 'bad' {
  const lease = extensionOf(task, ours.leaseUntil);
  if (lease === undefined) return null;
  const reader = referenceId(textAt(task, 'owner', 'reference'), 'Practitioner');
  const token = numberAt(extensionOf(task, ours.fencingToken), 'valueInteger');
  const until = fromFhirInstant(textAt(lease, 'valueInstant') ?? '');
  // Half a claim is no claim that a signature may rest on, and none that may be passed over either.
  if (reader === null || token === null || !until.ok) return 'bad';
  return {
    reader: reader as ReaderId,
    readerName: textAt(task, 'owner', 'display') ?? '',
    fencingToken: token,
    leaseUntil: until.value,
  };
}

function releasedOf(task: unknown): ReleasedReport | null | 'bad' {
  const report = entry(task, 'output', 'report');
  if (report === undefined) return null;
  const reportId = referenceId(textAt(report, 'valueReference', 'reference'), 'DiagnosticReport');
  const versionEntry = entry(task, 'output', 'version');
  const version = numberAt(versionEntry, 'valuePositiveInt') ?? numberAt(versionEntry, 'valueInteger');
  const digest = textAt(entry(task, 'output', 'digest'), 'valueString');
  const kind = oneOf(kinds, at(entry(task, 'output', 'kind'), 'valueCode'));
  if (reportId === null || version === null || digest === null || kind === null) return 'bad';
  return { reportId, version, digest, kind };
}

/** A reading task as the record holds it. What is ours and half there is refused rather than guessed. */
export function taskFromFhir(
  task: unknown,
): Result<{ readonly task: ReadingTask; readonly names: TaskNames }, TaskFailure> {
  const id = textAt(task, 'id');
  if (at(task, 'resourceType') !== 'Task' || id === null || !isFhirId(id))
    return err({ code: 'not-a-task', words: 'The record gave something else than a Task with an id.' });
  if (codeIn(at(task, 'code'), systems.dicom) !== '110005')
    return err({ code: 'not-a-reading-task', words: `Task ${id} is not an interpretation (DICOM 110005).` });
  const state = stateOf.get((textAt(task, 'status') ?? '') as NonNullable<Task['status']>);
  const authored = fromFhirInstant(textAt(task, 'authoredOn') ?? '');
  const claim = claimOf(task);
  const released = releasedOf(task);
  const bad = (what: string) => err({ code: 'bad-task' as const, words: `Reading task ${id}: ${what}.` });
  if (state === undefined) return bad(`its status ${textAt(task, 'status') ?? '(none)'} is none that we know`);
  if (!authored.ok) return bad('authoredOn is not an instant');
  if (claim === 'bad') return bad('its claim lacks owner, token or lease');
  if (released === 'bad') return bad('its released report lacks id, version, digest or kind');
  const moving = pendingMoveFromFhir(task);
  const requested = codeIn(at(entry(task, 'input', 'requested-report'), 'valueCodeableConcept'), systems.dicom);
  const study = textAt(entry(task, 'input', 'study'), 'valueIdentifier', 'value');
  const order = referenceId(
    textAt(task, 'focus', 'reference') ?? textAt(task, 'basedOn', 0, 'reference'),
    'ServiceRequest',
  );
  const accession = listAt(task, 'identifier').find(
    (one) => codeIn(at(one, 'type'), systems.identifierType) === 'ACSN',
  );
  return ok({
    task: {
      id: id as TaskId,
      state,
      orderId: order as OrderId | null,
      archive: textAt(entry(task, 'input', 'archive'), 'valueString'),
      studyUid: study === null ? null : (study.replace(/^urn:oid:/, '') as StudyUid),
      requestedReport: requested === requestedReports.preliminary.code ? 'preliminary' : 'final',
      claim,
      lastFencingToken: numberAt(extensionOf(task, ours.lastFencingToken), 'valueInteger') ?? claim?.fencingToken ?? 0,
      released,
      authoredOn: authored.value,
      desk: deskFromFhir(task),
      ...(moving === null ? {} : { moving }),
    },
    names: {
      patientReference: referenceId(textAt(task, 'for', 'reference'), 'Patient'),
      accession: textAt(accession, 'value'),
    },
  });
}
