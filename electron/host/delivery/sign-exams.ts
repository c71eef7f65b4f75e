import type { Failure, ReportView } from '../../../shared/api/index.ts';
import { type MayRead, may } from '../../../shared/domain/reader/index.ts';
import { claimStanding, linkOf } from '../../../shared/domain/reading/index.ts';
import {
  draftExamsOf,
  examHeading,
  isLaterKind,
  isTogether,
  lackingParts,
  mayRelease,
  mayWithdraw,
  otherExams,
  type ReleaseKind,
  type ReportContent,
  type ReportExam,
  type ReportVersion,
} from '../../../shared/domain/report/index.ts';
import { coveredInstances, parseStudyUid, type Study } from '../../../shared/domain/study/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { InstanceSummary } from '../archive/types.ts';
import type { LiveSession } from '../identity/types.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { contextOf } from '../reading/case-context.ts';
import { nameOfExam } from '../reading/link-index.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import { failure } from '../routes/mount.ts';
import type { MammogramCheck } from './mammogram-check.ts';
import type { SigningCommand } from './signing-command.ts';

type Refusal = { ok: false; error: Failure };

/** One exam of a signature, with everything that was asked of it before. */
export type SigningExam = {
  readonly facts: CaseFacts;
  readonly study: Study;
  readonly view: ReportView;
  /** The version that stands; null before the first. */
  readonly parent: ReportVersion | null;
  readonly instances: readonly InstanceSummary[];
  /** SOP Instance UIDs that the signature covers, sorted. */
  readonly covered: readonly string[];
  /** The claim at signing; null for addenda and corrections. */
  readonly fencingToken: number | null;
};

export type ExamParts = {
  readonly book: Pick<CaseBook, 'facts' | 'row'>;
  readonly studies: StudyBook;
  readonly reports: Pick<ReportBook, 'of'>;
  readonly mammograms: MammogramCheck;
  readonly recordNow: () => Instant;
};

export const isLater: (kind: ReleaseKind) => boolean = isLaterKind;

/** What stands against a version of one exam here and now, beside what the dialog showed of it. `untouched`: nobody has claimed it since an offline signature. */
export async function examToSign(
  parts: ExamParts,
  facts: CaseFacts,
  asked: {
    readonly kind: ReleaseKind;
    readonly session: LiveSession;
    readonly fencingToken: number | null;
    readonly untouched: boolean;
    readonly instances: readonly string[] | null;
  },
): Promise<Result<SigningExam, Failure>> {
  const { kind, session } = asked;
  const withdraws = kind === 'withdrawal';
  if (facts.task.orderId !== null && facts.order === null)
    return failure(
      'not-a-legal-move',
      'The order of this study is still being read from the record. Try again shortly.',
    );
  const view = await parts.reports.of(facts.task.id);
  const parent = view.versions.filter((one) => one.returned === null).at(-1) ?? null;
  // An archive that keeps the images no more must not keep wrong words in the world.
  const study = facts.seen?.study ?? (withdraws && parent !== null ? studyOfContent(parent.content) : null);
  if (study === null || facts.task.studyUid === null)
    return failure('not-a-legal-move', 'There are no images to report on yet.');
  if (view.versions.some((one) => one.state === 'signed-not-released' && one.returned === null))
    return failure('not-a-legal-move', 'A signed version of this report still waits for its release. It goes first.');
  if (withdraws) {
    const allowed = mayWithdraw(session.reader, view.versions);
    if (!allowed.ok)
      return failure(allowed.error.code === 'not-hers' ? 'forbidden' : 'not-a-legal-move', allowed.error.words);
  }
  const legal = mayRelease(view.state, kind);
  if (!legal.ok) return failure('not-a-legal-move', legal.error.words);
  if (!isLater(kind)) {
    const standing = claimStanding(facts.task, session.reader.id, asked.fencingToken ?? 0, parts.recordNow());
    if (standing === 'another')
      return failure(
        'held-by-another',
        `${facts.task.claim?.readerName ?? 'Another reader'} has this study now. Your words are kept in the draft.`,
      );
    if (standing === 'none' && !asked.untouched)
      return failure(
        'lease-lapsed',
        'You have not claimed this study. Read it again to claim it; your words are kept.',
      );
  }
  const instances = await parts.studies.instances(study.studyUid);
  if (withdraws && parent !== null)
    return ok({
      facts,
      study,
      view,
      parent,
      instances: 'code' in instances ? [] : instances.list,
      covered: [...parent.content.instances].sort(),
      fencingToken: null,
    });
  if ('code' in instances)
    return failure(
      'upstream-unreachable',
      `${instances.message} A signature covers the list of images, so it needs the archive once.`,
    );
  if (instances.fresh && instances.list.length === 0)
    return failure(
      'not-a-legal-move',
      'The archive holds no images of this study any more. Ask the site; your words are kept in the draft.',
    );
  if (instances.aside.length > 0 && coveredInstances(instances.list).length === 0)
    return failure(
      'not-a-legal-move',
      'All images of this study were rejected by the site. There is nothing to sign on; your words are kept in the draft.',
    );
  // A later word must never wait for an image: it may be the very one that says what is wrong with them.
  const unfit = isLater(kind) ? null : await parts.mammograms.refusal(study.studyUid, coveredInstances(instances.list));
  if (unfit !== null) return unfit;
  const covered = asked.instances ?? coveredInstances(instances.list).map((one) => one.instanceUid as string);
  return ok({
    facts,
    study,
    view,
    parent,
    instances: instances.list,
    covered: [...covered].sort(),
    fencingToken: isLater(kind) ? null : asked.fencingToken,
  });
}

