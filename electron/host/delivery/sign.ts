import type { Task } from '@medplum/fhirtypes';
import type { CallOutput, Failure } from '../../../shared/api/index.ts';
import { noMarks } from '../../../shared/domain/measurement/index.ts';
import { otherExams, overreadOf, type ReportContent, withdrawalWords } from '../../../shared/domain/report/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { OpenedAuditLog } from '../audit/index.ts';
import { type MarksOutbox, marksOfDraft } from '../documents/marks-outbox.ts';
import { marksToFile } from '../documents/store-marks.ts';
import type { SharedSigned } from '../group/shared-signed.ts';
import type { Accounts, LiveSession, Sessions } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Journal } from '../journal/types.ts';
import type { PendingStore } from '../pending-signature/pending-store.ts';
import { type GivenForAll, givenToSign } from '../pending-signature/to-sign.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import type { PasswordTries } from '../routes/password-tries.ts';
import type { ArtefactMaker } from './artefacts.ts';
import { channelsOf, type GatewayOfSite } from './channels-of.ts';
import { keyPicturesToSign } from './key-pictures.ts';
import type { MammogramCheck } from './mammogram-check.ts';
import type { Outbox } from './outbox.ts';
import { checksOfSignature } from './sign-checks.ts';
import { contentsOf, makeVersions } from './sign-contents.ts';
import { examToSign, isLater, isOverSeveral, otherExamsToSign, type SigningExam } from './sign-exams.ts';
import { factsAtSigning, passwordRefusal, refusalToSign } from './sign-refusal.ts';
import type { SignedStore } from './signed-store.ts';
import type { SigningCommand } from './signing-command.ts';
import { siteForms } from './site-forms.ts';
import { createUnsettledSignatures } from './unsettled-signatures.ts';

type SignAnswer = CallOutput<'sign'>;

/** A signature that was given at a desktop while no host of its group answered. */
export type Handed = {
  /** By the record's clock as the desktop knew it. */
  readonly signedAt: Instant;
  /** What the study held when it was last seen there: the release tells whether it still does. */
  readonly instances: readonly string[];
};

export type Signing = {
  /** With `handed`, her password was asked for at the desktop, and her claim may have run out since, if nobody else has claimed. */
  sign(command: SigningCommand, session: LiveSession, handed?: Handed): Promise<Result<SignAnswer, Failure>>;
};

type SigningParts = {
  readonly record: RecordClient;
  readonly book: CaseBook;
  readonly studies: StudyBook;
  readonly events: EventBook;
  readonly reports: ReportBook;
  readonly signed: SignedStore;
  readonly outbox: Outbox;
  readonly marks: Pick<MarksOutbox, 'entries' | 'took'>;
  readonly accounts: Accounts;
  readonly passwords: PasswordTries;
  readonly sessions: Sessions;
  readonly journal: Journal;
  readonly audit: OpenedAuditLog;
  readonly artefacts: ArtefactMaker;
  readonly ports: Ports;
  readonly rights: ReadingRights;
  readonly sites: Pick<SiteBook, 'siteOf'>;
  readonly mammograms: MammogramCheck;
  /** Reports that others gave to be signed. */
  readonly given: Pick<PendingStore, 'read'>;
  readonly onTask: (task: Versioned<Task>) => void;
  readonly demo: boolean;
  /** Where sites have reports faxed or mailed from. */
  readonly gateways: () => readonly GatewayOfSite[];
  /** Why it is not known by which channels sites have their reports, asked before each signature; null where it is. */
  readonly channelsReady: () => Promise<string | null>;
  /** Starts releasing at once and answers when a round is over or `milliseconds` have passed. */
  readonly releaseSoon: (milliseconds: number) => Promise<void>;
  /** The hosts of a group know each other's signatures; null where this one stands alone. */
  readonly shared: Pick<SharedSigned, 'add' | 'taskOfCommand'> | null;
};

/** How long Sign waits for the release before it answers "signed, not released" and goes on behind. */
const waitForRelease = 4_000;

