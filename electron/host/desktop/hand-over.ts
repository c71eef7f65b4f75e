import type { CallInput, CaseDetail, Failure, ReportView } from '../../../shared/api/index.ts';
import { nextSections, type ReportContent, type ReportVersion } from '../../../shared/domain/report/index.ts';
import { displayDate, displayName } from '../../../shared/domain/study/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { Journal } from '../journal/types.ts';
import { failure } from '../routes/mount.ts';
import type { GroupSession } from './desk-sessions.ts';

/** Failures that pass: the same hand-over is tried again. */
export const passing: ReadonlySet<Failure['code']> = new Set([
  'upstream-unreachable',
  'upstream-refused',
  'not-saved',
  'not-known',
  'audit-unavailable',
  'internal',
  'not-signed-in',
  'locked',
]);

export type SignCommand = CallInput<'sign'>;

/** A signature that was given while no group host answered: what was pressed, and what this desktop shows of it until it is released. */
export type Pending = {
  readonly command: Omit<SignCommand, 'password'>;
  readonly version: ReportVersion;
  readonly instances: readonly string[];
  readonly signedAt: Instant;
  /** By whose session it is handed over. Of the group host, never of record or archive. */
  readonly session: GroupSession;
  /** Why the group host gave it back; null while it waits. */
  readonly returned: string | null;
};

/**
 * Signed and not handed over yet. It is on disk, sealed, before Sign answers; the group host knows the press by its id, so that handing
 * it over twice signs once.
 */
export type HandOver = {
  keep(pending: Pending): Promise<Result<void, Failure>>;
  waiting(): readonly Pending[];
  /** Waiting or given back. */
  ofTask(taskId: string): Pending | null;
  /** The group host has it now, or it is superseded by a new signature. */
  done(commandId: string): Promise<void>;
  giveBack(commandId: string, reason: string): Promise<void>;
};

type Entry = { readonly pending: Pending } | { readonly done: true } | { readonly returned: string };

export async function openHandOver(
  journal: Journal,
  /** The same report once more, for the day on which this journal cannot be opened any more. */
  envelopes: { keep(pending: Pending): Promise<void>; remove(commandId: string): Promise<void> },
): Promise<HandOver> {
  const kept = new Map<string, Pending>();
  const fold = (key: string, entry: Entry): void => {
    if ('pending' in entry) kept.set(key, entry.pending);
    else if ('done' in entry) kept.delete(key);
    else {
      const before = kept.get(key);
      if (before !== undefined) kept.set(key, { ...before, returned: entry.returned });
    }
  };
  for (const entry of await journal.all('hand-over')) fold(entry.key, entry.body as Entry);
  const write = async (key: string, entry: Entry): Promise<Result<void, Failure>> => {
    const written = await journal.append([{ kind: 'hand-over', key, body: entry }]);
    if (!written.ok && written.error.code === 'not-known') {
      // The disk may have it: what it says in the end is what counts, and the same press then finds it.
      void written.error.settled.then((settlement) => {
        if (settlement.kind === 'kept') fold(key, entry);
      });
      return failure('not-known', written.error.message);
    }
    if (!written.ok)
      return failure('not-saved', `${written.error.message} Nothing was signed; your words are kept in the draft.`);
    fold(key, entry);
    return ok(undefined);
  };
  return {
    keep: async (pending) => {
      try {
        await envelopes.keep(pending);
      } catch {
        return failure('not-saved', 'The disk did not take it. Nothing was signed; your words are kept in the draft.');
      }
      return write(pending.command.commandId, { pending });
    },
    waiting: () => [...kept.values()].filter((one) => one.returned === null),
    ofTask: (taskId) => [...kept.values()].findLast((one) => one.command.draft.taskId === taskId) ?? null,
    done: async (commandId) => {
      if (kept.has(commandId)) await write(commandId, { done: true });
      await envelopes.remove(commandId);
    },
    giveBack: async (commandId, reason) => {
      await write(commandId, { returned: reason });
      // It is no signed report any more; its words are in the draft.
      await envelopes.remove(commandId);
    },
  };
}