/**
 * The other exams of a report over several: none where it is over one. Each must be what the dialog showed, the same patient's beyond
 * doubt as it is known now, and hers to sign; one that is not refuses the whole, by name.
 */
export async function otherExamsToSign(
  parts: ExamParts,
  command: SigningCommand,
  session: LiveSession,
  own: SigningExam,
  /** Whether she may issue it for that exam, or give it to be signed. */
  mayIssue: (facts: CaseFacts) => MayRead,
): Promise<Result<readonly SigningExam[], Failure>> {
  const later = isLater(command.kind);
  const before = later ? await stillTogether(parts, own.parent) : [];
  const drafted = command.draft.together ?? [];
  const wanted = (later ? before : drafted).map((exam) => exam.taskId);
  // A page that shows a version knows all its exams, and not which of them are on their own since.
  const sent = (command.together ?? []).filter((one) => !later || wanted.includes(one.context.taskId));
  const stale = failure(
    'stale-case',
    'The exams of this report are not those that you saw. Open the case again; your words are kept.',
  );
  if (canonicalJson(sent.map((one) => one.context.taskId as string)) !== canonicalJson(wanted)) return stale;
  if (command.kind === 'correction') {
    const all = own.parent === null ? [] : otherExams(own.parent.content);
    if (all.length !== before.length)
      return failure(
        'not-a-legal-move',
        'Not every exam of this report was released with it, so its words cannot be replaced as one. Add an addendum.',
      );
    if (canonicalJson(drafted.map((exam) => exam.taskId)) !== canonicalJson(wanted))
      return failure(
        'not-a-legal-move',
        `This report is over several exams (${all.map(examHeading).join('; ')}). A correction says all of them again.`,
      );
  }
  if (wanted.length === 0) return ok([]);
  if (command.kind !== 'addendum' && command.kind !== 'withdrawal') {
    const { study, facts } = own;
    const heading = examHeading({
      exam: nameOfExam(facts),
      accession: contextOf(facts).accession,
      studyDate: study.studyDate,
    });
    const lacking = lackingParts(command.draft, heading);
    if (lacking.length > 0) return failure('bad-request', `Not signed. ${lacking.join(' ')}`);
  }
  const exams: SigningExam[] = [];
  for (const [place, one] of sent.entries()) {
    const facts = parts.book.facts(one.context.taskId);
    if (facts === null) return stale;
    const exam = await otherExam(parts, command, session, { facts, sent: one, drafted: drafted[place], mayIssue });
    if (!exam.ok) {
      const name = `${nameOfExam(facts)}, ${contextOf(facts).accession ?? 'no accession'}`;
      return failure(exam.error.code, `${name}: ${exam.error.message}`, heldIn(exam.error));
    }
    for (const known of [own, ...exams]) {
      const apart = command.kind === 'withdrawal' ? null : whyApart(parts, known.facts, exam.value.facts, later);
      if (apart !== null) return apart;
    }
    exams.push(exam.value);
  }
  return ok(exams);
}

