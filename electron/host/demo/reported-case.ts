import type { DiagnosticReport, Provenance, Resource } from '@medplum/fhirtypes';
import type { Order } from '../../../shared/domain/order/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { emptyDesk, type ReadingTask, withPending } from '../../../shared/domain/reading/index.ts';
import { pendingReportOf, type ReportContent, reportIdFor } from '../../../shared/domain/report/index.ts';
import type { Study } from '../../../shared/domain/study/index.ts';
import { dateInZone } from '../../../shared/domain/turnaround/index.ts';
import { taskToFhir } from '../../../shared/interop/fhir/index.ts';
import type { ArtefactMaker } from '../delivery/artefacts.ts';
import { sha256 } from '../digest.ts';
import type { Accounts } from '../identity/index.ts';
import { publishKeys } from '../identity/publish-keys.ts';
import { caseEvent } from '../intake/case-events.ts';
import { taskIdOfOrder } from '../intake/task-ids.ts';
import { createPendingStore } from '../pending-signature/pending-store.ts';
import type { Ports } from '../ports.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { RecordClient } from '../record/types.ts';
import { demoFollowUps } from './demo-follow-ups.ts';
import type { DemoStudy, ReportedStudy } from './types.ts';

/**
 * Puts a report into the record that the demo's reader signed before the launch, with her own key, over the images that were there then;
 * or one that the reader in training gave to be signed, which is released nowhere. What has come since is found by the host as it finds it anywhere. In the order of a release: what decides, the Task, goes last.
 */
export async function putReportedCase(
  parts: {
    readonly record: Pick<RecordClient, 'read' | 'put'>;
    readonly archiveName: string;
    readonly accounts: Pick<Accounts, 'list' | 'signingKey'>;
    readonly artefacts: Pick<ArtefactMaker, 'make'>;
    readonly events: Pick<EventBook, 'write'>;
    readonly ports: Ports;
    readonly put: (resource: Resource & { id?: string }) => Promise<void>;
  },
  reported: ReportedStudy,
  made: DemoStudy,
  order: Order,
): Promise<void> {
  const userName = reported.waits ? 'resident' : 'reader';
  const signer = (await parts.accounts.list()).find((one) => one.userName === userName);
  if (signer === undefined) return;
  const taskId = taskIdOfOrder(order.id);
  // A day that is taken up again finds it there; what readers have done to it since stays.
  if ((await parts.record.read('Task', taskId)).ok) return;
  if (!(await publishKeys(parts.accounts, parts.record, signer, parts.ports)).ok) return;
  const study = studyOf(made, parts.archiveName);
  const instances = made.series.flatMap((series) =>
    series.instances.map((one) => ({
      instanceUid: one.instanceUid,
      seriesUid: series.seriesUid,
      sopClassUid: one.sopClassUid,
      modality: series.modality,
      frames: one.frames,
    })),
  );
  const covered = instances.slice(0, reported.covered);
  const content = contentOf(reported, study, order, signer, {
    taskId,
    instances: covered.map((one) => one.instanceUid as string).sort(),
  });
  const task: ReadingTask = {
    id: taskId,
    state: 'completed',
    orderId: order.id,
    archive: parts.archiveName,
    studyUid: made.studyUid,
    requestedReport: order.requestedReport,
    claim: null,
    lastFencingToken: 1,
    released: null,
    authoredOn: made.performedAt,
    desk: emptyDesk,
  };
  const seen = { study, firstSeen: made.performedAt, changedAt: made.performedAt, owners: [study] };
  const facts = {
    task,
    taskVersion: '',
    order,
    seen,
    identity: { grade: 'same', differences: [] },
    resolution: null,
  } as const;
  const key = await parts.accounts.signingKey(signer.id);
  const names = { patientReference: order.patientReference, accession: order.accession };
  if (reported.waits) {
    const kept = await createPendingStore(parts.record).keep(pendingReportOf(content), key);
    if (!kept.ok) return;
    const given = { reader: signer.id, readerName: signer.name, at: content.signedAt, digest: kept.value };
    const desk = withPending(emptyDesk, { ...given, press: 'before the launch', opened: null }, null);
    // What is told of it the host writes by itself, as after any crash.
    await parts.put(taskToFhir({ ...task, state: 'queued', desk }, names));
    return;
  }
  const version = await parts.artefacts.make(content, { order, study, earlier: [] }, null, key, covered, [], []);
  await parts.put(version.diagnosticReport as DiagnosticReport);
  await parts.put(version.provenance as Provenance);
  const { digest } = version;
  const released = { reportId: content.reportId, version: content.version, digest, kind: content.kind };
  await parts.put(taskToFhir({ ...task, released }, names));
  const more = {
    actor: { kind: 'person', id: signer.id, name: signer.name },
    part: digest,
    report: { id: content.reportId, version: content.version },
  } as const;
  for (const followUp of demoFollowUps(reported, content, digest, order)) await parts.put(followUp);
  await parts.events.write([
    caseEvent(facts, 'report.signed', content.signedAt, { ...more, detail: 'final' }),
    caseEvent(facts, 'report.final', content.signedAt, more),
  ]);
}

function studyOf(made: DemoStudy, archive: string): Study {
  return {
    archive,
    studyUid: made.studyUid,
    patient: made.patient,
    accession: made.accession,
    modalities: [made.modality],
    description: made.description,
    bodyPart: made.bodyPart,
    laterality: made.laterality,
    studyDate: dateInZone(made.performedAt, made.site.zone).replaceAll('-', ''),
    studyTime: null,
    institution: made.site.name,
    seriesCount: made.series.length,
    instanceCount: made.instanceCount,
  };
}

function contentOf(
  reported: ReportedStudy,
  study: Study,
  order: Order,
  signer: Reader,
  about: Pick<ReportContent, 'taskId' | 'instances'>,
): ReportContent {
  return {
    schema: 'overread-report-1',
    reportId: reportIdFor(about.taskId, sha256),
    version: 1,
    kind: 'final',
    parentDigest: null,
    taskId: about.taskId,
    orderId: order.id,
    archive: study.archive,
    studyUid: study.studyUid,
    accession: order.accession,
    patient: order.patient,
    exam: {
      procedure: order.procedure.display,
      modality: order.modality,
      bodyPart: order.bodyPart,
      laterality: order.laterality,
      studyDate: study.studyDate,
      site: order.site?.name ?? null,
    },
    sections: reported.sections,
    reason: null,
    measurements: [],
    instances: about.instances,
    comparisons: [],
    identityResolution: null,
    signer: { id: signer.id, name: signer.name, npi: signer.npi },
    signedAt: reported.signedAt,
    fencingToken: 1,
    // Signed before this host's access log began.
    auditHead: `0:${'0'.repeat(64)}`,
    notForClinicalUse: true,
  };
}
