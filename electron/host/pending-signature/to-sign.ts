import type { Failure } from '../../../shared/api/index.ts';
import {
  examHeading,
  otherExams,
  type PendingMisfit,
  pendingFits,
  type ReportExam,
} from '../../../shared/domain/report/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { contextOf } from '../reading/case-context.ts';
import { nameOfExam } from '../reading/link-index.ts';
import { failure } from '../routes/mount.ts';
import type { GivenReport, PendingStore } from './pending-store.ts';

/** Why words that were given for this case are not of it any more; null where they are. */
export function misfitOf({ report }: GivenReport, facts: CaseFacts): PendingMisfit | null {
  const patient = facts.order?.patient ?? facts.seen?.study.patient;
  if (patient === undefined) return { code: 'patient-changed', words: 'It is not known now whose images these are.' };
  const fits = pendingFits(report, contextOf(facts), patient);
  return fits.ok ? null : fits.error;
}

type Known = { readonly store: Pick<PendingStore, 'read'>; readonly book: Pick<CaseBook, 'facts'> };

/** What waits on a case, by task: the case itself first, then the other exams of the same report. */
export type GivenForAll = ReadonlyMap<string, GivenReport>;

/**
 * The report that waits for a signature on this case, proved and of this case, and with a report over several exams the same of each of
 * them; null where none waits. It is one report only where it waits on every one of its exams, by one press, in the same words.
 */
export async function givenForAll(parts: Known, facts: CaseFacts): Promise<Result<GivenForAll | null, Failure>> {
  const { pending } = facts.task.desk;
  if (pending === undefined) return ok(null);
  const own = await parts.store.read(facts.task.id, pending.digest, pending.reader);
  if (!own.ok) return own;
  const misfit = misfitOf(own.value, facts);
  if (misfit !== null) return failure('identity-stop', misfit.words);
  const all = new Map<string, GivenReport>([[facts.task.id, own.value]]);
  for (const exam of otherExams(own.value.report)) {
    const other = await givenForOther(parts, { exam, own: own.value, press: pending.press, writer: pending.reader });
    if (!other.ok) return failure(other.error.code, `${examHeading(exam)}: ${other.error.message}`);
    all.set(exam.taskId, other.value);
  }
  return ok(all);
}

async function givenForOther(
  { store, book }: Known,
  of: {
    readonly exam: ReportExam;
    readonly own: GivenReport;
    readonly press: string;
    readonly writer: string;
  },
): Promise<Result<GivenReport, Failure>> {
  const { exam, own, press, writer } = of;
  const facts = book.facts(exam.taskId);
  const pending = facts?.task.desk.pending;
  if (facts === null || pending?.press !== press || pending.reader !== writer)
    return failure('not-a-legal-move', 'The same report does not wait there, though it was given for both.');
  const given = await store.read(exam.taskId, pending.digest, writer);
  if (!given.ok) return given;
  const { report } = given.value;
  const one = canonicalJson([own.report.together, own.report.sections] as unknown as JsonValue);
  const other = canonicalJson([report.together, report.sections] as unknown as JsonValue);
  if (one !== other || report.studyUid !== exam.studyUid)
    return failure('not-a-legal-move', 'What was given there is not the same report.');
  const misfit = misfitOf(given.value, facts);
  return misfit === null ? given : failure('identity-stop', misfit.words);
}

/**
 * What another reader gave to be signed by a press over these exams, the open one first; null where nothing waits on any of them. A report
 * that was given for several is signed for exactly those: one alone would be words of exams that nobody signed for.
 */
export async function givenToSign(
  parts: Known,
  exams: readonly [CaseFacts, ...CaseFacts[]],
): Promise<Result<GivenForAll | null, Failure>> {
  const kept = 'Nothing was signed; your words are kept.';
  const waits = exams.find(({ task }) => task.desk.pending !== undefined);
  if (waits === undefined) return ok(null);
  const [own] = exams;
  const writer = waits.task.desk.pending?.readerName ?? '';
  const given = await givenForAll(parts, own);
  if (!given.ok) {
    const back = given.error.code === 'identity-stop' ? ` Send it back to ${writer}.` : '';
    return failure(given.error.code, `${given.error.message}${back} ${kept}`);
  }
  const missing = [...(given.value?.keys() ?? [])].filter((id) => exams.every(({ task }) => task.id !== id));
  if (missing.length > 0) {
    const names = missing.map((id) => nameOfAny(parts, id)).join('; ');
    return failure(
      'not-a-legal-move',
      `It was given as one report with ${names}. Sign for all of them, or send it back to ${writer}. ${kept}`,
    );
  }
  const beside = exams.find(({ task }) => given.value?.has(task.id) !== true);
  if (beside !== undefined && exams.length > 1)
    return failure(
      'not-a-legal-move',
      given.value === null
        ? `${nameOfExam(waits)} was given to be signed by itself. Sign it alone; your words are kept.`
        : `${nameOfExam(beside)} is not of the report that was given to be signed. Take it out; your words are kept.`,
    );
  return given;
}

function nameOfAny({ book }: Known, taskId: string): string {
  const facts = book.facts(taskId);
  return facts === null ? 'another exam' : `${nameOfExam(facts)}, ${contextOf(facts).accession ?? 'no accession'}`;
}
