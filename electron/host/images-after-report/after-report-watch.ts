import {
  type Colleague,
  dueAfterReport,
  type ImageDifference,
  type ImagesAfterReport,
  imageDifference,
  isJudged,
  isNothing,
  stepAfterReport,
  totals,
  uidsDigest,
  whomToTell,
} from '../../../shared/domain/images-after-report/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import { after, type Instant, type Millis, millis, minutes } from '../../../shared/lib/instant.ts';
import { ok } from '../../../shared/lib/result.ts';
import { sha256 } from '../digest.ts';
import type { Duties } from '../duties/duties.ts';
import type { Accounts } from '../identity/types.ts';
import { paced } from '../paces.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { StudyBook } from '../reading/study-poll.ts';
import type { RecordClient } from '../record/types.ts';
import type { Matters } from '../site-desk/matters.ts';
import { type AfterReportBook, afterReports } from './after-report-book.ts';
import { createLookQueue } from './look-queue.ts';
import type { ImagesRoom, ReleasedVersion } from './signed-images.ts';

type WatchParts = {
  readonly book: Pick<CaseBook, 'facts' | 'follow'>;
  readonly items: AfterReportBook;
  readonly studies: Pick<StudyBook, 'isMissing'>;
  readonly images: ImagesRoom;
  readonly archive: { readonly name: string };
  readonly matters: Matters;
  readonly record: Pick<RecordClient, 'recordNow' | 'read'>;
  readonly events: Pick<EventBook, 'of'>;
  readonly sites: Pick<SiteBook, 'termsOf'>;
  readonly accounts: Pick<Accounts, 'list'>;
  readonly rights: Pick<ReadingRights, 'mayRead' | 'shift'>;
  /** Asked before each round: of several hosts over one record one looks and one tells. */
  readonly duties: Pick<Duties, 'holds'>;
  readonly ports: Pick<Ports, 'now' | 'step' | 'pace'>;
};

/**
 * Compares what each released report was signed on with what the archive holds now, raises what differs, follows it while it is open and
 * tells whom it concerns. One Task in the record decides, so that several hosts and a killed one raise each difference once.
 */
export type AfterReportWatch = { round(): Promise<void> };

/** How long after its release a report is looked after without anything open: later, what comes is another exam's matter. */
const watchedFor = minutes(30 * 24 * 60);
/** No two looks at one study without a sign of change come closer. What nobody tells (a whole study that is gone) is seen then. */
const lookAgain = minutes(15);
/** While images come in, the study is looked at this often and not at each of them. */
const whileComing = millis(10_000);
/** Before a look is made again that could not be made. */
const retryAfter = millis(30_000);
/** Looks in one round. */
const mostLooks = 8;
/** One case has never so many; a number that nobody reaches ends a loop that a strange record would not. */
const mostItems = 500;