/** Whether this may be signed here and now from what the group host last told, and what it then looks like. */
export function signHere(from: {
  readonly command: SignCommand;
  readonly detail: CaseDetail | null;
  readonly instances: readonly string[] | null;
  readonly waiting: Pending | null;
  readonly session: GroupSession;
  readonly signedAt: number;
  readonly auditHead: string;
}): Result<Pending, Failure> {
  const { command, detail, session } = from;
  const { draft } = command;
  const later = command.kind === 'addendum' || command.kind === 'correction';
  if (detail === null || from.instances === null)
    return failure(
      'upstream-unreachable',
      'No group host answers, and this study was not opened here before. Your words are kept in the draft.',
    );
  if (from.waiting !== null && from.waiting.returned === null)
    return failure('not-a-legal-move', 'A signed version of this report still waits to be handed over. It goes first.');
  const { epoch: _sent, ...context } = command.context;
  const { epoch: _known, ...known } = detail.context;
  const { row, order, study } = detail;
  const shown = {
    name: displayName(row.patient.name),
    birthDate: displayDate(row.patient.birthDate ?? ''),
    accession: known.accession ?? '',
    exam: order?.procedure.display ?? study?.description ?? '',
  };
  const same =
    canonicalJson(context as JsonValue) === canonicalJson(known as JsonValue) &&
    canonicalJson(shown) === canonicalJson(command.shown) &&
    draft.taskId === known.taskId &&
    draft.studyUid === known.studyUid &&
    draft.readerId === session.reader.id;
  if (!same || study === null)
    return failure(
      'stale-case',
      'What you saw is not what would be signed here. Open the case again; your words are kept.',
    );
  if ((detail.identity.grade === 'stop' || detail.identity.grade === 'ask') && detail.identityResolution === null)
    return failure(
      'identity-stop',
      'Order and images differ. Resolve it with a reason before you sign; that needs the group host.',
    );
  if (!later && (detail.claim === null || detail.claim.fencingToken !== command.fencingToken))
    return failure('lease-lapsed', 'You have not claimed this study. Your words are kept in the draft.');
  const words = command.kind === 'addendum' ? draft.addendum : draft.sections['19005-8'] + draft.sections['59776-5'];
  if (words.trim() === '')
    return failure(
      'bad-request',
      command.kind === 'addendum' ? 'The addendum is empty.' : 'Findings and Impression are both empty.',
    );
  if (command.kind !== 'addendum' && draft.sections['19005-8'].trim() === '')
    return failure('bad-request', 'The Impression is empty. Your words are kept in the draft.');
  if (later && draft.reason.trim() === '') return failure('bad-request', 'Say why the report is changed.');
  const parent = detail.report.versions.findLast((one) => one.returned === null) ?? null;
  // Whether the other exams are still the same patient's and still hers is known to the record alone.
  if ((draft.together ?? []).length > 0 || parent?.content.together !== undefined)
    return failure(
      'not-a-legal-move',
      'A report over several exams is signed while a group host answers. Report them one by one, or sign when the line is back; your words are kept.',
    );
  const signedAt = instant(from.signedAt);
  const { reader } = session;
  const content: ReportContent = {
    schema: 'overread-report-1',
    reportId: detail.report.reportId,
    version: (parent?.version ?? 0) + 1,
    kind: command.kind,
    parentDigest: parent?.digest ?? null,
    taskId: known.taskId,
    orderId: known.orderId,
    archive: known.archive,
    studyUid: study.studyUid,
    accession: known.accession,
    patient: row.patient,
    exam: {
      procedure: shown.exam,
      modality: study.modalities[0] ?? order?.modality ?? null,
      bodyPart: row.bodyPart === '' ? null : row.bodyPart,
      laterality: row.laterality,
      studyDate: study.studyDate,
      site: order?.site?.name ?? null,
    },
    sections: nextSections(command.kind, draft as never, parent?.content.sections ?? null),
    reason: later ? draft.reason : null,
    measurements: draft.measurements,
    instances: [...from.instances].sort(),
    comparisons: [...command.comparisons].sort(),
    ...(command.seriesOpened === undefined ? {} : { seriesOpened: [...command.seriesOpened].sort() }),
    identityResolution: detail.identityResolution,
    signer: { id: reader.id, name: reader.name, npi: reader.npi },
    signedAt,
    fencingToken: later ? null : command.fencingToken,
    auditHead: from.auditHead,
    notForClinicalUse: detail.notForClinicalUse,
  };
  const { password: _password, ...kept } = command;
  return ok({
    command: kept,
    version: {
      version: content.version,
      kind: command.kind,
      state: 'signed-not-released',
      digest: sha256(canonicalJson(content as unknown as JsonValue)),
      content,
      releasedAt: null,
      returned: null,
    },
    instances: content.instances,
    signedAt,
    session,
    returned: null,
  });
}

/** A report with what was signed here and has not been handed over. */
export function withPending(report: ReportView, pending: Pending | null): ReportView {
  if (pending === null) return report;
  const version: ReportVersion = { ...pending.version, returned: pending.returned };
  // Handed over and known over there already: theirs is the truth.
  if (
    pending.returned === null &&
    report.versions.some((one) => one.version === version.version && one.returned === null)
  )
    return report;
  return {
    ...report,
    state: pending.returned === null ? 'signed-not-released' : report.state,
    versions: [...report.versions, version],
  };
}
