import type { Hono } from 'hono';
import type { CaseDetail } from '../../../shared/api/index.ts';
import { type LookReason, lackOfLookReason, lookReasons } from '../../../shared/domain/audit/index.ts';
import { may } from '../../../shared/domain/reader/index.ts';
import { type CaseContext, stillNames } from '../../../shared/domain/reading/index.ts';
import type { IdentityResolution } from '../../../shared/domain/report/index.ts';
import { type Study, startedEarly } from '../../../shared/domain/study/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import { storeMarks } from '../documents/store-marks.ts';
import type { Sessions } from '../identity/types.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Journal } from '../journal/types.ts';
import type { PendingRoom } from '../pending-signature/pending-room.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import { contextOf as contextOfFacts } from '../reading/case-context.ts';
import type { Claims } from '../reading/claims.ts';
import type { DraftStore } from '../reading/draft-store.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { LinkedDesk } from '../reading/linked-desk.ts';
import { prefillFor } from '../reading/prefill.ts';
import type { Priors } from '../reading/priors.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import type { WorklistChanges } from '../reading/worklist-changes.ts';
import type { RecordClient } from '../record/types.ts';
import { accessNote, listNote } from './access-note.ts';
import { listEarly } from './list-early.ts';
import { failure, mount } from './mount.ts';
import type { OpenCase, OpenCases } from './open-cases.ts';

type CaseRoutes = {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly record: RecordClient;
  readonly audit: AuditLog;
  readonly journal: Journal;
  readonly book: CaseBook;
  readonly changes: WorklistChanges;
  readonly claims: Claims;
  readonly drafts: DraftStore;
  readonly events: EventBook;
  readonly studies: StudyBook;
  readonly priors: Priors;
  readonly reports: ReportBook;
  readonly pending: Pick<PendingRoom, 'view'>;
  readonly openCases: OpenCases;
  readonly rights: ReadingRights;
  readonly linked: LinkedDesk;
  readonly sites: Pick<SiteBook, 'agreedWith'>;
  /** A case with these images is being opened by somebody who may. */
  readonly onOpening?: (study: Study) => void;
  /** Whether a print that a window remembers stands for all that the archive says of these images now. */
  readonly stillStands?: (study: Study, print: string) => Promise<boolean>;
  readonly onResolution: (taskId: string, resolution: IdentityResolution) => void;
  readonly archive: Pick<ArchiveClient, 'name' | 'searchStudies' | 'store' | 'instanceMetadata'>;
  /** Of this program, as documents name it. */
  readonly version: string;
  readonly demo: boolean;
  /** The moment up to which the list is known to be what the record holds; null before the first reading. */
  readonly asOf: () => Instant | null;
};

/** A reason as the access log keeps it; null where none was given, or not enough of one. */
function lookDetail(reason: { readonly kind: LookReason; readonly words: string } | undefined): string | null {
  if (reason === undefined || lackOfLookReason(reason.kind, reason.words) !== null) return null;
  const words = reason.words.trim();
  return words === '' ? lookReasons[reason.kind] : `${lookReasons[reason.kind]}: ${words}`;
}

/** How long the opening of a case waits for its priors, in milliseconds; what is found later is asked for by itself. */
const priorsWait = 1_500;

