import { dayInZone } from '../../../shared/domain/follow-up/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import {
  type ChangeOfWords,
  changeOfWords,
  type DictatedFigures,
  type DictatedReport,
  dictatedFigures,
} from '../../../shared/domain/report/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { HeldVersion, SignedStore } from '../delivery/signed-store.ts';
import type { PendingStore } from '../pending-signature/pending-store.ts';
import type { CaseBook } from '../reading/case-book.ts';

/** What became of the reports that a reader gave to be signed, in numbers, for herself alone: nobody else is ever answered with hers. */
export type DictatedRoom = {
  of(reader: Reader): Promise<{ readonly waiting: number } & DictatedFigures>;
};

export function createDictatedRoom(parts: {
  readonly signed: Pick<SignedStore, 'all'>;
  readonly store: Pick<PendingStore, 'read'>;
  readonly book: Pick<CaseBook, 'facts' | 'follow'>;
}): DictatedRoom {
  const { signed, store, book } = parts;
  const takeChanges = book.follow();
  const pending = new Set<string>();
  /** By digest of the signed version, which never changes. */
  const known = new Map<string, ChangeOfWords>();

  const changeOf = async ({ taskId, signed: { content, digest } }: HeldVersion): Promise<ChangeOfWords | null> => {
    const { dictatedBy } = content;
    if (dictatedBy === undefined) return null;
    if (!dictatedBy.changed) return 'unchanged';
    const before = known.get(digest);
    if (before !== undefined) return before;
    const given = await store.read(taskId, dictatedBy.digest, dictatedBy.id);
    if (!given.ok) return null;
    const change = changeOfWords(given.value.report.sections, content.sections);
    known.set(digest, change);
    return change;
  };
  /** The version over her words of each report: what is added or corrected later is another matter. */
  const firstOfEach = (reader: Reader): readonly HeldVersion[] => {
    const found = new Map<string, HeldVersion>();
    for (const held of signed.all()) {
      const { dictatedBy, together, version, reportId } = held.signed.content;
      if (held.standing.kind !== 'released' || dictatedBy?.id !== reader.id) continue;
      // One report over several exams has a version under each of them.
      const name = together === undefined ? reportId : `together ${[...together.signed].sort().join(' ')}`;
      const before = found.get(name)?.signed.content;
      const earlier = before === undefined || version < before.version;
      const first = version === before?.version && reportId < before.reportId;
      if (earlier || first) found.set(name, held);
    }
    return [...found.values()];
  };
  const waiting = (reader: Reader): number => {
    for (const id of takeChanges().tasks) {
      if (book.facts(id)?.task.desk.pending === undefined) pending.delete(id);
      else pending.add(id);
    }
    const presses = new Set<string>();
    for (const id of pending) {
      const given = book.facts(id)?.task.desk.pending;
      if (given?.reader === reader.id) presses.add(given.press === '' ? id : given.press);
    }
    return presses.size;
  };

  return {
    of: async (reader) => {
      const reports: DictatedReport[] = [];
      for (const held of firstOfEach(reader)) {
        const { content } = held.signed;
        const zone = book.facts(held.taskId)?.order?.site?.zone ?? 'UTC';
        reports.push({
          modality: content.exam.modality ?? 'not known',
          month: dayInZone(instant(content.signedAt), zone).slice(0, 7),
          change: await changeOf(held),
        });
      }
      return { waiting: waiting(reader), ...dictatedFigures(reports) };
    },
  };
}
