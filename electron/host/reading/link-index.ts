import type { WorklistRow } from '../../../shared/api/index.ts';
import { linkedWith, linkKey } from '../../../shared/domain/reading/index.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { CaseBook, CaseFacts } from './case-book.ts';
import { contextOf } from './case-context.ts';

export type LinkedFacts = { readonly facts: CaseFacts; readonly why: string };
type Row = Omit<WorklistRow, 'mayRead'>;

/** Which open exams go together, kept so that a change costs what changed and not what the list holds. */
export type LinkIndex = {
  /** Open exams that go with this one, by the rule of `linkedWith`. */
  of(facts: CaseFacts): readonly LinkedFacts[];
  /** Everything of the same patient id at the same place, whatever its state. */
  others(facts: CaseFacts): readonly CaseFacts[];
  /** The row with the exams that go with it; the very same row where there are none. */
  withLinked(row: Row): Row;
  /** These tasks and all whose links may differ by their change. */
  around(taskIds: Iterable<string>): ReadonlySet<string>;
};

export function nameOfExam({ order, seen }: CaseFacts): string {
  return order?.procedure.display ?? seen?.study.description ?? '';
}

export function createLinkIndex(book: CaseBook): LinkIndex {
  const takeChanges = book.follow();
  const keys = new Map<string, string>();
  const byKey = new SetsByKey();
  let touched = new Set<string>();

  const settle = (): void => {
    for (const taskId of takeChanges().tasks) {
      const before = keys.get(taskId) ?? null;
      const facts = book.facts(taskId);
      const key = facts === null ? null : linkKey(book.row(facts));
      if (key !== before) {
        if (before !== null) byKey.remove(before, taskId);
        if (key === null) keys.delete(taskId);
        else {
          keys.set(taskId, key);
          byKey.add(key, taskId);
        }
      }
      for (const one of [before, key]) if (one !== null) for (const id of byKey.of(one)) touched.add(id);
    }
  };
  const others: LinkIndex['others'] = (facts) => {
    settle();
    const key = keys.get(facts.task.id);
    if (key === undefined) return [];
    const ids = byKey.of(key);
    return ids.size < 2 ? [] : [...ids].flatMap((id) => (id === facts.task.id ? [] : (book.facts(id) ?? [])));
  };
  const of: LinkIndex['of'] = (facts) => {
    const found = others(facts);
    if (found.length === 0) return [];
    const rows = new Map(found.map((one) => [book.row(one), one]));
    return linkedWith(book.row(facts), [...rows.keys()]).flatMap(({ exam, words }) => {
      const other = rows.get(exam);
      return other === undefined ? [] : [{ facts: other, why: words }];
    });
  };

  return {
    of,
    others,
    withLinked: (row) => {
      const facts = book.facts(row.taskId);
      const found = facts === null ? [] : of(facts);
      if (found.length === 0) return row;
      const linked = found.map((one) => ({
        accession: contextOf(one.facts).accession,
        exam: nameOfExam(one.facts),
        why: one.why,
      }));
      return { ...row, linked };
    },
    around: (taskIds) => {
      settle();
      const all = new Set([...taskIds, ...touched]);
      touched = new Set();
      return all;
    },
  };
}
