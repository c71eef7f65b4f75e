import {
  type Advice,
  type AdviceRule,
  adviceFor,
  countFindings,
  type ExamWords,
  type FitToRead,
  type FitToReadRules,
  factsOfListing,
  fitToRead,
  type ImageFacts,
  type Order,
  type ProcedureFacts,
  readExamWords,
  type SeriesFacts,
} from '../../../shared/domain/order/index.ts';
import {
  type ExamProtocol,
  isDocument,
  isUid,
  type SeriesUid,
  type Study,
} from '../../../shared/domain/study/index.ts';
import { text as firstText, number, seriesFactsFromDicom, tags } from '../../../shared/interop/dicom-json/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseFacts } from './case-book.ts';

/** What the list shows of an order's fitness: how many findings of each kind. */
export type FitMark = { readonly verdict: FitToRead['verdict']; readonly defects: number; readonly notes: number };

/** Orders against themselves and their images: the mark of every row, and the checks of one case with their evidence. */
export type OrderFit = {
  /** From what is known here, without asking anybody; asks for the images in the background where that can change it. */
  mark(facts: CaseFacts): FitMark | undefined;
  /** With what the archive says of the images, asked for now where it is not known. */
  checks(facts: CaseFacts): Promise<CheckedOrder | null>;
  /** Rules or tables changed: every mark is made anew when it is next asked for. */
  changed(): void;
  close(): Promise<void>;
};
export type CheckedOrder = {
  readonly fit: FitToRead;
  readonly advice: readonly Advice[];
  /** read: the series were looked into · listed: the archive's list alone, because it did not answer · none: no images yet. */
  readonly images: 'read' | 'listed' | 'none';
};

/** What decides beside order and images; each may change while the host runs. */
export type FitSettings = {
  readonly rules: (order: Order) => FitToReadRules;
  readonly table: (code: string, on: string | null) => ProcedureFacts | null;
  readonly advice: () => readonly AdviceRule[];
  /** What the site agreed that this exam consists of; null where it agreed on nothing. */
  readonly protocol: (order: Order) => ExamProtocol | null;
};

/** Series that are looked into; the rest of a larger study is then not known. */
const mostSeries = 12;
/** A series of more instances is looked into by one of them: a CT's slices say the same of contrast and side. */
const smallSeries = 12;
/** Studies that wait to be looked into: the rest is asked for when somebody selects it. */
const longestQueue = 300;
/** Studies whose facts are kept. */
const mostKept = 5_000;
/** Milliseconds between two studies of the background, and after one that the archive did not answer. */
const pause = { usual: 40, refused: 60_000 };
/** Judgements that are remembered. */
const mostMarks = 250_000;
/** Names of exams that are remembered. */
const mostNames = 5_000;

