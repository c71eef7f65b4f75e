import type { CaseDetail } from '../../../shared/api/index.ts';

/** What the group host last told of the cases that were opened here: in memory only, for the time in which no line stands. */
export type DeskCases = {
  told(readerId: string, detail: CaseDetail): void;
  /** The list that a signature would cover. */
  holds(taskId: string, instances: readonly string[]): void;
  /** Claim or resolution changed since. */
  change(readerId: string, taskId: string, changes: Partial<CaseDetail>): void;
  detail(readerId: string, taskId: string): CaseDetail | null;
  instances(taskId: string): readonly string[] | null;
  /** The newest version of which this desktop has heard; 0 for none. */
  signedVersion(taskId: string): number;
};

const mostCases = 200;

export function createDeskCases(): DeskCases {
  const details = new Map<string, CaseDetail>();
  const lists = new Map<string, readonly string[]>();
  const keyOf = (readerId: string, taskId: string): string => `${readerId}|${taskId}`;
  const keep = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > mostCases && oldest !== undefined) map.delete(oldest);
  };
  return {
    told: (readerId, detail) => keep(details, keyOf(readerId, detail.context.taskId), detail),
    holds: (taskId, instances) => keep(lists, taskId, instances),
    change: (readerId, taskId, changes) => {
      const known = details.get(keyOf(readerId, taskId));
      if (known !== undefined) keep(details, keyOf(readerId, taskId), { ...known, ...changes });
    },
    detail: (readerId, taskId) => details.get(keyOf(readerId, taskId)) ?? null,
    instances: (taskId) => lists.get(taskId) ?? null,
    signedVersion: (taskId) => {
      const versions = [...details.values()]
        .filter((one) => one.context.taskId === taskId)
        .flatMap((one) => one.report.versions)
        .filter((one) => one.returned === null)
        .map((one) => one.version);
      return Math.max(0, ...versions);
    },
  };
}
