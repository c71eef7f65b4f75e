import type { TaskId } from '../../shared/domain/reading/index.ts';

/** The changes of the list that are still remembered, so that who shows it need not compare all of it. */
export type RecentChanges = {
  /** The whole list was replaced at this version: nothing before it can be told. */
  startAt(version: number): void;
  note(version: number, ids: readonly TaskId[]): void;
  /** What changed after that version, or null where it is not remembered. */
  since(version: number): ReadonlySet<TaskId> | null;
};

/** Tasks that are remembered in all; who is further behind reads the whole list. */
const remembered = 5_000;

export function createRecentChanges(): RecentChanges {
  let from = 0;
  let count = 0;
  let noted: { readonly version: number; readonly ids: readonly TaskId[] }[] = [];
  return {
    startAt: (version) => {
      from = version;
      count = 0;
      noted = [];
    },
    note: (version, ids) => {
      noted.push({ version, ids });
      count += ids.length;
      while (count > remembered) {
        const oldest = noted.shift();
        if (oldest === undefined) return;
        from = oldest.version;
        count -= oldest.ids.length;
      }
    },
    since: (version) => {
      if (version < from) return null;
      return new Set(noted.filter((one) => one.version > version).flatMap((one) => one.ids));
    },
  };
}
