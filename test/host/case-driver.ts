import type { CallInput, CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { type Draft, draftFrom } from '../../shared/domain/report/index.ts';
import { displayDate, displayName } from '../../shared/domain/study/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import type { TestHost, TestReader } from '../servers/overread-host/start-host.ts';

/** Waits until `found` answers something else than null; fails with what was waited for. */
export async function eventually<Value>(
  what: string,
  found: () => Promise<Value | null>,
  milliseconds = 60_000,
): Promise<Value> {
  const until = Date.now() + milliseconds;
  for (;;) {
    const value = await found();
    if (value !== null) return value;
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function rowWhere(
  reader: TestReader,
  what: string,
  fits: (row: WorklistRow) => boolean,
  milliseconds = 60_000,
): Promise<WorklistRow> {
  const found = async (): Promise<WorklistRow | null> => {
    const list = await reader.call('worklist', { input: {} });
    return list.ok ? (list.value.rows.find(fits) ?? null) : null;
  };
  return eventually(what, found, milliseconds);
}

const isReady = (row: WorklistRow): boolean =>
  row.link === 'order-and-images' &&
  row.identity === 'same' &&
  row.images.present === row.images.expected &&
  row.state === 'queued' &&
  // Another's words wait there for a signature: no study to begin.
  row.desk?.pending === undefined &&
  row.mayRead.allowed;

/** A study of the demo day that has all its images and no identity difference. */
export function readyRow(reader: TestReader): Promise<WorklistRow> {
  return rowWhere(reader, 'a study that is ready to read', isReady);
}

/** The same, of an order that asks for a final: a preliminary does not end its task. `also`: what else its site has to take. */
export async function readyForFinal(reader: TestReader, also: 'preliminary' | null = null): Promise<WorklistRow> {
  const others = new Set<string>();
  for (let epoch = 1_000; ; epoch += 1) {
    const row = await rowWhere(reader, 'a final to read', (one) => isReady(one) && !others.has(one.taskId));
    const params = { taskId: row.taskId };
    const looked = await reader.call('openCase', { params, input: { mode: 'look', epoch } });
    await reader.call('closeCase', { params, input: { epoch } });
    const needs = await reader.call('signRequirements', { params });
    const takes = also === null || (needs.ok && needs.value.issue?.[also].allowed === true);
    if (looked.ok && looked.value.order?.requestedReport === 'final' && takes) return row;
    others.add(row.taskId);
  }
}

export async function openForReading(reader: TestReader, taskId: string, epoch = 1): Promise<CaseDetail> {
  const opened = await reader.call('openCase', { params: { taskId }, input: { mode: 'read', epoch } });
  if (!opened.ok) throw new Error(`could not open: ${opened.error.message}`);
  return opened.value;
}

export function draftOf(
  detail: CaseDetail,
  reader: TestReader,
  findings: string,
  impression: string,
  more: Partial<Draft> = {},
): Draft {
  const base = draftFrom(detail.prefill, {
    taskId: detail.context.taskId,
    studyUid: detail.context.studyUid,
    readerId: reader.id,
    now: instant(Date.now()),
  });
  return { ...base, revision: 1, sections: { ...base.sections, '59776-5': findings, '19005-8': impression }, ...more };
}

export function signCommand(
  detail: CaseDetail,
  draft: Draft,
  kind: CallInput<'sign'>['kind'],
  password?: string,
): CallInput<'sign'> {
  const patient = detail.order?.patient ?? detail.study?.patient;
  return {
    commandId: crypto.randomUUID(),
    kind,
    context: detail.context,
    fencingToken: detail.claim?.fencingToken ?? null,
    draft: draft as CallInput<'sign'>['draft'],
    shown: {
      name: displayName(patient?.name ?? ''),
      birthDate: displayDate(patient?.birthDate ?? ''),
      accession: detail.context.accession ?? '',
      exam: detail.order?.procedure.display ?? detail.study?.description ?? '',
    },
    comparisons: [],
    ...(password === undefined ? {} : { password }),
  };
}

/** Opens a study, writes it and signs it as demo readers do; answers the case as it was read. Fails where it was not released at once. */
export async function signReport(
  reader: TestReader,
  taskId: string,
  words: { readonly findings: string; readonly impression: string },
  how: { readonly kind?: 'preliminary' | 'final'; readonly epoch?: number } = {},
): Promise<CaseDetail> {
  const { kind = 'final', epoch = 1 } = how;
  const detail = await openForReading(reader, taskId, epoch);
  const signed = await reader.call('sign', {
    params: { taskId },
    input: signCommand(detail, draftOf(detail, reader, words.findings, words.impression), kind, 'demo'),
  });
  if (!signed.ok) throw new Error(`not signed: ${signed.error.message}`);
  if (signed.value.report.state !== kind) throw new Error(`signed, and ${signed.value.report.state}`);
  return detail;
}

export type { TestHost, TestReader };
