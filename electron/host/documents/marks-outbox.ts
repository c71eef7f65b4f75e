import { nextAttempt } from '../../../shared/domain/delivery/index.ts';
import { type CaseMarks, noMarks } from '../../../shared/domain/measurement/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { SignedStore } from '../delivery/signed-store.ts';
import type { Journal, JournalEntry } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import {
  type MarksLeft,
  type MarksObject,
  type MarksParts,
  type MarksToFile,
  marksObjects,
} from './marks-documents.ts';
import { sendMarks } from './send-marks.ts';

/** The marks that were signed with one version, on their way into the archive. */
export type MarksSaving = {
  readonly taskId: string;
  readonly version: number;
  /** Of the version. */
  readonly digest: string;
  readonly since: Instant;
  /**
   * `waiting`: for the release, or for the archive. `saved`: all that can be filed is in the archive and was read back. `refused`: the
   * archive will not have some of it. `given-back`: the version was; its marks go with the next signature.
   */
  readonly state: 'waiting' | 'saved' | 'refused' | 'given-back';
  /** Why it waits, was refused or given back; empty when saved. */
  readonly why: string;
  readonly measurements: number;
  readonly keyImages: number;
  readonly left: readonly MarksLeft[];
};

type Job = { readonly digest: string; readonly version: number; readonly toFile: MarksToFile };

/** What the journal holds of one version's marks, step by step; folded by digest. */
type Phase =
  | { readonly phase: 'queued'; readonly job: Job }
  /** The objects as they will be sent, made once. */
  | {
      readonly phase: 'made';
      readonly digest: string;
      readonly objects: readonly MarksObject[];
      readonly left: readonly MarksLeft[];
    }
  | { readonly phase: 'saved'; readonly digest: string; readonly sopInstanceUid: string }
  | { readonly phase: 'refused'; readonly digest: string; readonly sopInstanceUid: string; readonly why: string }
  | { readonly phase: 'given-back'; readonly digest: string; readonly why: string };

type Held = {
  readonly job: Job;
  readonly made: { readonly objects: readonly MarksObject[]; readonly left: readonly MarksLeft[] } | null;
  readonly ends: ReadonlyMap<string, { readonly kind: 'saved' } | { readonly kind: 'refused'; readonly why: string }>;
  readonly givenBack: string | null;
};

/**
 * Measurements and key images of signed versions, filed by the host: they are in the journal with the signature itself, go into the
 * archive once the version is released, once for each version, and are taken up again after a kill. No page has to be open for it.
 */
export type MarksOutbox = {
  /** Entries that go into the signature's own transaction; none where nothing was marked. */
  entries(job: Job): readonly JournalEntry[];
  /** Takes what an append has made durable. */
  took(entries: readonly JournalEntry[]): void;
  ofTask(taskId: string): readonly MarksSaving[];
  /** One round over all that is due. */
  cycle(): Promise<void>;
  waiting(): number;
};

