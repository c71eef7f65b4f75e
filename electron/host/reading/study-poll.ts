import { type Rejected, rejectedBy, withoutRejected } from '../../../shared/domain/rejection/index.ts';
import type { Study, StudyUid } from '../../../shared/domain/study/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { createRejectionBook } from '../archive/rejections.ts';
import type { ArchiveClient, ArchiveFailure, InstanceSummary, SearchPrint } from '../archive/types.ts';
import type { Ports } from '../ports.ts';
import { createArchiveWindows } from './archive-windows.ts';

/** What the archive holds for the worklist: studies of the window, and when their count last changed. */
export type StudyBook = {
  all(): readonly SeenStudy[];
  get(studyUid: string): SeenStudy | null;
  /** Whether the archive's last list of its day lacks a study that was seen: a sign that it was withdrawn, and no proof. */
  isMissing(studyUid: string): boolean;
  /** Asks the archive now; used after an order came whose study may be older than the window. False where it gave no answer. */
  look(query: {
    readonly accession?: string;
    readonly patientId?: string;
    readonly studyUid?: StudyUid;
  }): Promise<boolean>;
  /**
   * The instances that a study holds now, none where the archive holds it no more; the last known list when the archive is silent. What
   * rejection notes name (IHE IOCM) is not among them.
   */
  instances(studyUid: StudyUid): Promise<KnownInstances | ArchiveFailure>;
  /** What rejection notes name of a study, as known now or half a minute ago. */
  rejected(studyUid: StudyUid): Promise<ReadonlyMap<string, Rejected>>;
  /** How many images are among these: documents are none. */
  rejectedImages(studyUid: StudyUid): Promise<number>;
  cycle(): Promise<void>;
  trouble(): ArchiveFailure | null;
  /** Told of the studies that changed; with none of them where only the archive's state did. */
  onChange(listener: (studyUids: readonly string[]) => void): () => void;
};

/** A fresh list is the archive's word of just now; a stale one says what it held once, and why it cannot be asked. */
export type KnownInstances =
  | ({ readonly fresh: true } & InstanceList)
  | ({ readonly fresh: false; readonly why: ArchiveFailure } & InstanceList);

type InstanceList = {
  readonly list: readonly InstanceSummary[];
  /** Instances that are there and set aside, and why. */
  readonly aside: readonly InstanceSummary[];
  readonly rejected: ReadonlyMap<string, Rejected>;
};

export type SeenStudy = {
  readonly study: Study;
  readonly firstSeen: Instant;
  /** When an instance was last added. */
  readonly changedAt: Instant;
  /** The study as each row of the archive gives it: one study UID can name two patients (promises 1.7), and that stops signing. */
  readonly owners: readonly Study[];
};

const dayLength = 86_400_000;
/** More windows than a day has; beyond it what is kept is of days before. */
const mostPrints = 512;

/** DICOM date of an instant in UTC, moved by whole days; the window is wide enough that a zone does not matter. */
function dicomDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}

