import type { PhysicianLink } from '../../../shared/domain/physician-page/index.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { SharedItem, SharedItems } from '../group/shared-items.ts';

/** What is to be kept of a link and what is then answered; the same link means that nothing is written. */
export type Decision<Answer> = { readonly link: PhysicianLink; readonly answer: Answer };

/**
 * Links in the record, sealed, under a name that follows from the secret part and does not give it away: every host of a group knows
 * them, and no restart forgets a wrong code. One write decides, with `If-Match`: of two hosts that are asked at once both count.
 */
export type LinkStore = {
  /** The id of the link with this secret part, whether there is one or not. */
  idOf(token: string): string;
  codeMark(id: string, code: string): string;
  pressMark(id: string, press: string): string;
  add(link: PhysicianLink): Promise<boolean>;
  ofTask(taskId: string): Promise<Result<readonly PhysicianLink[], 'unreachable'>>;
  /** Those that may still be opened or looked at. */
  live(): Promise<Result<readonly PhysicianLink[], 'unreachable'>>;
  /** The answer holds only once it is kept; null where there is no such link. */
  change<Answer>(
    id: string,
    decide: (link: PhysicianLink) => Promise<Decision<Answer>>,
  ): Promise<Result<Answer | null, 'unreachable'>>;
  /** Nothing comes of it any more: it is not looked through again. */
  close(id: string): Promise<void>;
};

const liveKind = 'physician-link';
const overKind = 'physician-link-over';
/** Writes of others in a row after which the one who asks is told to ask again. */
const mostRaces = 12;

export function createLinkStore(items: SharedItems): LinkStore {
  const itemId = (id: string): string => `overread-link-${id}`;
  const namesOf = (link: PhysicianLink): readonly string[] => [items.nameOf(`physician-links|${link.taskId}`)];
  const linkOf = (item: SharedItem): PhysicianLink => item.body as PhysicianLink;
  return {
    idOf: (token) => items.nameOf(`physician-link|${token}`),
    codeMark: (id, code) => items.nameOf(`physician-code|${id}|${code}`),
    pressMark: (id, press) => items.nameOf(`physician-press|${id}|${press}`),
    add: async (link) =>
      (await items.put({ id: itemId(link.id), kind: liveKind, names: namesOf(link), body: link }, null)).ok,
    ofTask: async (taskId) => {
      const found = await items.ofName(items.nameOf(`physician-links|${taskId}`));
      return found.ok ? ok(found.value.map(linkOf)) : err('unreachable');
    },
    live: async () => {
      const found = await items.ofKind(liveKind);
      return found.ok ? ok(found.value.map(linkOf)) : err('unreachable');
    },
    change: async (id, decide) => {
      for (let race = 0; race < mostRaces; race += 1) {
        const read = await items.read(itemId(id));
        // What does not open with our key is none of ours.
        if (!read.ok) return read.error === 'not-ours' ? ok(null) : err('unreachable');
        if (read.value === null) return ok(null);
        const before = linkOf(read.value);
        const { link, answer } = await decide(before);
        if (link === before) return ok(answer);
        const put = await items.put(
          { id: itemId(id), kind: read.value.kind, names: namesOf(link), body: link },
          read.value.version,
        );
        if (put.ok) return ok(answer);
        if (put.error !== 'conflict') return err('unreachable');
      }
      return err('unreachable');
    },
    close: async (id) => {
      const read = await items.read(itemId(id));
      if (!read.ok || read.value === null || read.value.kind === overKind) return;
      const link = linkOf(read.value);
      await items.put({ id: itemId(id), kind: overKind, names: namesOf(link), body: link }, read.value.version);
    },
  };
}