/** The other exams that stand under the very version that is changed; one that was given back or goes its own way since is none. */
async function stillTogether(parts: ExamParts, parent: ReportVersion | null): Promise<readonly ReportExam[]> {
  if (parent === null) return [];
  const found: ReportExam[] = [];
  for (const exam of otherExams(parent.content)) {
    const { versions } = await parts.reports.of(exam.taskId);
    const standing = versions.filter((one) => one.returned === null).at(-1);
    if (standing?.content.together?.id === parent.content.together?.id) found.push(exam);
  }
  return found;
}

function heldIn(found: Failure): Pick<Failure, 'heldBy'> {
  return found.heldBy === undefined ? {} : { heldBy: found.heldBy };
}

async function otherExam(
  parts: ExamParts,
  command: SigningCommand,
  session: LiveSession,
  asked: {
    readonly facts: CaseFacts;
    readonly sent: NonNullable<SigningCommand['together']>[number];
    readonly drafted: NonNullable<SigningCommand['draft']['together']>[number] | undefined;
    readonly mayIssue: (facts: CaseFacts) => MayRead;
  },
): Promise<Result<SigningExam, Failure>> {
  const { facts, sent, drafted } = asked;
  const { kind } = command;
  const context = contextOf(facts);
  const same =
    canonicalJson(sent.context as unknown as JsonValue) === canonicalJson(context as unknown as JsonValue) &&
    sent.exam === nameOfExam(facts) &&
    (kind === 'addendum' ||
      kind === 'withdrawal' ||
      (drafted?.studyUid === context.studyUid && drafted?.accession === context.accession));
  if (!same)
    return failure(
      'stale-case',
      'What you saw is not what the host would sign. Open the case again; your words are kept.',
    );
  const permission = may(session.reader.role, kind === 'withdrawal' ? 'withdraw-report' : 'sign', facts.task.state);
  if (!permission.allowed)
    return failure(permission.because === 'role' ? 'forbidden' : 'not-a-legal-move', permission.words);
  const issue = kind === 'withdrawal' ? null : asked.mayIssue(facts);
  if (issue?.allowed === false) return failure('forbidden', `${issue.reason}. Your words are kept in the draft.`);
  return examToSign(parts, facts, {
    kind,
    session,
    fencingToken: sent.fencingToken,
    untouched: false,
    instances: null,
  });
}

/** The identity rule as it stands at this moment; after a release the tasks are finished and only the patient is asked about. */
function whyApart(parts: ExamParts, one: CaseFacts, other: CaseFacts, later: boolean): Refusal | null {
  const rowOf = (facts: CaseFacts) => {
    const row = parts.book.row(facts);
    return later ? { ...row, state: 'reading' as const } : row;
  };
  const verdict = linkOf(rowOf(one), rowOf(other));
  if (verdict.linked) return null;
  const names = [one, other].map((facts) => `${nameOfExam(facts)}, ${contextOf(facts).accession ?? 'no accession'}`);
  return failure(
    verdict.because === 'patients-differ' || verdict.because === 'identity-open' ? 'identity-stop' : 'not-a-legal-move',
    `${names.join(' and ')} cannot be one report: ${verdict.words} Report them one by one; your words are kept.`,
  );
}

/** Whether a draft, or what it follows, is a report over several exams: only a host with the record signs those. */
export function isOverSeveral(command: SigningCommand, parent: ReportVersion | null): boolean {
  return isTogether(command.draft) || (parent !== null && draftExamsOf(parent.content).length > 0);
}

/** The study as the version that is withdrawn tells it. */
function studyOfContent(content: ReportContent): Study | null {
  const uid = parseStudyUid(content.studyUid);
  if (!uid.ok) return null;
  return {
    archive: content.archive ?? '',
    studyUid: uid.value,
    accession: content.accession as Study['accession'],
    patient: content.patient,
    description: content.exam.procedure,
    modalities: content.exam.modality === null ? [] : [content.exam.modality],
    bodyPart: content.exam.bodyPart,
    laterality: content.exam.laterality as Study['laterality'],
    studyDate: content.exam.studyDate,
    studyTime: null,
    institution: content.exam.site,
    seriesCount: 0,
    instanceCount: content.instances.length,
  };
}
