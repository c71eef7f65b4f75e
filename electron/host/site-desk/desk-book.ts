import type { RowMatters } from '../../../shared/api/index.ts';
import type { CallRequest, Question } from '../../../shared/domain/question/index.ts';
import { callRequestFromFhir, matterOf, questionFromFhir } from '../../../shared/interop/fhir/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { SetsByKey } from '../../../shared/lib/sets-by-key.ts';
import type { RecordSync } from '../record/index.ts';

/** What stands between a site and its readers. */
export type Matter =
  | { readonly type: 'question'; readonly of: Question }
  | { readonly type: 'call'; readonly of: CallRequest };

/** Follows the questions and calls of the record by what changes. */
export type DeskBook = {
  get(id: string): Matter | null;
  ofTask(taskId: string): readonly Matter[];
  ofSite(siteId: string): readonly Matter[];
  /** Questions that nobody has answered or withdrawn. */
  asked(): readonly Question[];
  /** What the list says of a case; undefined where there is nothing to say. */
  summary(taskId: string): RowMatters | undefined;
  /** Told of what changed, with the reading task that each is about. */
  onChange(listener: (matters: readonly Matter[]) => void): void;
};

function read(resource: object): Matter | null {
  if (matterOf(resource) === null) return null;
  const question = questionFromFhir(resource);
  if (question !== null) return { type: 'question', of: question };
  const call = callRequestFromFhir(resource);
  return call === null ? null : { type: 'call', of: call };
}

export function createDeskBook(sync: RecordSync): DeskBook {
  const matters = new Map<string, Matter>();
  const byTask = new SetsByKey();
  const bySite = new SetsByKey();
  const open = new Set<string>();
  const summaries = new Map<string, RowMatters>();
  const listeners: ((matters: readonly Matter[]) => void)[] = [];

  const drop = (id: string): void => {
    const before = matters.get(id);
    if (before === undefined) return;
    byTask.remove(before.of.taskId, id);
    bySite.remove(before.of.siteId, id);
    summaries.delete(before.of.taskId);
    open.delete(id);
    matters.delete(id);
  };
  const take = (id: string, matter: Matter): void => {
    drop(id);
    matters.set(id, matter);
    byTask.add(matter.of.taskId, id);
    bySite.add(matter.of.siteId, id);
    summaries.delete(matter.of.taskId);
    if (matter.type === 'question' && matter.of.state.kind === 'asked') open.add(id);
  };
  const those = (ids: ReadonlySet<string>): readonly Matter[] => [...ids].flatMap((id) => matters.get(id) ?? []);

  sync.onChange(({ type, items, gone }) => {
    if (type !== 'Task') return;
    const changed: Matter[] = [];
    for (const id of gone) {
      const before = matters.get(id);
      drop(id);
      if (before !== undefined) changed.push(before);
    }
    for (const { resource } of items) {
      const matter = read(resource);
      if (matter === null || resource.id === undefined) continue;
      take(resource.id, matter);
      changed.push(matter);
    }
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  });

  return {
    get: (id) => matters.get(id) ?? null,
    ofTask: (taskId) => those(byTask.of(taskId)),
    ofSite: (siteId) => those(bySite.of(siteId)),
    asked: () => those(open).flatMap((one) => (one.type === 'question' ? [one.of] : [])),
    summary: (taskId) => {
      const ids = byTask.of(taskId);
      if (ids.size === 0) return undefined;
      const known = summaries.get(taskId);
      if (known !== undefined) return known;
      const made = summarise(those(ids));
      summaries.set(taskId, made);
      return made;
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

function summarise(matters: readonly Matter[]): RowMatters {
  const questions = matters.flatMap((one) => (one.type === 'question' ? [one.of] : []));
  const asked = questions.filter((one) => one.state.kind === 'asked');
  return {
    asked: asked.length,
    oldestAskedAt: asked.length === 0 ? null : instant(Math.min(...asked.map((one) => one.askedAt))),
    answered: questions.filter((one) => one.state.kind === 'answered').length,
    calls: matters.filter((one) => one.type === 'call' && one.of.done === null).length,
  };
}
