import type { ServiceRequest } from '@medplum/fhirtypes';
import { dayInZone, recommendationsIn } from '../../../shared/domain/follow-up/index.ts';
import { examName, type Order } from '../../../shared/domain/order/index.ts';
import { deriveId, type ReportContent } from '../../../shared/domain/report/index.ts';
import { followUpToFhir } from '../../../shared/interop/fhir/index.ts';
import { after, instant, minutes } from '../../../shared/lib/instant.ts';
import { sha256 } from '../digest.ts';
import { taskIdOfOrder } from '../intake/task-ids.ts';
import type { ReportedStudy } from './types.ts';

/** Minutes from an exam to when the desk confirmed that it was the recommended one. */
const confirmedAfter = 26 * 60;

/** What a reader of the demo confirmed in a report of hers: found by the same rules as any words, and tied to the version that says it. */
export function demoFollowUps(
  reported: ReportedStudy,
  content: ReportContent,
  digest: string,
  order: Order,
): readonly (ServiceRequest & { readonly id: string })[] {
  const zone = order.site?.zone ?? 'UTC';
  const found = recommendationsIn(content.sections);
  return reported.followUps.flatMap(({ says, doneBy }) => {
    const words = found.find(({ quote }) => quote === says);
    if (words === undefined) return [];
    const id = deriveId('follow-up', [content.taskId, 'demo', says], sha256);
    const at = after(content.signedAt, minutes(1));
    const by = { id: content.signer.id, name: content.signer.name };
    const desk = { id: deriveId('demo-desk', [order.site?.id ?? ''], sha256), name: `${order.site?.name ?? ''}, desk` };
    const { modalities, bodyPart, interval, condition } = words;
    const exam = [modalities.join(' or '), bodyPart ?? ''].join(' ').trim();
    const confirmedAt = doneBy === null ? at : instant(doneBy.performedAt + confirmedAfter * 60_000);
    return [
      followUpToFhir({
        id,
        taskId: content.taskId,
        orderId: content.orderId,
        siteId: order.site?.id ?? null,
        patientReference: order.patientReference,
        section: words.section,
        quote: says,
        origin: 'recognised',
        countedFrom: dayInZone(instant(content.signedAt), zone),
        readings: [{ id, by, at, recordedAt: at, reading: { modalities, bodyPart, exam, interval, condition } }],
        basis: { reportId: content.reportId, version: content.version, digest, signedAt: content.signedAt },
        handOvers: [],
        notThese: [],
        ending:
          doneBy?.orderId == null
            ? null
            : {
                kind: 'done',
                id: `${id}-done`.slice(-64),
                by: desk,
                at: confirmedAt,
                recordedAt: confirmedAt,
                how: 'confirmed',
                exam: {
                  taskId: taskIdOfOrder(doneBy.orderId),
                  orderId: doneBy.orderId,
                  accession: doneBy.accession,
                  exam: examName(doneBy.modality, doneBy.procedure.display),
                  day: dayInZone(doneBy.performedAt, zone),
                },
              },
        reopened: [],
      }),
    ];
  });
}
