import type { DiagnosticReport } from '@medplum/fhirtypes';
import { deriveId } from '../../../../shared/domain/report/index.ts';
import { compareIdentity } from '../../../../shared/domain/study/index.ts';
import type { PatientGiven, ResultGiven } from '../../../../shared/interop/hl7v2/index.ts';
import { toFhirInstant } from '../../../../shared/lib/instant.ts';
import { sha256 } from '../../digest.ts';
import { type Applied, type Change, recordRefusal, refused, taken } from './applied.ts';
import type { ApplyContext } from './apply-context.ts';
import { findOrder, orderName } from './apply-orders.ts';
import { isOvertaken, withMessageTime } from './message-time.ts';
import { findPatient, followMerges, identityGiven, identityOf, patientIdOf } from './patients.ts';
import { writeOver } from './record-writes.ts';
import { writePatient } from './write-patient.ts';

/** One report of the site, whichever of its versions: preliminary, final and correction follow each other in the record's history. */
function reportIdOf(siteId: string, result: ResultGiven): string {
  const number = result.filler ?? result.placer;
  return deriveId('site-report', [siteId, number?.issuer ?? '', number?.value ?? result.accession ?? ''], sha256);
}

/** ORU^R01 and MDM^T02: reports that others wrote. They become priors; a final on an order of ours is set beside our preliminary. */
export async function applyResults(
  context: ApplyContext,
  content: { readonly patient: PatientGiven; readonly results: readonly ResultGiven[] },
): Promise<Applied> {
  const { record } = context;
  const { patient: given, results } = content;
  const patient = await findPatient(record, context.siteId, given.numbers);
  if (!patient.ok) return recordRefusal(patient.error);
  const [number] = given.numbers;
  const patientId = patient.value?.id ?? (number === undefined ? '' : patientIdOf(context.siteId, number));
  if (patient.value !== null) {
    const known = identityOf(patient.value.resource);
    if (compareIdentity(identityGiven(given, known), known).grade === 'stop')
      return refused(
        'The patient of the report is known here with another name, birth date or sex.',
        'Ask the site who the patient is; it sends an ADT^A08 with the right facts and the report again.',
        { patientIds: [patientId] },
      );
  }
  const plans: { readonly id: string; readonly result: ResultGiven; readonly orderId: string | null }[] = [];
  for (const result of results) {
    const order = await findOrder(context, result);
    if (!order.ok) return recordRefusal(order.error);
    const subject = order.value?.subject?.reference?.split('/').slice(-1)[0] ?? null;
    if (subject !== null && subject !== patientId) {
      const now = await followMerges(record, subject);
      if (!now.ok) return recordRefusal(now.error);
      if (now.value?.id !== patientId)
        return refused(
          `The report of order ${orderName(result)} is for another patient than the order.`,
          'Ask the site which of the two is right; nothing of the report was taken in.',
          { orderIds: [order.value?.id ?? ''], patientIds: [patientId] },
        );
    }
    plans.push({ id: reportIdOf(context.siteId, result), result, orderId: order.value?.id ?? null });
  }
  const written = await writePatient(context, patientId, given);
  if (!written.ok) return recordRefusal(written.error);
  const changes: Change[] = [];
  for (const { id, result, orderId } of plans) {
    const stored = await writeOver(
      record,
      'DiagnosticReport',
      id,
      (existing) => {
        if (isOvertaken(existing, context.sentAt)) return null;
        if (result.status === 'cancelled')
          return existing === null
            ? null
            : withMessageTime<DiagnosticReport>({ ...existing, status: 'cancelled' }, context.sentAt);
        return withMessageTime(reportResource(context, { id, result, orderId, patientId }), context.sentAt);
      },
      context.onWritten,
    );
    if (!stored.ok) return recordRefusal(stored.error);
    if (orderId !== null && result.status !== 'cancelled')
      changes.push({
        orderId,
        type: 'site.report',
        words: `the site's own ${result.status} report came by ${context.message}`,
      });
  }
  const finals = plans.filter(
    (plan) => plan.orderId !== null && plan.result.status !== 'preliminary' && context.preliminaryOnly(plan.orderId),
  );
  const beside = finals.length === 0 ? '' : '; it is set beside our preliminary report';
  return taken(
    `${plans.length === 1 ? 'Report' : `${plans.length} reports`} ${plans.map((plan) => orderName(plan.result)).join(', ')} taken in${beside}.`,
    {
      orderIds: plans.flatMap((plan) => plan.orderId ?? []),
      patientIds: [patientId],
      changes,
    },
  );
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 allows none of these
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ')
  );
}

function narrativeOf(sections: ResultGiven['sections']): string {
  const parts = sections.map(({ title, text }) => {
    const lines = text.split('\n').map((line) => `<p>${escapeXml(line)}</p>`);
    return `<div><h3>${escapeXml(title)}</h3>${lines.join('')}</div>`;
  });
  return `<div xmlns="http://www.w3.org/1999/xhtml">${parts.join('')}</div>`;
}

function reportResource(
  context: ApplyContext,
  of: {
    readonly id: string;
    readonly result: ResultGiven;
    readonly orderId: string | null;
    readonly patientId: string;
  },
): DiagnosticReport {
  const { id, result, orderId, patientId } = of;
  const type = (code: string) => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code }] });
  const impression = result.sections.find((section) => section.title === 'Impression')?.text;
  return {
    resourceType: 'DiagnosticReport',
    id,
    status: result.status,
    identifier: [
      ...(result.filler === null ? [] : [{ type: type('FILL'), value: result.filler.value }]),
      ...(result.placer === null ? [] : [{ type: type('PLAC'), value: result.placer.value }]),
      ...(result.accession === null ? [] : [{ type: type('ACSN'), value: result.accession }]),
    ],
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'RAD' }] }],
    code:
      result.exam === null
        ? { text: 'Report' }
        : {
            ...(result.exam.code === ''
              ? {}
              : {
                  coding: [
                    { ...(result.exam.system === '' ? {} : { system: result.exam.system }), code: result.exam.code },
                  ],
                }),
            text: result.exam.display,
          },
    subject: { reference: `Patient/${patientId}` },
    ...(orderId === null ? {} : { basedOn: [{ reference: `ServiceRequest/${orderId}` }] }),
    ...(result.examAt === null ? {} : { effectiveDateTime: toFhirInstant(result.examAt) }),
    ...(result.issued === null ? {} : { issued: toFhirInstant(result.issued) }),
    performer: [{ display: result.interpreter ?? context.siteName }],
    ...(result.studyUid === null
      ? {}
      : { imagingStudy: [{ identifier: { system: 'urn:dicom:uid', value: `urn:oid:${result.studyUid}` } }] }),
    text: {
      status: 'generated',
      div: narrativeOf(
        result.sections.length === 0
          ? [{ title: 'Report', text: 'This report came as a PDF, without words that can be shown here.' }]
          : result.sections,
      ),
    },
    ...(result.document === null
      ? {}
      : {
          presentedForm: [
            { contentType: 'application/pdf', data: result.document, title: 'Report as the site sent it' },
          ],
        }),
    ...(impression === undefined ? {} : { conclusion: impression }),
  };
}