export function createAfterReportWatch(parts: WatchParts): AfterReportWatch {
  const { book, items, images, matters, record, duties, ports } = parts;
  const takeChanges = book.follow();
  const pace = (usual: Millis): Millis => millis(paced(ports, 'looks after report', usual));
  const queue = createLookQueue({ again: lookAgain, soon: pace(whileComing), retry: pace(retryAfter) });
  /** Fingerprint of what a look found nothing in, by case: the same again needs no second comparison. */
  const same = new Map<string, string>();
  /** How many images the last look did not find, by case. */
  const goneBefore = new Map<string, number>();

  const follow = (): void => {
    const now = ports.now();
    for (const id of takeChanges().tasks) {
      const facts = book.facts(id);
      // Another archive's images are missing in this one without having been withdrawn.
      const elsewhere = facts?.task.archive != null && facts.task.archive !== parts.archive.name;
      const { released = null, studyUid = null } = facts?.task ?? {};
      // A withdrawn report is signed on nothing any more.
      if (facts === null || elsewhere || released === null || released.kind === 'withdrawal' || studyUid === null) {
        queue.drop(id);
        same.delete(id);
        goneBefore.delete(id);
        continue;
      }
      const history = parts.events.of(id);
      const out = history.filter((one) => one.type.startsWith('report.') && one.actor.kind === 'person').at(-1);
      const until = after(out?.occurredAt ?? facts.task.authoredOn, watchedFor);
      const { seen, task } = facts;
      const sign = [
        task.released?.digest,
        seen?.study.instanceCount,
        seen?.study.seriesCount,
        seen?.changedAt,
        parts.studies.isMissing(task.studyUid ?? ''),
        facts.order === null,
      ].join('|');
      queue.follow(id, { sign, until: items.ofTask(id).some(isOpen) ? null : until }, now);
    }
  };

  const subjectOf = (facts: CaseFacts) => ({
    taskId: facts.task.id,
    orderId: facts.task.orderId,
    siteId: facts.order?.site?.id ?? null,
    patientReference: facts.order?.patientReference ?? null,
    studyUid: facts.task.studyUid ?? '',
  });

  /** Numbered in the case of one version: two hosts that see the images come one by one mean the same matter, whatever each has seen yet. */
  const idOf = (facts: CaseFacts, digest: string, place: number): string =>
    deriveId('images-after', [facts.task.id, digest, place], sha256);

  const raise = async (facts: CaseFacts, version: ReleasedVersion, difference: ImageDifference): Promise<boolean> => {
    for (let place = 0; place < mostItems; place += 1) {
      const id = idOf(facts, version.report.digest, place);
      const there = await record.read('Task', id);
      const known = there.ok ? afterReports.fromFhir(there.value.resource) : null;
      if (!there.ok && there.error.code !== 'not-found') return false;
      if (known !== null && known.ending === null) return update(known, version, difference);
      if (known !== null && isJudged(difference, version.report, [known])) return true;
      if (there.ok) continue;
      const since = record.recordNow();
      const terms = parts.sites.termsOf(facts, parts.events.of(facts.task.id));
      parts.ports.step?.('after-report.difference');
      const made = await matters.create(afterReports, {
        ...subjectOf(facts),
        id,
        report: version.report,
        signer: version.signer,
        since,
        due: dueAfterReport(since, terms),
        dueBy: terms.contract.name,
        difference,
        changedAt: since,
        told: [],
        ending: null,
      });
      parts.ports.step?.('after-report.raised');
      return made.ok;
    }
    return true;
  };

  const update = async (
    item: ImagesAfterReport,
    { report }: ReleasedVersion,
    difference: ImageDifference,
  ): Promise<boolean> => {
    const changed = await matters.change(afterReports, item.id, (one, now) =>
      // Ended meanwhile: what is new since is raised by the next look.
      one.ending !== null ? ok(one) : stepAfterReport(one, { kind: 'update', difference, report }, now),
    );
    return changed.ok;
  };

  /** A version whose signature covers the images that were raised ends the matter, and no other does. */
  const endByReport = async (item: ImagesAfterReport, { report, signer }: ReleasedVersion): Promise<boolean> => {
    const ended = await matters.change(afterReports, item.id, (one, now) =>
      one.ending !== null ? ok(one) : stepAfterReport(one, { kind: 'report', by: signer, report }, now),
    );
    return ended.ok;
  };

  /** False where something could not be known or written: it is looked at again. */
  const look = async (taskId: string): Promise<boolean> => {
    const facts = book.facts(taskId);
    const uid = facts?.task.studyUid ?? null;
    if (facts === null || uid === null || facts.task.released === null) return true;
    if (!isWhole(facts)) return false;
    const present = await images.present(uid as StudyUid);
    if (present === null) return false;
    const open = items.ofTask(taskId).find(isOpen) ?? null;
    const lines = present.images.map((one) => `${one.instanceUid} ${one.seriesUid} ${one.sopClassUid} ${one.frames}`);
    const aside = [...(present.rejected ?? [])].map(([one, { code, noteUid }]) => `!${one} ${code} ${noteUid}`);
    const fingerprint = sha256(`${facts.task.released.digest}\n${[...lines, ...aside].sort().join('\n')}`);
    if (open === null && same.get(taskId) === fingerprint) return true;
    const version = await images.released(facts, present);
    if (version === null) return false;
    const difference = imageDifference(version.images, { ...present, ours: version.ours }, sha256);
    const nothing = isNothing(difference);
    // An archive that is starting, or cuts its answer short, lists less than it has: what is gone counts at the second look.
    const gone = totals(difference.series).withdrawn;
    const toldGone = open === null ? 0 : totals(open.difference.series).withdrawn;
    const unsure = gone > Math.max(goneBefore.get(taskId) ?? 0, toldGone);
    goneBefore.set(taskId, gone);
    if (unsure) return false;
    if (open !== null) {
      const covers =
        version.report.version > open.report.version &&
        (nothing || uidsDigest(version.images.uids, sha256) === open.difference.presentDigest);
      if (!covers) return update(open, version, difference);
      if (!(await endByReport(open, version))) return false;
    }
    const judged = isJudged(difference, version.report, items.ofTask(taskId));
    if (!nothing && !judged && !(await raise(facts, version, difference))) return false;
    if (nothing || judged) same.set(taskId, fingerprint);
    return true;
  };

  const colleagues = async (facts: CaseFacts): Promise<readonly Colleague[]> =>
    (await parts.accounts.list()).flatMap((reader): readonly Colleague[] => {
      const { id, name, role } = reader;
      if (role !== 'radiologist' && role !== 'lead') return [];
      const shift = parts.rights.shift(reader);
      const mayRead = parts.rights.mayRead({ reader, readingFrom: null }, facts).allowed;
      return [{ id, name, role, shift, mayRead }];
    });

  const tell = async (item: ImagesAfterReport, now: Instant): Promise<void> => {
    const facts = book.facts(item.taskId);
    if (facts === null || !isWhole(facts)) return;
    const people = await colleagues(facts);
    if (whomToTell(item, people, now).length === 0) return;
    await matters.change(afterReports, item.id, (one, at) => {
      const tellings = whomToTell(one, people, at);
      return tellings.length === 0 ? ok(one) : stepAfterReport(one, { kind: 'tell', tellings }, at);
    });
  };

  return {
    round: async () => {
      follow();
      if (duties.holds('intake'))
        for (const taskId of queue.take(ports.now(), mostLooks)) queue.looked(taskId, await look(taskId), ports.now());
      if (duties.holds('page')) for (const item of items.open()) await tell(item, record.recordNow());
    },
  };
}

/** After a start the record is read through first: whose contract it is, and who may read it, is its order's to say. */
function isWhole({ task, order }: CaseFacts): boolean {
  return task.orderId === null || order !== null;
}

function isOpen(item: ImagesAfterReport): boolean {
  return item.ending === null;
}