export async function openMarksOutbox(
  parts: MarksParts & {
    readonly archive: Pick<ArchiveClient, 'name' | 'searchStudies' | 'store' | 'instanceMetadata'>;
    readonly audit: Pick<AuditLog, 'record'>;
    readonly journal: Journal;
    readonly signed: Pick<SignedStore, 'byDigest'>;
    readonly ports: Ports;
    readonly onChange: (taskId: string) => void;
  },
): Promise<MarksOutbox> {
  const { journal, ports } = parts;
  const all = new Map<string, Held>();
  const open = new Set<string>();
  const pauses = new Map<string, { readonly attempts: number; readonly until: Instant; readonly why: string }>();

  const fold = (phase: Phase): void => {
    if (phase.phase === 'queued') {
      if (all.has(phase.job.digest)) return;
      all.set(phase.job.digest, { job: phase.job, made: null, ends: new Map(), givenBack: null });
      open.add(phase.job.digest);
      return;
    }
    const held = all.get(phase.digest);
    if (held === undefined) return;
    const next = after(held, phase);
    all.set(phase.digest, next);
    if (isOver(next)) open.delete(phase.digest);
  };
  for (const entry of await journal.all('marks')) fold(entry.body as Phase);

  const keep = async (held: Held, phase: Exclude<Phase, { readonly phase: 'queued' }>): Promise<boolean> => {
    const { taskId } = held.job.toFile;
    const kept = await journal.append([{ kind: 'marks', key: taskId, body: phase }]);
    if (!kept.ok) {
      // Not known: where it turns out to be kept it counts; every step may be made twice without harm.
      if (kept.error.code === 'not-known')
        void kept.error.settled.then((settlement) => {
          if (settlement.kind === 'kept') fold(phase);
        });
      return false;
    }
    fold(phase);
    parts.onChange(taskId);
    return true;
  };
  const pause = (digest: string, why: string, taskId: string): void => {
    const before = pauses.get(digest);
    const attempts = (before?.attempts ?? 0) + 1;
    const jitter = (ports.randomBytes(1)[0] ?? 0) / 255;
    pauses.set(digest, { attempts, until: nextAttempt(attempts, ports.now(), jitter), why });
    if (before?.why !== why) parts.onChange(taskId);
  };

  const work = async (digest: string): Promise<void> => {
    const standing = parts.signed.byDigest(digest)?.standing;
    const first = all.get(digest);
    if (first === undefined || standing === undefined || standing.kind === 'waiting') return;
    if (standing.kind === 'returned') {
      await keep(first, { phase: 'given-back', digest, why: standing.reason });
      return;
    }
    const { toFile } = first.job;
    if (first.made === null) {
      const made = await marksObjects(parts, toFile);
      if (!made.ok) return pause(digest, made.error, toFile.taskId);
      if (!(await keep(first, { phase: 'made', digest, ...made.value }))) return;
      ports.step?.('marks-made');
    }
    const held = all.get(digest);
    for (const object of held?.made?.objects ?? []) {
      if (held === undefined || held.ends.has(object.sopInstanceUid)) continue;
      const sent = await sendMarks({ ...parts, step: ports.step }, object, toFile.reader.userName);
      if (sent.kind === 'wait') return pause(digest, sent.why, toFile.taskId);
      const { sopInstanceUid } = object;
      const end: Phase =
        sent.kind === 'saved'
          ? { phase: 'saved', digest, sopInstanceUid }
          : { phase: 'refused', digest, sopInstanceUid, why: sent.why };
      if (!(await keep(held, end))) return;
      ports.step?.('marks-journaled');
    }
    pauses.delete(digest);
  };

  return {
    entries: (job) => {
      const { measurements, keyImages } = job.toFile.marks;
      if (measurements.length + keyImages.length === 0) return [];
      return [{ kind: 'marks', key: job.toFile.taskId, body: { phase: 'queued', job } satisfies Phase }];
    },
    took: (entries) => {
      for (const entry of entries) fold(entry.body as Phase);
    },
    ofTask: (taskId) =>
      [...all.values()]
        .filter((one) => one.job.toFile.taskId === taskId)
        .map((one) => {
          const released = parts.signed.byDigest(one.job.digest)?.standing.kind === 'released';
          const why = pauses.get(one.job.digest)?.why;
          return savingOf(one, released ? (why ?? '') : 'The report is not released yet.');
        }),
    cycle: async () => {
      const now = ports.now();
      for (const digest of [...open]) if ((pauses.get(digest)?.until ?? instant(0)) <= now) await work(digest);
    },
    waiting: () => open.size,
  };
}

function after(held: Held, phase: Exclude<Phase, { readonly phase: 'queued' }>): Held {
  switch (phase.phase) {
    case 'made':
      // Made twice by a journal that answered late: the first ones may be in the archive already.
      return held.made === null ? { ...held, made: { objects: phase.objects, left: phase.left } } : held;
    case 'saved':
      return { ...held, ends: new Map(held.ends).set(phase.sopInstanceUid, { kind: 'saved' }) };
    case 'refused':
      return { ...held, ends: new Map(held.ends).set(phase.sopInstanceUid, { kind: 'refused', why: phase.why }) };
    case 'given-back':
      return { ...held, givenBack: phase.why };
  }
}

function isOver({ made, ends, givenBack }: Held): boolean {
  return givenBack !== null || (made?.objects.every((one) => ends.has(one.sopInstanceUid)) ?? false);
}

function savingOf(held: Held, waitsFor: string): MarksSaving {
  const { job, made, ends, givenBack } = held;
  const objects = made?.objects ?? [];
  const refused = objects.flatMap((one) => {
    const end = ends.get(one.sopInstanceUid);
    return end?.kind === 'refused' ? [end.why] : [];
  });
  const saved = (what: MarksObject['what']): number =>
    objects
      .filter((one) => one.what === what && ends.get(one.sopInstanceUid)?.kind === 'saved')
      .reduce((sum, one) => sum + one.marks, 0);
  const state =
    givenBack !== null ? 'given-back' : !isOver(held) ? 'waiting' : refused.length > 0 ? 'refused' : 'saved';
  const why = { 'given-back': givenBack ?? '', waiting: waitsFor, refused: refused.join(' '), saved: '' }[state];
  return {
    taskId: job.toFile.taskId,
    version: job.version,
    digest: job.digest,
    since: job.toFile.savedAt,
    state,
    why,
    measurements: saved('sr'),
    keyImages: saved('kos'),
    left: made?.left ?? [],
  };
}

/** The marks that a draft carries into its signature. */
export function marksOfDraft(draft: { readonly marks?: CaseMarks | undefined }): CaseMarks {
  return draft.marks ?? noMarks;
}