/** The worklist; opening, renewing, releasing and closing a case; identity; drafts. */
export function mountCaseRoutes(routes: CaseRoutes): void {
  const { app, sessions, ports, audit, book, claims, drafts, events, openCases } = routes;
  const looked = accessNote(audit, book);
  const listInstances = listEarly(openCases, routes.studies, ports);
  const stamps = new Map<string, { readonly stamp: string; readonly from: number }>();
  sessions.onChange((token, change) => {
    if (change === 'ended') stamps.delete(token);
  });
  const missing = failure('not-found', 'That study is not on the list any more. Go back to the list.');

  const contextOf = (facts: CaseFacts, epoch: number): CaseContext => ({ ...contextOfFacts(facts), epoch });

  mount(app, sessions, ports, 'worklist', async ({ input, session }) => {
    const refusal = await listNote(audit, session.reader);
    if (refusal !== null) return refusal;
    const stamp = routes.rights.stamp(session);
    // What she may read has changed since this session last asked: the rows that did not change say something else now.
    // An answer with that version has to arrive before less than the whole list will do.
    let known = stamps.get(session.token);
    if (known?.stamp !== stamp) {
      known = { stamp, from: routes.changes.renew() };
      stamps.set(session.token, known);
    }
    const since = input.since ?? null;
    const found = routes.changes.since(since !== null && since >= known.from ? since : null);
    const now = routes.record.recordNow();
    const judge = routes.rights.judge(session);
    return ok({
      version: found.version,
      full: found.full,
      asOf: routes.asOf() ?? now,
      rows: found.rows.map((row) => ({ ...row, mayRead: judge(row.taskId) })),
      removed: found.removed,
    });
  });

  /** Its priors as far as they are known in time, and what these, order and images say for the first sections. */
  const sourcesOf = async (facts: CaseFacts) => {
    const search = await routes.priors.soon(facts, priorsWait);
    const earlier = search === null ? [] : routes.priors.shown(facts, search);
    const view = search === null ? null : routes.priors.view(facts, search);
    const nothingFound = view !== null && view.priors.length === 0 && view.told.length === 0;
    // "None available" is claimed only where a whole search found nothing, not even a report or a probable one.
    const told = search === null || (earlier.length === 0 && !nothingFound) ? null : earlier;
    return { earlier, prefill: prefillFor(facts, routes.book.row(facts).images, told) };
  };

  mount(app, sessions, ports, 'caseSources', async ({ params, input, session }) => {
    const opened = openCases.find(session.token, params.taskId, input.epoch);
    const facts = opened === null ? null : book.facts(params.taskId);
    if (facts === null) return failure('stale-case', 'That case is not open in this window any more. Open it again.');
    const { prefill } = await sourcesOf(facts);
    // The newest prior is named by its date.
    const noted = await audit.record([
      {
        user: session.reader.userName,
        purpose: 'prior',
        patient: opened?.patientId ?? null,
        studyUid: facts.task.studyUid,
      },
    ]);
    return noted.ok ? ok({ prefill }) : failure('audit-unavailable', noted.error.message);
  });

  /** What the page asks as soon as a case is open: its series, their metadata, its priors. */
  const ahead = (known: CaseFacts): void => {
    if (known.seen !== null) routes.onOpening?.(known.seen.study);
    void routes.priors.search(known).catch(() => undefined);
  };

  mount(app, sessions, ports, 'expectCase', async ({ params, input, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return ok({});
    const { role } = session.reader;
    const allowed =
      input.mode === 'read'
        ? may(role, 'read', facts.task.state).allowed && routes.rights.mayRead(session, facts).allowed
        : role !== 'radiologist' || routes.rights.mayLook(session, facts).allowed;
    // The opening itself says what may not be and why; nothing leaves the host by this.
    if (allowed) ahead(facts);
    return ok({});
  });

  mount(app, sessions, ports, 'openCase', async ({ params, input, session }) => {
    const { reader } = session;
    let facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const patientId = contextOf(facts, input.epoch).patientId;
    const reason = input.mode === 'look' ? lookDetail(input.lookReason) : null;
    // Her own list is what she may read; a lead and a reviewer look at all studies by their office.
    if (input.mode === 'look' && reader.role === 'radiologist' && reason === null) {
      const rights = routes.rights.mayLook(session, facts);
      if (!rights.allowed)
        return failure('reason-needed', `This study is outside your own list: ${rights.reason}. Say why you look.`);
    }
    const noted = await audit.record([
      {
        user: reader.userName,
        purpose: input.mode,
        patient: patientId,
        studyUid: facts.task.studyUid,
        ...(reason === null ? {} : { detail: reason }),
      },
    ]);
    if (!noted.ok) return failure('audit-unavailable', noted.error.message);
    let claimed = facts.task.claim;
    let stands: Promise<boolean> | undefined;
    const begin = (known: CaseFacts): void => {
      const study = known.seen?.study ?? null;
      if (study !== null && input.remembered !== undefined) stands = routes.stillStands?.(study, input.remembered);
      ahead(known);
    };
    // While the claim is written.
    if (input.mode === 'look') begin(facts);
    if (input.mode === 'read') {
      const permission = may(reader.role, 'read', facts.task.state);
      if (!permission.allowed)
        return failure(permission.because === 'role' ? 'forbidden' : 'not-a-legal-move', permission.words);
      const rights = routes.rights.mayRead(session, facts);
      if (!rights.allowed) return failure('forbidden', rights.reason);
      begin(facts);
      if (facts.task.state !== 'completed') {
        const claim = await claims.claim(params.taskId, reader);
        facts = book.facts(params.taskId) ?? facts;
        // It was completed while we asked, as by a signature that was released just now: it is opened as any finished study is.
        if (!claim.ok && facts.task.state !== 'completed') return claim;
        claimed = facts.task.claim;
        if (claim.ok) {
          const opened = await claims.move(params.taskId, {
            kind: 'open',
            reader: reader.id,
            fencingToken: claim.value.lastFencingToken,
          });
          claimed = (opened.ok ? opened.value : claim.value).claim;
          facts = book.facts(params.taskId) ?? facts;
          const actor = { kind: 'person', id: reader.id, name: reader.name } as const;
          const token = String(claim.value.lastFencingToken);
          // Their ids follow from the token: one claim and one opening are written once, however often the case is opened again.
          await events.write([
            caseEvent(facts, 'task.claimed', routes.record.recordNow(), { actor, part: token }),
            caseEvent(facts, 'read.opened', routes.record.recordNow(), {
              actor,
              part: token,
              detail: startedEarly(book.images(facts, events.of(facts.task.id)), ports.now()) ?? '',
            }),
          ]);
        }
      }
    }
    const study = facts.seen?.study ?? null;
    const linked = routes.linked.of(facts);
    const { earlier, prefill } = await sourcesOf(facts);
    // What is read together is seen together: its images hang beside these, whichever was made first.
    const beside = linked.flatMap(({ facts: other, why }) =>
      other.seen === null
        ? []
        : [
            {
              study: other.seen.study,
              reason: `${why}, to be read with this exam`,
              report: null,
              linked: contextOfFacts(other).accession ?? 'no accession',
            },
          ],
    );
    const priors = [...beside, ...earlier];
    // Their descriptions and reports are about to leave the host too.
    const notedPriors = await audit.record(
      priors.map((prior) => ({
        user: reader.userName,
        purpose: 'prior' as const,
        patient: prior.study.patient.id,
        studyUid: prior.study.studyUid,
      })),
    );
    if (!notedPriors.ok) return failure('audit-unavailable', notedPriors.error.message);
    const row = { ...book.row(facts), mayRead: routes.rights.mayRead(session, facts) };
    const opened: OpenCase = {
      token: session.token,
      taskId: params.taskId,
      epoch: input.epoch,
      mode: input.mode,
      studyUid: facts.task.studyUid,
      patientId,
      studies: new Set([
        ...(facts.task.studyUid === null ? [] : [facts.task.studyUid]),
        ...priors.map((prior) => prior.study.studyUid),
      ]),
    };
    openCases.open(opened);
    if (study !== null) listInstances(opened, study.studyUid);
    const mine = claimed !== null && claimed.reader === reader.id;
    const agreed = routes.sites.agreedWith(facts);
    const report = await routes.reports.of(params.taskId);
    const pending = await routes.pending.view(facts, reader, report);
    const rememberedStands = (await stands) === true ? input.remembered : undefined;
    return ok({
      context: contextOf(facts, input.epoch),
      mode: input.mode,
      row,
      order: facts.order,
      study,
      identity: facts.identity,
      identityResolution: facts.resolution,
      claim: mine ? claimed : null,
      report,
      draft: input.mode === 'read' ? await drafts.latest(params.taskId, reader.id) : null,
      prefill,
      priors,
      notForClinicalUse: routes.demo,
      ...(rememberedStands === undefined ? {} : { rememberedStands }),
      ...(pending === null ? {} : { pending }),
      ...(agreed === null ? {} : { contacts: [...agreed.contacts] }),
      ...(agreed?.site.address === undefined
        ? {}
        : { facility: { name: agreed.site.name, address: agreed.site.address } }),
    } satisfies CaseDetail);
  });

  mount(app, sessions, ports, 'renewClaim', async ({ params, input, session }) => {
    const renewed = await claims.renew(params.taskId, session.reader, input.fencingToken);
    if (renewed.ok) await routes.linked.renew(session.reader, params.taskId);
    return renewed;
  });

  mount(app, sessions, ports, 'releaseClaim', async ({ params, input, session }) => {
    const released = await claims.release(params.taskId, session.reader, input.fencingToken);
    if (!released.ok) return released;
    await routes.linked.giveBack(session.reader, params.taskId, input.reason);
    const facts = book.facts(params.taskId);
    const actor = { kind: 'person', id: session.reader.id, name: session.reader.name } as const;
    if (facts !== null)
      await events.write([
        caseEvent(facts, 'task.released', routes.record.recordNow(), {
          actor,
          part: String(input.fencingToken),
          detail: input.reason,
        }),
      ]);
    return ok({});
  });

  mount(app, sessions, ports, 'closeCase', async ({ params, input, session }) => {
    openCases.close(session.token, params.taskId, input.epoch);
    return ok({});
  });

  mount(app, sessions, ports, 'resolveIdentity', async ({ params, input, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const differences = facts.identity.differences.map((one) => one.words);
    if (JSON.stringify(differences) !== JSON.stringify(input.differences)) {
      return failure('stale-case', 'The differences have changed since you saw them. Look at them again.');
    }
    const resolution: IdentityResolution = {
      reason: input.reason,
      by: session.reader.name,
      at: routes.record.recordNow(),
      differences,
    };
    const kept = await routes.journal.append([{ kind: 'identity-resolution', key: params.taskId, body: resolution }]);
    const actor = { kind: 'person', id: session.reader.id, name: session.reader.name } as const;
    const took = async (): Promise<void> => {
      routes.onResolution(params.taskId, resolution);
      await events.write([
        caseEvent(facts, 'identity.resolved', resolution.at, {
          actor,
          part: String(resolution.at),
          detail: 'identity difference resolved with a recorded reason',
        }),
      ]);
    };
    if (!kept.ok && kept.error.code === 'not-known') {
      // It shows on the case as soon as the disk has told; a reason given again meanwhile is one more entry and no harm.
      void kept.error.settled
        .then((settlement) => (settlement.kind === 'kept' ? took() : undefined))
        .catch(() => undefined);
      return failure('not-known', kept.error.message);
    }
    if (!kept.ok) return failure('not-saved', kept.error.message);
    await took();
    return ok(resolution);
  });

  mount(app, sessions, ports, 'saveMarks', async ({ params, input, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    if (input.context.taskId !== params.taskId || !stillNames(input.context, contextOf(facts, input.context.epoch)))
      return failure(
        'stale-case',
        'These marks belong to another case than the one the host has open. They stay on this screen; open the case again.',
      );
    const { archive, studies, record, version, demo } = routes;
    return storeMarks(
      { archive, studies, audit, recordNow: record.recordNow, version, demo },
      facts,
      session,
      input.marks,
    );
  });

  mount(app, sessions, ports, 'saveDraft', async ({ params, input, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const { draft, context } = input;
    const here = contextOf(facts, context.epoch);
    if (
      draft.taskId !== params.taskId ||
      context.taskId !== params.taskId ||
      draft.readerId !== session.reader.id ||
      !stillNames(context, here)
    ) {
      return failure(
        'stale-case',
        'These words belong to another case than the one the host has open. They stay on this screen; open the case again.',
      );
    }
    const saved = await drafts.save({ ...draft, savedAt: ports.now() });
    if (!saved.ok) return saved;
    const actor = { kind: 'person', id: session.reader.id, name: session.reader.name } as const;
    if (saved.value.first)
      await events.write([
        caseEvent(facts, 'report.draftSaved', routes.record.recordNow(), {
          actor,
          part: `${draft.kind}-${draft.baseVersion}`,
        }),
      ]);
    return ok({ revision: saved.value.revision, savedAt: saved.value.savedAt });
  });

  mount(app, sessions, ports, 'readDraft', async ({ params, session }) => {
    const refusal = await looked(params.taskId, session.reader.userName, 'read');
    return refusal ?? ok({ draft: await drafts.latest(params.taskId, session.reader.id) });
  });

  mount(app, sessions, ports, 'timeline', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const refusal = await looked(params.taskId, session.reader.userName, 'look');
    return refusal ?? ok({ ...routes.reports.timeline(facts), filling: events.filling() });
  });
}
