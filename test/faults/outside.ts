import { taskFromFhir } from '../../shared/interop/fhir/index.ts';
import { eventually } from '../host/case-driver.ts';
import type { OtherSite } from './site.ts';

export type StudyNames = { readonly taskId: string; readonly studyUid: string; readonly accession: string };

/** What stands outside of every host of ours about one study: the task's word, reports, signatures, SRs, messages. */
export async function outside(site: OtherSite, { taskId, studyUid, accession }: StudyNames) {
  const task = await site.record.read('Task', taskId);
  const read = task.ok ? taskFromFhir(task.value.resource) : null;
  const released = read?.ok === true ? read.value.task.released : null;
  const reports = await site.record.search('DiagnosticReport', {});
  const signatures = await site.record.search('Provenance', {
    target: `DiagnosticReport/${released?.reportId ?? ''}`,
  });
  const instances = await site.archive.instances(studyUid as never);
  return {
    released,
    reports: reports.ok ? reports.value.filter((one) => one.resource.id === released?.reportId).length : -1,
    signatures: signatures.ok ? signatures.value.length : -1,
    srs: instances.ok ? instances.value.filter((one) => one.modality === 'SR').map((one) => one.instanceUid) : [],
    messages: site.receiver.messages.filter((one) => one.includes(accession)),
  };
}

/** Waits until report, signature, SR and message of a study are outside, each once; a second SR never ends the wait. */
export function delivered(site: OtherSite, study: StudyNames) {
  return eventually(
    'report, signature, SR and message outside',
    async () => {
      const found = await outside(site, study);
      return found.released !== null &&
        found.reports === 1 &&
        found.signatures === 1 &&
        found.srs.length === 1 &&
        found.messages.length > 0
        ? found
        : null;
    },
    120_000,
  );
}