const needsRecord = failure(
  'not-a-legal-move',
  'A report over several exams is signed while a group host answers. Report them one by one, or sign when the line is back; your words are kept.',
);

/** How long a press that is asked again waits for a disk that has not told yet what became of the first. */
const waitForDisk = 2_000;
const notKnown =
  'The disk does not answer: it is not known yet whether the signature was saved. Ask again; the same press cannot sign twice.';

/**
 * A signature: every check that can be made here and now, the content frozen, hashed and signed, every byte that will be sent made
 * once, and all of it in the journal in one transaction before the answer. Nothing of it is ever changed.
 */
export function createSigning(parts: SigningParts): Signing {
  const { book, accounts, journal, ports, signed, outbox } = parts;
  const examParts = { ...parts, recordNow: parts.record.recordNow };
  type Turn = Promise<Result<SignAnswer, Failure>>;
  /** By command: the same press, sent twice. */
  const running = new Map<string, { readonly turn: Turn; readonly taskId: string; readonly readerId: string }>();
  const unsettled = createUnsettledSignatures(() =>
    ports.log.error('a signature that was kept late could not be followed up'),
  );
  /** By task: one signature of a study at a time. */
  const turns = new Map<string, Turn>();

  const answer = async (taskId: string): Promise<SignAnswer> => ({
    report: await parts.reports.of(taskId),
    deliveries: outbox.ofTask(taskId),
  });

  /** What another reader gave to be signed by this press; null where nothing waits here, or a version that is out is changed. */
  const dictatedFor = async (
    command: SigningCommand,
    exams: readonly SigningExam[],
  ): Promise<Result<GivenForAll | null, Failure>> => {
    const [own, ...others] = exams.map((exam) => exam.facts);
    if (own === undefined || isLater(command.kind)) return ok(null);
    return givenToSign({ store: parts.given, book }, [own, ...others]);
  };

  const run = async (
    command: SigningCommand,
    session: LiveSession,
    handed: Handed | null,
  ): Promise<Result<SignAnswer, Failure>> => {
    const { reader } = session;
    const facts = await factsAtSigning(parts, command, reader.id);
    if (facts === null)
      return failure('not-found', 'That study is not on the list any more. Your words are kept in the draft.');
    const refusal = refusalToSign(command, facts, session, () => parts.rights.maySign(session, facts, command.kind));
    if (refusal !== null) return refusal;
    const prepared = await examToSign(examParts, facts, {
      kind: command.kind,
      session,
      fencingToken: command.fencingToken,
      untouched: handed !== null && facts.task.lastFencingToken === command.fencingToken,
      instances: handed?.instances ?? null,
    });
    if (!prepared.ok) return prepared;
    const own = prepared.value;
    const overread = overreadOf(command.kind, reader.id, own.parent);
    if (overread !== null && command.overread === undefined)
      return failure(
        'bad-request',
        `${overread.signer.name} signed the preliminary: say whether you agree with it. Your words are kept.`,
      );
    if (handed !== null && isOverSeveral(command, own.parent)) return needsRecord;
    const others = await otherExamsToSign(examParts, command, session, own, (of) =>
      parts.rights.maySign(session, of, command.kind),
    );
    if (!others.ok) return others;
    const exams = [own, ...others.value];
    const given = await dictatedFor(command, exams);
    if (!given.ok) return given;
    const wrongPassword = handed === null ? await passwordRefusal(parts, command.password, session, 'signed') : null;
    if (wrongPassword !== null) return wrongPassword;
    // What is signed now goes by the channels of now: a version that was made without one would never go there.
    const unread = await parts.channelsReady();
    if (unread !== null)
      return failure('upstream-unreachable', `${unread} Nothing was signed; your words are kept in the draft.`);

    const noted = await parts.audit.record(
      exams.map(({ study }) => ({
        user: reader.userName,
        purpose: 'sign' as const,
        patient: study.patient.id,
        studyUid: study.studyUid,
        detail: command.kind,
      })),
    );
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    const head = await parts.audit.head();
    // A report that is taken back shows nothing more.
    const { keyImages } = command.kind === 'withdrawal' ? noMarks : marksOfDraft(command.draft);
    const shown = keyPicturesToSign(
      keyImages,
      command.keyPictures,
      new Set(exams.flatMap((exam) => exam.instances.map((one) => one.instanceUid as string))),
    );
    const contents = contentsOf(exams, {
      command,
      session,
      signedAt: instant(Math.min(handed?.signedAt ?? Number.MAX_SAFE_INTEGER, parts.record.recordNow())),
      auditHead: `${head.sequence}:${head.hash}`,
      notForClinicalUse: parts.demo,
      given: given.value,
      keyImages: shown.signed,
      dueOf: (of) => book.row(of).dueAt,
    });
    const key = await accounts.signingKey(reader.id);
    const versions = await makeVersions(parts.artefacts, exams, contents, key, keyImages, shown.pictures, (of) =>
      siteForms(parts.sites.siteOf(of)?.delivery, outbox.ofTask(of.task.id)),
    );
    ports.step?.('before-journal');
    const made = versions.map((version, place) => {
      const { facts: of } = exams[place] as SigningExam;
      const { content, digest } = version;
      const key = { reportId: content.reportId, version: content.version, digest };
      const event = caseEvent(of, 'report.signed', content.signedAt, {
        actor: { kind: 'person', id: reader.id, name: reader.name },
        part: digest,
        report: { id: content.reportId, version: content.version },
        detail: `${command.kind}${withWhy(content)}${withOthers(content)}${withWriter(content)}${handed === null ? '' : ', signed at the desktop while no group host answered'}`,
      });
      const deliveries = outbox.newDeliveries(
        of.task.id,
        key,
        channelsOf(version, of.order?.site ?? null, parts.gateways(), outbox.ofTask(of.task.id)),
      );
      return { taskId: of.task.id, version, event, deliveries };
    });
    const checked = checksOfSignature(command, { order: facts.order, study: facts.seen?.study ?? null });
    const [signedNow] = versions;
    const checksTold =
      checked === null || signedNow === undefined
        ? []
        : [
            caseEvent(facts, 'report.checked', signedNow.content.signedAt, {
              actor: { kind: 'person', id: reader.id, name: reader.name },
              part: signedNow.digest,
              report: { id: signedNow.content.reportId, version: signedNow.content.version },
              detail: checked,
            }),
          ];
    const events = [...checksTold, ...made.map((one) => one.event)];
    const marks =
      signedNow === undefined || command.kind === 'withdrawal'
        ? []
        : parts.marks.entries({
            digest: signedNow.digest,
            version: signedNow.content.version,
            toFile: marksToFile(facts, own.study, reader, marksOfDraft(command.draft), signedNow.content.signedAt),
          });
    // All exams of one signature in one transaction: none of them is signed without the others.
    const kept = await journal.append([
      ...made.flatMap(({ taskId, version, deliveries, event }) => [
        { kind: 'signed' as const, key: taskId, body: { phase: 'signed', version } },
        ...deliveries.map((delivery) => ({ kind: 'outbox' as const, key: delivery.id, body: { delivery } })),
        { kind: 'event' as const, key: event.id, body: { event } },
      ]),
      ...checksTold.map((event) => ({ kind: 'event' as const, key: event.id, body: { event } })),
      ...marks,
      {
        kind: 'command',
        key: command.commandId,
        body: { digest: versions[0]?.digest ?? '', taskId: facts.task.id },
      },
    ]);
    const taken = async (): Promise<void> => {
      for (const [place, { taskId, version, deliveries }] of made.entries()) {
        signed.took(taskId, { phase: 'signed', version });
        // The press is known by the open case: asked again, it is answered for that one.
        parts.shared?.add(taskId, version.digest, place === 0 ? command.commandId : null);
        outbox.took(deliveries);
      }
      parts.marks.took(marks);
      ports.step?.('journaled');
      // The signed content carries this head: a log that ends before it was cut. A failed note takes nothing from the signature.
      for (const { version } of made)
        await parts.audit
          .anchor(`report ${version.content.reportId}, version ${version.content.version}`, head.sequence, head.hash)
          .catch(() => ports.log.warn('the access log could not note the head that a report carries'));
      await parts.events.write(events);
      ports.step?.('event-written');
    };
    if (!kept.ok && kept.error.code === 'not-known') {
      let once: Promise<void> | null = null;
      for (const { taskId } of made)
        unsettled.hold(taskId, kept.error.settled, () => {
          once ??= taken().then(() => parts.releaseSoon(0));
          return once;
        });
      return failure('not-known', notKnown);
    }
    if (!kept.ok)
      return failure('not-saved', `${kept.error.message} Nothing was signed; your words are kept in the draft.`);
    await taken();
    await parts.releaseSoon(waitForRelease);
    return ok(await answer(facts.task.id));
  };

  /** Another host of the group may have taken this press and died before it answered. Null: none has. */
  const signedElsewhere = async (
    command: SigningCommand,
    handed: Handed | undefined,
  ): Promise<Awaited<Turn> | null> => {
    if (parts.shared === null) return null;
    const there = await parts.shared.taskOfCommand(command.commandId);
    if (there === 'unreachable')
      return handed === undefined
        ? null
        : failure('upstream-unreachable', 'The record does not answer the group host. It is handed over again.');
    return there === null || there.taskId !== command.draft.taskId ? null : ok(await answer(there.taskId));
  };

  return {
    sign: async (command, session, handed) => {
      // The same press of Sign, sent twice or repeated after a lost answer, is one signature.
      const now = running.get(command.commandId);
      if (now !== undefined && now.taskId === command.draft.taskId && now.readerId === session.reader.id)
        return now.turn;
      const tasks = [
        ...new Set<string>([command.draft.taskId, ...(command.together ?? []).map((one) => one.context.taskId)]),
      ];
      // Before the journal is asked, which would wait for the same disk.
      for (const taskId of tasks)
        if (!(await unsettled.settledWithin(taskId, waitForDisk))) return failure('not-known', notKnown);
      const before = await journal.latest('command', command.commandId);
      if (before !== null) {
        const { taskId } = before.body as { taskId: string };
        return taskId === command.draft.taskId
          ? ok(await answer(taskId))
          : failure('stale-case', 'That press of Sign was for another case. Nothing was signed.');
      }
      // Another press for one of the studies, or another reader's, waits and is then judged by what the first has made of it.
      const first = Promise.allSettled(tasks.map((taskId) => turns.get(taskId)));
      const turn = first.then(
        async () => (await signedElsewhere(command, handed)) ?? run(command, session, handed ?? null),
      );
      running.set(command.commandId, { turn, taskId: command.draft.taskId, readerId: session.reader.id });
      for (const taskId of tasks) turns.set(taskId, turn);
      try {
        return await turn;
      } finally {
        running.delete(command.commandId);
        for (const taskId of tasks) if (turns.get(taskId) === turn) turns.delete(taskId);
      }
    },
  };
}

/** ", one report with LKG-13": told on the timeline and in the dispute file of each exam. */
function withOthers(content: ReportContent): string {
  const others = otherExams(content).map((exam) => exam.accession ?? exam.exam);
  return others.length === 0 ? '' : `, one report with ${others.join(', ')}`;
}

/** ", dictated by Dr F. Sablewood, words changed": of a report that another wrote. */
function withWriter({ dictatedBy }: ReportContent): string {
  if (dictatedBy === undefined) return '';
  return `, dictated by ${dictatedBy.name}, ${dictatedBy.changed ? 'words changed' : 'words unchanged'}`;
}

/** ", wrong patient": what a withdrawal says of itself. */
function withWhy({ withdrawal }: ReportContent): string {
  return withdrawal === undefined ? '' : `, ${withdrawalWords[withdrawal.why]}`;
}
