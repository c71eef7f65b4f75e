import type { Failure, LinkedExam, LinkedExams } from '../../../shared/api/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { type Claim, claimStanding, linkOf, type TaskId } from '../../../shared/domain/reading/index.ts';
import { startedEarly } from '../../../shared/domain/study/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import { caseEvent } from '../intake/case-events.ts';
import { failure } from '../routes/mount.ts';
import type { CaseBook, CaseFacts } from './case-book.ts';
import { contextOf } from './case-context.ts';
import type { Claims } from './claims.ts';
import type { EventBook } from './event-book.ts';
import { type LinkedFacts, type LinkIndex, nameOfExam } from './link-index.ts';
import { prefillFor } from './prefill.ts';
import type { Asker, ReadingRights } from './reading-rights.ts';

/** The same patient's exams that go together: who has them, and one press that claims them all. */
export type LinkedDesk = {
  /** Open exams that go with this one. */
  of: LinkIndex['of'];
  view(asker: Asker, facts: CaseFacts): Pick<LinkedExams, 'exams' | 'apart'>;
  /** All or none, beside the one that she holds. */
  claim(
    asker: Asker,
    taskId: TaskId,
    fencingToken: number,
  ): Promise<Result<{ readonly claimed: readonly TaskId[]; readonly words: string }, Failure>>;
  /** What she claimed with this one, kept alive with it; a claim that was lost is said where it matters, at signing. */
  renew(reader: Reader, taskId: TaskId): Promise<void>;
  /** Open exams that go with this one and stand as it does: the same reader has them, or nobody. Their claims' tokens with them. */
  partners(facts: CaseFacts): readonly { readonly facts: CaseFacts; readonly token: number | null }[];
  /** It moved on: nothing is given back for it any more. */
  forget(taskId: TaskId): void;
  /** It is hers again under another token. */
  retaken(taskId: TaskId, fencingToken: number): void;
  /** What she claimed with this one goes back with it. */
  giveBack(reader: Reader, taskId: TaskId, reason: string): Promise<void>;
};

type LinkedParts = {
  readonly book: CaseBook;
  readonly links: LinkIndex;
  readonly rights: Pick<ReadingRights, 'mayRead'>;
  readonly claims: Claims;
  readonly events: Pick<EventBook, 'write' | 'of'>;
  readonly recordNow: () => Instant;
};

/** Shown beside a case: more of one patient's exams that do not go with it help nobody. */
const mostApart = 20;