export function createStudyBook(archive: ArchiveClient, ports: Ports, windowDays: number): StudyBook {
  const seen = new Map<string, SeenStudy>();
  /** Seen studies by their study date: what one day's list lacks is found without a walk over all that was ever seen. */
  const byDate = new Map<string, Set<string>>();
  const instanceLists = new Map<string, InstanceList>();
  const rejections = createRejectionBook(archive, ports);
  const listeners = new Set<(studyUids: readonly string[]) => void>();
  let failed: ArchiveFailure | null = null;
  const windows = createArchiveWindows(windowDays);

  /**
   * The print of each window's last answer, by its dates, for as long as all that is known of those dates came from that answer: the same
   * answer again says nothing new.
   */
  const prints = new Map<
    string,
    { readonly from: string; readonly to: string; readonly print: SearchPrint; readonly count: number }
  >();
  const forgetPrints = (dates: ReadonlySet<string>): void => {
    // A study without a date may have come with any window.
    for (const [window, { from, to }] of prints)
      for (const date of dates)
        if (date === '' || (date >= from && date <= to)) {
          prints.delete(window);
          break;
        }
  };

  const missing = new Set<string>();
  /** Studies of those days that are seen and not listed any more, or listed again. */
  const compare = (listed: readonly Study[], from: string, to: string): void => {
    const there = new Set<string>(listed.map((one) => one.studyUid));
    const changed: string[] = [];
    for (const [date, uids] of byDate) {
      if (date < from || date > to) continue;
      for (const uid of uids) {
        if (missing.has(uid) !== there.has(uid)) continue;
        if (there.has(uid)) missing.delete(uid);
        else missing.add(uid);
        changed.push(uid);
      }
    }
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  };
  const take = (studies: readonly Study[]): void => {
    const now = ports.now();
    const grouped = new Map<string, Study[]>();
    for (const study of studies) grouped.set(study.studyUid, [...(grouped.get(study.studyUid) ?? []), study]);
    const changed: string[] = [];
    const dates = new Set<string>();
    for (const [uid, group] of grouped) {
      const [study] = group;
      if (study === undefined) continue;
      const before = seen.get(uid);
      const same = before !== undefined && JSON.stringify(before.owners) === JSON.stringify(group);
      if (same) continue;
      if (before === undefined || before.study.studyDate !== study.studyDate) {
        byDate.get(before?.study.studyDate ?? '')?.delete(uid);
        const ofDate = byDate.get(study.studyDate ?? '') ?? new Set();
        byDate.set(study.studyDate ?? '', ofDate.add(uid));
      }
      const grew = before === undefined || before.study.instanceCount !== study.instanceCount;
      seen.set(uid, {
        study,
        owners: group,
        firstSeen: before?.firstSeen ?? now,
        changedAt: grew ? now : before.changedAt,
      });
      dates.add(study.studyDate ?? '').add(before?.study.studyDate ?? study.studyDate ?? '');
      changed.push(uid);
    }
    forgetPrints(dates);
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  };
  const note = (failure: ArchiveFailure | null): void => {
    const changed = failed?.code !== failure?.code;
    failed = failure;
    if (changed) for (const listener of listeners) listener([]);
  };

  return {
    all: () => [...seen.values()],
    get: (uid) => seen.get(uid) ?? null,
    isMissing: (uid) => missing.has(uid),
    look: async (query) => {
      const found = await archive.searchStudies(query);
      if (found.ok) take(found.value);
      else if (found.error.code !== 'not-found') note(found.error);
      return found.ok || found.error.code === 'not-found';
    },
    instances: async (uid) => {
      const found = await archive.instances(uid);
      const notes = found.ok ? await rejections.among(uid, found.value) : found;
      if (found.ok && notes.ok) {
        const rejected = rejectedBy(uid, notes.value);
        const known: InstanceList = {
          list: withoutRejected(found.value, rejected),
          aside: found.value.filter((one) => rejected.has(one.instanceUid)),
          rejected,
        };
        instanceLists.set(uid, known);
        return { ...known, fresh: true };
      }
      const why = found.ok ? (notes as { readonly error: ArchiveFailure }).error : found.error;
      // Some archives answer 404 for a study that they do not hold, but so does a wrong address: only an archive that finds other
      // studies, and this one not, says that it is gone.
      if (!found.ok && why.code === 'not-found') {
        const study = await archive.searchStudies({ studyUid: uid });
        if (study.ok && study.value.length === 0) return { list: [], aside: [], rejected: new Map(), fresh: true };
      }
      const known = instanceLists.get(uid);
      return known === undefined ? why : { ...known, fresh: false, why };
    },
    rejected: rejections.of,
    rejectedImages: rejections.imagesOf,
    cycle: async () => {
      const today = ports.now();
      for (const window of windows.due(today)) {
        const asked = performance.now();
        const [from, to] = [dicomDate(today - window.to * dayLength), dicomDate(today - window.from * dayLength)];
        const dates = `${from}-${to}`;
        const before = prints.get(dates);
        const found = await archive.searchDays(dates, before?.print ?? null);
        const studies = found.ok ? found.value.studies : null;
        const count = studies?.length ?? before?.count ?? 0;
        const tooMuch = !found.ok && (found.error.code === 'too-large' || found.error.code === 'timeout');
        if (found.ok || tooMuch)
          windows.answered(
            window,
            { studies: found.ok ? count : null, milliseconds: performance.now() - asked },
            ports.now(),
          );
        note(found.ok ? null : found.error);
        if (!found.ok) return;
        if (studies === null) continue;
        take(studies);
        compare(studies, from, to);
        // After midnight the windows have other dates: what they were is asked for no more.
        if (prints.size > mostPrints) prints.clear();
        prints.set(dates, { from, to, print: found.value.print, count });
      }
    },
    trouble: () => failed,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