export function createOrderFit(
  archive: Pick<ArchiveClient, 'describeSeries' | 'sampleInstances'>,
  ports: Ports,
  settings: FitSettings,
  onFacts: (studyUid: string) => void,
): OrderFit {
  const known = new Map<string, { readonly count: number; readonly facts: ImageFacts }>();
  const refusedAt = new Map<string, number>();
  const queue = new Map<string, Study>();
  const asking = new Map<string, Promise<ImageFacts | null>>();
  /** By task, with the facts that each was made of: a weak map of so many is gone through whole by every collection of garbage. */
  const marks = new Map<
    string,
    { readonly of: CaseFacts; readonly images: ImageFacts | null; readonly mark: FitMark }
  >();
  let pumping: Promise<void> | null = null;
  let stopped = false;

  const factsOf = (study: Study): ImageFacts | null => {
    const found = known.get(study.studyUid);
    return found?.count === study.instanceCount ? found.facts : null;
  };

  const ask = async (study: Study): Promise<ImageFacts | null> => {
    const rows = await archive.describeSeries(study.studyUid);
    if (!rows.ok) return null;
    const images = rows.value.filter((row) => !isDocument(firstText(row, tags.Modality) ?? ''));
    const series: SeriesFacts[] = [];
    let whole = images.length <= mostSeries;
    for (const [at, row] of images.entries()) {
      const uid = firstText(row, tags.SeriesInstanceUID) ?? '';
      const count = number(row, tags.NumberOfSeriesRelatedInstances);
      const sampled =
        at < mostSeries && isUid(uid)
          ? await archive.sampleInstances(study.studyUid, uid as SeriesUid, count === null || count > smallSeries)
          : null;
      if (sampled?.ok !== true) whole = false;
      const facts = seriesFactsFromDicom(row, sampled?.ok === true ? sampled.value : []);
      // Where a server does not count a series, the study's own count is that of its only one.
      series.push(count === null ? { ...facts, instances: images.length === 1 ? study.instanceCount : 0 } : facts);
    }
    return { series, whole };
  };

  const look = (study: Study): Promise<ImageFacts | null> => {
    const have = factsOf(study);
    if (have !== null) return Promise.resolve(have);
    const name = `${study.studyUid}|${study.instanceCount}`;
    const running = asking.get(name);
    if (running !== undefined) return running;
    const started = ask(study)
      .then((facts) => {
        if (facts === null) {
          refusedAt.set(study.studyUid, ports.now());
          return null;
        }
        refusedAt.delete(study.studyUid);
        known.delete(study.studyUid);
        known.set(study.studyUid, { count: study.instanceCount, facts });
        const [oldest] = known.keys();
        if (known.size > mostKept && oldest !== undefined) known.delete(oldest);
        onFacts(study.studyUid);
        return facts;
      })
      .finally(() => asking.delete(name));
    asking.set(name, started);
    return started;
  };

  const pump = async (): Promise<void> => {
    for (;;) {
      const [next] = queue.values();
      if (next === undefined || stopped) return;
      queue.delete(next.studyUid);
      await look(next);
      await new Promise((resolve) => setTimeout(resolve, pause.usual).unref());
    }
  };
  const enqueue = (study: Study): void => {
    if (stopped || queue.has(study.studyUid) || queue.size >= longestQueue) return;
    if (ports.now() - (refusedAt.get(study.studyUid) ?? 0) < pause.refused) return;
    queue.set(study.studyUid, study);
    pumping ??= pump()
      .catch((reason: unknown) => {
        ports.log.error('images could not be looked into for their order', {
          reason: reason instanceof Error ? reason.name : 'unknown',
        });
      })
      .finally(() => {
        pumping = null;
      });
  };

  /** Orders are many and the names of exams few: each is read once. */
  const words = new Map<string, ExamWords>();
  const read = (text: string): ExamWords => {
    const before = words.get(text);
    if (before !== undefined) return before;
    if (words.size >= mostNames) words.clear();
    const made = readExamWords(text);
    words.set(text, made);
    return made;
  };
  const judge = (order: Order, { seen, identity }: CaseFacts, images: ImageFacts | null): FitToRead =>
    fitToRead(
      order,
      seen === null ? null : { study: seen.study, owners: seen.owners, facts: images ?? factsOfListing(seen.study) },
      {
        identity,
        read,
        rules: settings.rules(order),
        protocol: settings.protocol(order),
        table: (code) => settings.table(code, seen?.study.studyDate ?? null),
      },
    );

  return {
    mark: (facts) => {
      const { order, seen, task } = facts;
      if (order === null) return undefined;
      const images = seen === null ? null : factsOf(seen.study);
      const open = task.state !== 'completed' && task.state !== 'cancelled';
      if (seen !== null && images === null && open) enqueue(seen.study);
      const made = marks.get(task.id);
      if (made?.of === facts && made.images === images) return made.mark;
      const fit = judge(order, facts, images);
      const mark = { verdict: fit.verdict, ...countFindings(fit) };
      // Tasks that ended long ago are among them: beyond what any list holds they are judged anew.
      if (marks.size >= mostMarks) marks.clear();
      marks.set(task.id, { of: facts, images, mark });
      return mark;
    },
    checks: async (facts) => {
      const { order, seen } = facts;
      if (order === null) return null;
      const images = seen === null ? null : await look(seen.study);
      return {
        fit: judge(order, facts, images),
        advice: adviceFor(
          order,
          yearsAt(order.patient.birthDate, seen?.study.studyDate ?? null, ports.now()),
          settings.advice(),
        ),
        images: seen === null ? 'none' : images === null ? 'listed' : 'read',
      };
    },
    changed: () => {
      marks.clear();
    },
    close: async () => {
      stopped = true;
      queue.clear();
      await Promise.allSettled([pumping, ...asking.values()]);
    },
  };
}

/** Whole years on the day of the exam, or today while there are no images; null where the birth date is not fully known. */
function yearsAt(birthDate: string | null, studyDate: string | null, now: number): number | null {
  const birth = /^\d{8}$/.exec(birthDate?.replaceAll('-', '') ?? '')?.[0];
  const day = /^\d{8}$/.exec(studyDate ?? '')?.[0] ?? new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  if (birth === undefined) return null;
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(4) < birth.slice(4) ? 1 : 0);
  return years < 0 ? null : years;
}