export function createLinkedDesk(parts: LinkedParts): LinkedDesk {
  const { book, links, rights, claims, events, recordNow } = parts;
  /** Claimed by one press with another, by task: the other and the token. Lost with this host, and then the lease runs out. */
  const claimedWith = new Map<string, { readonly taskId: TaskId; readonly token: number }>();

  /** Why this reader may not claim it now; null where she may or has it. */
  const refusalOf = (asker: Asker, facts: CaseFacts): string | null => {
    const { task } = facts;
    const verdict = rights.mayRead(asker, facts);
    if (!verdict.allowed) return `${verdict.reason}.`;
    if (task.state === 'held') return 'It is on hold.';
    const { claim } = task;
    if (claim !== null && claim.reader !== asker.reader.id && recordNow() < claim.leaseUntil)
      return `${claim.readerName} has it.`;
    return null;
  };
  const liveToken = (reader: Reader, { task }: CaseFacts): number | null => {
    const token = task.claim?.fencingToken ?? null;
    return claimStanding(task, reader.id, token, recordNow()) === 'held' ? token : null;
  };
  const liveHolder = ({ task: { claim } }: CaseFacts): string | null =>
    claim !== null && recordNow() < claim.leaseUntil ? claim.reader : null;
  const nameOf = (facts: CaseFacts): string => `${nameOfExam(facts)}, ${contextOf(facts).accession ?? 'no accession'}`;

  const shown = (asker: Asker, { facts, why }: LinkedFacts): LinkedExam => {
    const { order, seen } = facts;
    const { images } = book.row(facts);
    const fencingToken = liveToken(asker.reader, facts);
    const refusal = fencingToken === null ? refusalOf(asker, facts) : null;
    return {
      context: contextOf(facts),
      exam: nameOfExam(facts),
      modality: seen?.study.modalities[0] ?? order?.modality ?? '',
      studyDate: seen?.study.studyDate ?? null,
      images: images.present,
      ...(images.atMost === undefined ? {} : { atMost: images.atMost }),
      why,
      standing: fencingToken !== null ? 'yours' : refusal === null ? 'free' : 'refused',
      words: fencingToken !== null ? 'You have it.' : (refusal ?? 'Nobody has it.'),
      fencingToken,
      technique: prefillFor(facts, images, []).technique,
    };
  };

  const tell = async (
    reader: Reader,
    facts: CaseFacts,
    type: 'task.claimed' | 'read.opened' | 'task.released',
    token: number,
    detail: string,
  ): Promise<void> => {
    const actor = { kind: 'person', id: reader.id, name: reader.name } as const;
    await events.write([caseEvent(facts, type, recordNow(), { actor, part: String(token), detail })]);
  };

  const giveBackOne = async (reader: Reader, taskId: TaskId, token: number, why: string): Promise<void> => {
    claimedWith.delete(taskId);
    // One that cannot be given back now runs out by its lease.
    const released = await claims.release(taskId, reader, token);
    const facts = book.facts(taskId);
    if (released.ok && facts !== null) await tell(reader, facts, 'task.released', token, why);
  };

  const claimAll = async (asker: Asker, anchor: CaseFacts): Promise<Result<readonly TaskId[], Failure>> => {
    const { reader } = asker;
    const linked = links.of(anchor);
    for (const { facts } of linked) {
      const refusal = liveToken(reader, facts) === null ? refusalOf(asker, facts) : null;
      if (refusal !== null)
        return failure('not-a-legal-move', `${nameOf(facts)}: ${refusal} You have ${nameOf(anchor)} alone.`);
    }
    const taken: { readonly facts: CaseFacts; readonly claim: Claim }[] = [];
    for (const { facts } of linked) {
      if (liveToken(reader, facts) !== null) continue;
      const claimed = await claims.claim(facts.task.id, reader);
      const claim = claimed.ok ? claimed.value.claim : null;
      if (claimed.ok && claim !== null) {
        taken.push({ facts, claim });
        claimedWith.set(facts.task.id, { taskId: anchor.task.id, token: claim.fencingToken });
        await tell(reader, facts, 'task.claimed', claim.fencingToken, 'together with a linked exam');
        continue;
      }
      for (const one of taken)
        await giveBackOne(reader, one.facts.task.id, one.claim.fencingToken, 'a linked exam could not be claimed');
      const why = claimed.ok ? 'It could not be claimed.' : claimed.error.message;
      const code = claimed.ok ? 'not-a-legal-move' : claimed.error.code;
      return failure(code, `${nameOf(facts)}: ${why} You have ${nameOf(anchor)} alone.`);
    }
    for (const { facts, claim } of taken) {
      const opened = await claims.move(facts.task.id, {
        kind: 'open',
        reader: reader.id,
        fencingToken: claim.fencingToken,
      });
      const early = startedEarly(book.images(facts, events.of(facts.task.id)), recordNow());
      const detail = `beside a linked exam${early === null ? '' : `; ${early}`}`;
      if (opened.ok) await tell(reader, facts, 'read.opened', claim.fencingToken, detail);
    }
    return ok(taken.map((one) => one.facts.task.id));
  };

  return {
    of: links.of,
    view: (asker, facts) => ({
      exams: links.of(facts).map((one) => shown(asker, one)),
      apart: links
        .others(facts)
        .flatMap((other) => {
          const verdict = linkOf(book.row(facts), book.row(other));
          if (verdict.linked || verdict.because === 'not-open' || verdict.because === 'far-apart') return [];
          const { accession } = contextOf(other);
          return [{ accession, exam: nameOfExam(other), why: verdict.words }];
        })
        .slice(0, mostApart),
    }),
    claim: async (asker, taskId, fencingToken) => {
      const anchor = book.facts(taskId);
      if (anchor === null) return failure('not-found', 'That study is not on the list any more.');
      if (claimStanding(anchor.task, asker.reader.id, fencingToken, recordNow()) !== 'held')
        return failure('lease-lapsed', 'You do not have this study. Read it again to claim it; your words are kept.');
      const linked = links.of(anchor);
      if (linked.length === 0) return ok({ claimed: [], words: 'No other exam goes with this one.' });
      const done = await claimAll(asker, anchor);
      if (!done.ok) return done;
      const names = linked.map((one) => nameOf(one.facts)).join('; ');
      return ok({ claimed: done.value, words: `With it, also yours: ${names}.` });
    },
    renew: async (reader, taskId) => {
      const facts = book.facts(taskId);
      if (facts === null) return;
      for (const { facts: other } of links.of(facts)) {
        const token = liveToken(reader, other);
        if (token !== null) await claims.renew(other.task.id, reader, token);
      }
    },
    partners: (facts) => {
      const holder = liveHolder(facts);
      return links
        .of(facts)
        .flatMap(({ facts: other }) =>
          liveHolder(other) === holder
            ? [{ facts: other, token: holder === null ? null : (other.task.claim?.fencingToken ?? null) }]
            : [],
        );
    },
    forget: (taskId) => {
      claimedWith.delete(taskId);
    },
    retaken: (taskId, token) => {
      const before = claimedWith.get(taskId);
      if (before !== undefined) claimedWith.set(taskId, { ...before, token });
    },
    giveBack: async (reader, taskId, reason) => {
      for (const [other, withOne] of [...claimedWith])
        if (withOne.taskId === taskId)
          await giveBackOne(reader, other as TaskId, withOne.token, reason === '' ? 'with a linked exam' : reason);
    },
  };
}
