import type { FoundStudy, WorklistRow } from '../../../shared/api/index.ts';
import type { Order } from '../../../shared/domain/order/index.ts';
import type { MayRead } from '../../../shared/domain/reader/index.ts';
import { patientKey, type TaskId } from '../../../shared/domain/reading/index.ts';
import { type Findable, findable, findQuery, finds, type Study } from '../../../shared/domain/study/index.ts';
import type { RecordSync } from '../record/index.ts';
import type { CaseBook } from './case-book.ts';
import type { StudyBook } from './study-poll.ts';

type Row = Omit<WorklistRow, 'mayRead'>;
export type Found = { readonly found: readonly FoundStudy[]; readonly more: number };

/** Searches cases, orders and studies that this host knows. `judge` says of a case whether who asks may read it. */
export type StudySearch = { find(text: string, judge: (taskId: string) => MayRead): Promise<Found> };

const most = 50;
/** Studies looked through before the host's thread does something else: it also streams images. */
const pieceSize = 2_000;

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function createStudySearch(parts: {
  readonly rows: () => readonly Row[];
  readonly book: CaseBook;
  readonly sync: RecordSync;
  readonly studies: StudyBook;
}): StudySearch {
  // Rows, orders and studies are made anew when they change, so what they are found by is made once.
  const known = new WeakMap<object, Findable>();
  const findableOf = (of: Row | Order | Study): Findable => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const made = findable(of.patient.name, [of.patient.id, of.accession]);
    known.set(of, made);
    return made;
  };

  const fromRow = (row: Row, mayRead: MayRead): FoundStudy => ({
    key: `task|${row.taskId}`,
    patient: row.patient,
    accession: row.accession,
    exam: row.procedure,
    modality: row.modality,
    studyDate: row.studyDate,
    site: row.site,
    task: { id: row.taskId, state: row.state, mayRead },
    opensWith: null,
  });
  const fromOrder = (order: Order, opensWith: TaskId | null): FoundStudy => ({
    key: `order|${order.id}`,
    patient: order.patient,
    accession: order.accession,
    exam: order.procedure.display,
    modality: order.modality ?? '',
    studyDate: order.authoredOn === null ? null : new Date(order.authoredOn).toISOString().slice(0, 10),
    site: order.site,
    task: null,
    opensWith,
  });
  const fromStudy = (study: Study, opensWith: TaskId | null): FoundStudy => ({
    key: `study|${study.studyUid}`,
    patient: study.patient,
    accession: study.accession,
    exam: study.description,
    modality: study.modalities[0] ?? '',
    studyDate: study.studyDate,
    site: null,
    task: null,
    opensWith,
  });

  const matching = async <Item extends Row | Order | Study>(
    items: Iterable<Item>,
    query: NonNullable<ReturnType<typeof findQuery>>,
  ): Promise<Item[]> => {
    const hits: Item[] = [];
    let looked = 0;
    for (const item of items) {
      if (finds(query, findableOf(item))) hits.push(item);
      looked += 1;
      if (looked % pieceSize === 0) await breath();
    }
    return hits;
  };

  return {
    find: async (text, judge) => {
      const query = findQuery(text);
      if (query === null) return { found: [], more: 0 };
      const { book, sync, studies } = parts;
      const rows = parts.rows();
      const hits = await matching(rows, query);
      const ordersAlone = function* (): Generator<Order> {
        for (const id of sync.ids('ServiceRequest')) {
          const order = book.order(id);
          if (order !== null && book.ofOrder(order.id).length === 0) yield order;
        }
      };
      const orders = await matching(ordersAlone(), query);
      const accessions = new Set(orders.map((one) => one.accession));
      const alone = studies
        .all()
        .map((one) => one.study)
        .filter((one) => book.ofStudy(one.studyUid).length === 0 && !accessions.has(one.accession));
      const others = await matching(alone, query);
      const caseOf = new Map<string, TaskId>();
      if (orders.length + others.length > 0)
        for (const row of rows) {
          const key = patientKey(row.patient);
          if (key !== null && row.studyUid !== null) caseOf.set(key, row.taskId);
        }
      const caseWith = (patient: Row['patient']): TaskId | null => caseOf.get(patientKey(patient) ?? '') ?? null;
      const byDate = (one: FoundStudy, other: FoundStudy): number =>
        (other.studyDate ?? '').replaceAll('-', '').localeCompare((one.studyDate ?? '').replaceAll('-', ''));
      const all = [
        ...hits.map((row) => fromRow(row, judge(row.taskId))).sort(byDate),
        ...[
          ...orders.map((order) => fromOrder(order, caseWith(order.patient))),
          ...others.map((study) => fromStudy(study, caseWith(study.patient))),
        ].sort(byDate),
      ];
      return { found: all.slice(0, most), more: Math.max(0, all.length - most) };
    },
  };
}
