import type { Failure } from '../../../shared/api/index.ts';
import {
  type CriticalResult,
  closesLevel,
  conversationMove,
  criticalDue,
  lackingOf,
  longestName,
  type ReadBack,
} from '../../../shared/domain/critical/index.ts';
import {
  codeOf,
  endLink,
  linkLasts,
  linkStanding,
  mayLookAgain,
  mostWrongCodes,
  type PhysicianLink,
  pressOpen,
  spokenCode,
  typedCode,
  viewLasts,
  withShown,
} from '../../../shared/domain/physician-page/index.ts';
import { deriveId, stateAfter } from '../../../shared/domain/report/index.ts';
import type {
  CodeTrouble,
  PageCritical,
  PageNotice,
  PhysicianReport,
} from '../../../shared/interop/physician-page/index.ts';
import { after, millis } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { AuditLog } from '../audit/types.ts';
import type { CriticalRoom } from '../critical/critical-room.ts';
import { sha256 } from '../digest.ts';
import { caseEvent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { RecordClient } from '../record/types.ts';
import { failure } from '../routes/mount.ts';
import { type CurrentReport, currentReport } from './current-report.ts';
import type { LinkStore } from './link-store.ts';

/** The links of the ordering physician's page: made by who reads or leads, opened by who has link and code. */
export type PhysicianRoom = {
  ofTask(taskId: string): Promise<Result<readonly PhysicianLink[], Failure>>;
  /** Link and code are told here once and kept nowhere. */
  make(
    facts: CaseFacts,
    by: { readonly id: string; readonly name: string },
    recipient: string,
  ): Promise<Result<{ readonly link: PhysicianLink; readonly token: string; readonly code: string }, Failure>>;
  end(facts: CaseFacts, linkId: string, by: string): Promise<Result<null, Failure>>;
  /** A person entered a code and pressed Open. */
  open(token: string, typed: string, press: string): Promise<Result<PhysicianReport, CodeTrouble>>;
  /** Who opened it asks once more. */
  again(token: string, press: string): Promise<Result<PhysicianReport, CodeTrouble>>;
  pdf(
    token: string,
    press: string,
  ): Promise<Result<{ readonly bytes: Uint8Array; readonly name: string }, CodeTrouble>>;
  /** Who opened it reads a critical result back: levels 2 and 3 are closed by it, level 1 never. */
  readBack(
    token: string,
    press: string,
    resultId: string,
    given: GivenReadBack,
  ): Promise<Result<PhysicianReport, CodeTrouble>>;
  /** Writes what was opened to the timeline where a host died over it, and lays aside what is over. */
  sweep(): Promise<void>;
};

/** What the form of a read-back gives. */
export type GivenReadBack = Pick<ReadBack, 'who' | 'role' | 'callBack' | 'canAct' | 'words'>;

const channel = 'physician-page';
const longestRecipient = 120;

type Parts = {
  readonly links: LinkStore;
  readonly record: Pick<RecordClient, 'read' | 'recordNow'>;
  readonly reports: Pick<ReportBook, 'of' | 'verify' | 'document'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly events: Pick<EventBook, 'write'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly critical: Pick<CriticalRoom, 'book' | 'moveCritical'>;
  readonly ports: Ports;
  /** Told of the case whose links changed. */
  readonly onChange: (taskId: string) => void;
};

export function createPhysicianRoom(parts: Parts): PhysicianRoom {
  const { links, record, reports, book, events, audit, ports } = parts;
  const silent = failure('upstream-unreachable', 'The record does not answer, so the links are not known. Ask again.');

  /** Everything that was put before the person, on the timeline: the same events again add nothing. */
  const tell = async (link: PhysicianLink): Promise<boolean> => {
    const facts = book.facts(link.taskId);
    // Not read from the record yet, after a start: a later sweep tells it.
    if (facts === null) return false;
    return events.write(
      link.shown.map(({ version, digest, at }) =>
        caseEvent(facts, 'report.opened', at, {
          actor: { kind: 'device', name: 'Physician’s page' },
          part: `${link.id}|${digest}`,
          channel,
          detail: `a person with the code; link for ${link.recipient}, made by ${link.madeBy.name}`,
          report: { id: link.reportId, version },
        }),
      ),
    );
  };
  const note = (
    link: PhysicianLink,
    purpose: 'look' | 'export',
    detail: string,
    by = `physician’s page, link ${link.id.slice(0, 8)}`,
  ): Promise<Result<void, unknown>> => {
    const facts = book.facts(link.taskId);
    const patient = facts?.order?.patient.id ?? facts?.seen?.study.patient.id ?? null;
    return audit.record([{ user: by, purpose, patient, studyUid: facts?.task.studyUid ?? null, detail }]);
  };

  const toShow = (
    link: PhysicianLink,
    found: CurrentReport & { readonly kind: 'report' },
    now: ReturnType<typeof record.recordNow>,
  ): PhysicianReport => ({
    ...found.report,
    linkedVersion: link.version,
    asOf: now,
    until: link.opening?.until ?? now,
    criticals: pageCriticals(parts.critical.book.ofTask(link.taskId)),
    notice: null,
  });

  type Judged = { readonly link: PhysicianLink; readonly shown: Result<PhysicianReport, CodeTrouble> };
  /** Puts the newest version before the person, once it is kept that she sees it, told to the timeline and noted in the access log. */
  const show = async (
    id: string,
    judge: (link: PhysicianLink) => { readonly link: PhysicianLink; readonly trouble: CodeTrouble | null },
  ): Promise<Result<PhysicianReport, CodeTrouble>> => {
    const kept = await links.change<Judged>(id, async (before) => {
      const now = record.recordNow();
      const { link, trouble } = judge(before);
      if (trouble !== null) return { link, answer: { link, shown: err(trouble) } };
      // After a start its case is read from the record first: what could not be told to the timeline is not opened.
      if (book.facts(link.taskId) === null) return { link: before, answer: { link: before, shown: err('not-now') } };
      const found = await currentReport({ record, reports, book }, link.taskId);
      // Nothing can be shown: the code is not spent on it.
      if (found.kind !== 'report') return { link: before, answer: { link: before, shown: err(found.kind) } };
      const seen = withShown(link, found.seen, now);
      return { link: seen, answer: { link: seen, shown: ok(toShow(seen, found, now)) } };
    });
    if (!kept.ok) return err('not-now');
    if (kept.value === null) return err('refused');
    const { link, shown } = kept.value;
    if (!shown.ok) {
      if (shown.error !== 'not-now' && shown.error !== 'altered') {
        // A user name of its own for each: entries of one quarter of an hour under one name are one entry.
        const tries = `${shown.error}, wrong codes ${link.wrongCodes} of ${mostWrongCodes}`;
        await note(link, 'look', `nothing shown: ${tries}`, `physician’s page, link ${link.id.slice(0, 8)}, ${tries}`);
        parts.onChange(link.taskId);
      }
      return shown;
    }
    ports.step?.('physician-opened');
    const told = await tell(link);
    const noted = told
      ? await note(link, 'look', `link for ${link.recipient}, version ${shown.value.content.version}`)
      : null;
    if (noted?.ok !== true) return err('not-noted');
    parts.onChange(link.taskId);
    return shown;
  };

  const again: PhysicianRoom['again'] = async (token, press) => {
    const id = links.idOf(token);
    const pressMark = links.pressMark(id, press);
    return show(id, (link) => ({
      link,
      trouble: mayLookAgain(link, pressMark, record.recordNow()) ? null : lookTrouble(link, pressMark),
    }));
  };

  const newCode = (): string => {
    for (;;) {
      const code = codeOf(ports.randomBytes(4));
      if (code !== null) return code;
    }
  };

  return {
    ofTask: async (taskId) => {
      const found = await links.ofTask(taskId);
      return found.ok ? ok([...found.value].sort((a, b) => b.madeAt - a.madeAt)) : silent;
    },
    make: async (facts, by, recipient) => {
      const { released } = facts.task;
      const to = recipient.trim().slice(0, longestRecipient);
      if (to === '')
        return failure('bad-request', 'Say for whom the link is: it stands on the timeline when it is opened.');
      if (released === null)
        return failure('not-a-legal-move', 'No version of this report is released yet, so there is nothing to open.');
      const token = Buffer.from(ports.randomBytes(16)).toString('base64url');
      const code = newCode();
      const id = links.idOf(token);
      const now = record.recordNow();
      const link: PhysicianLink = {
        id,
        taskId: facts.task.id,
        reportId: released.reportId,
        version: released.version,
        madeBy: by,
        madeAt: now,
        recipient: to,
        expiresAt: after(now, linkLasts),
        codeMark: links.codeMark(id, code),
        wrongCodes: 0,
        opening: null,
        shown: [],
        ended: null,
      };
      if (!(await links.add(link)))
        return failure('upstream-unreachable', 'The record does not answer, so no link was made. Try again.');
      parts.onChange(link.taskId);
      return ok({ link, token, code: spokenCode(code) });
    },
    end: async (facts, linkId, by) => {
      const done = await links.change(linkId, async (link) =>
        // A link of another case is none of this one's.
        link.taskId === facts.task.id
          ? { link: endLink(link, by, record.recordNow()), answer: true }
          : { link, answer: false },
      );
      if (!done.ok)
        return failure('upstream-unreachable', 'The record does not answer, so the link stands. Try again.');
      if (done.value !== true) return failure('not-found', 'There is no such link of this report.');
      parts.onChange(facts.task.id);
      return ok(null);
    },
    open: async (token, typed, press) => {
      const id = links.idOf(token);
      const code = typedCode(typed);
      // What cannot be a code is no guess either; it must not lock out who mistyped its length.
      if (code === null) return err('refused');
      const pressed = { codeMark: links.codeMark(id, code), pressMark: links.pressMark(id, press) };
      return show(id, (link) => {
        const { link: judged, answer } = pressOpen(link, pressed, record.recordNow());
        return { link: judged, trouble: answer === 'open' || answer === 'again' ? null : answer };
      });
    },
    again,
    pdf: async (token, press) => {
      const id = links.idOf(token);
      const pressMark = links.pressMark(id, press);
      const kept = await links.change(id, async (link) => ({ link, answer: link }));
      if (!kept.ok) return err('not-now');
      const link = kept.value;
      if (link === null) return err('refused');
      if (!mayLookAgain(link, pressMark, record.recordNow())) return err(lookTrouble(link, pressMark));
      const found = await currentReport({ record, reports, book }, link.taskId);
      if (found.kind !== 'report') return err(found.kind);
      const { content, digest, state } = found.report;
      // A version that she has not seen as a page is not handed out behind it; and of withdrawn words there is no document.
      const withdrawn = state === 'entered-in-error' && content.kind !== 'withdrawal';
      if (withdrawn || !link.shown.some((one) => one.digest === digest)) return err('not-now');
      const bytes = await reports.document(link.taskId, digest);
      if (bytes === null) return err('not-now');
      const noted = await note(link, 'export', `PDF of version ${content.version}, link for ${link.recipient}`);
      if (!noted.ok) return err('not-noted');
      const accession = (content.accession ?? '').replace(/[^A-Za-z0-9-]/g, '').slice(0, 40);
      const name = ['report', accession, `v${content.version}`, stateAfter(content.kind)].filter((one) => one !== '');
      return ok({ bytes, name: `${name.join('-')}.pdf` });
    },
    readBack: async (token, press, resultId, given) => {
      const id = links.idOf(token);
      const seen = await again(token, press);
      if (!seen.ok) return seen;
      const open = seen.value.criticals.find((one) => one.id === resultId && one.closed === null);
      if (open === undefined)
        return ok({
          ...seen.value,
          notice: { tone: 'notice', words: 'That was read back already. Nothing was added.' },
        });
      // The same words of the same person, sent twice, are one read-back; other words are another.
      const moveId = deriveId('page-read-back', [id, resultId, JSON.stringify(given)], sha256);
      const said = { id: moveId, by: { id: channel, name: given.who.trim().slice(0, longestName) }, ago: millis(0) };
      const whole = { ...given, way: 'page' as const };
      // As the form asks for all of it, what is lacking is said and nothing is kept.
      const lacking = lackingOf(whole);
      if (lacking !== null)
        return ok({ ...seen.value, notice: { tone: 'alarm', words: `${lacking} Nothing was kept.` } });
      const moved = await parts.critical.moveCritical(
        seen.value.content.taskId,
        resultId,
        conversationMove(said, whole, null, open.level),
      );
      if (!moved.ok) return ok({ ...seen.value, notice: { tone: 'alarm', words: `Not kept: ${moved.error.message}` } });
      const verdict = closesLevel(open.level, whole);
      const notice: PageNotice = verdict.closes
        ? { tone: 'notice', words: 'Your read-back is kept. Thank you.' }
        : { tone: 'alarm', words: `Kept as an attempt; it is still open. ${verdict.words}` };
      const criticals = pageCriticals(
        parts.critical.book.ofTask(moved.value.taskId).map((one) => (one.id === resultId ? moved.value : one)),
      );
      return ok({ ...seen.value, criticals, notice });
    },
    sweep: async () => {
      const found = await links.live();
      if (!found.ok) return;
      const now = record.recordNow();
      for (const link of found.value) {
        const told = link.shown.length === 0 || (await tell(link));
        const until = link.opening?.until ?? link.expiresAt;
        // A minute's grace for a press that is under way.
        const over = linkStanding(link, now) === 'ended' || now > after(until, viewLasts);
        if (told && over) await links.close(link.id);
      }
    },
  };
}

/** Those that are open, and those that somebody has read back; what was begun by mistake is nobody's matter. */
function pageCriticals(results: readonly CriticalResult[]): readonly PageCritical[] {
  return results.flatMap((result): PageCritical[] => {
    const { id, level, finding, ending } = result;
    if (ending !== null && ending.kind !== 'closed') return [];
    const closed = ending === null ? null : { who: ending.readBack.who, way: ending.readBack.way, at: ending.at };
    return [{ id, level, finding, due: criticalDue(result), closed }];
  });
}

/** Who opened it is told that its time is over; who did not is told nothing. */
function lookTrouble(link: PhysicianLink, pressMark: string): CodeTrouble {
  if (link.opening?.pressMark !== pressMark) return 'refused';
  return link.ended === null ? 'over' : 'ended';
}
