import {
  afterPreliminaryText,
  type Member,
  type MemberCheck,
  type ReleaseKind,
  stepTogether,
  withdrawalWords,
} from '../../../shared/domain/report/index.ts';
import type { EventType } from '../../../shared/domain/turnaround/index.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { caseEvent, factsOfContent } from '../intake/case-events.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { ReleaseOutcome } from './release.ts';
import type { HeldVersion, SignedStore } from './signed-store.ts';

/** Releases what is signed and waits: the oldest version of each report first. */
export type Releaser = {
  /** A round over all that waits. Rounds never overlap; a caller during one gets the next. */
  cycle(): Promise<void>;
  waiting(): number;
  /** Why the oldest one still waits, for the status line; null when none does. */
  why(): string | null;
};

export function eventTypeOf(kind: ReleaseKind): EventType {
  switch (kind) {
    case 'preliminary':
      return 'report.prelim';
    case 'final':
      return 'report.final';
    case 'addendum':
      return 'report.addended';
    case 'correction':
      return 'report.corrected';
    case 'withdrawal':
      return 'report.withdrawn';
    default:
      return assertNever(kind);
  }
}

export function createReleaser(parts: {
  readonly signed: SignedStore;
  readonly book: CaseBook;
  readonly events: EventBook;
  readonly ports: Ports;
  readonly recordNow: () => Instant;
  readonly release: (held: HeldVersion) => Promise<ReleaseOutcome>;
  /** What `release` would come to, without writing. */
  readonly check: (held: HeldVersion) => Promise<MemberCheck>;
  readonly onChange: (taskId: string) => void;
  /** Whether this host may decide about it now (duty `deliver` of a group); absent where it stands alone. */
  readonly may?: (held: HeldVersion) => boolean;
}): Releaser {
  const { signed, book, events, ports } = parts;
  let reason: string | null = null;
  const waiting = (): HeldVersion[] => signed.all().filter((one) => one.standing.kind === 'waiting');

  const tell = async (held: HeldVersion, type: EventType, detail: string, at: Instant): Promise<void> => {
    const facts = book.facts(held.taskId) ?? factsOfContent(held.signed.content);
    const { content, digest } = held.signed;
    const actor = { kind: 'person', id: content.signer.id, name: content.signer.name } as const;
    await events.write([
      caseEvent(facts, type, at, {
        actor,
        part: digest,
        detail,
        report: { id: content.reportId, version: content.version },
      }),
    ]);
  };

  let running: Promise<void> | null = null;
  let following: Promise<void> | null = null;
  const isReady = ({ signed: { digest } }: HeldVersion): boolean => signed.isSettled(digest);
  const mayDecide = (held: HeldVersion): boolean => parts.may?.(held) !== false;
  const giveBack = async (held: HeldVersion, why: string): Promise<void> => {
    const at = instant(parts.recordNow());
    // The event goes first: were the host to die between the two, the next round gives it back again with the same event.
    await tell(held, 'report.returned', why, at);
    await signed.giveBack(held.taskId, held.signed.digest, why, at);
    parts.onChange(held.taskId);
  };
  /** The deciding write and what follows it; what else came of it is for the caller to judge. */
  const releaseOne = async (held: HeldVersion): Promise<ReleaseOutcome> => {
    const outcome = await parts.release(held);
    if (outcome.kind !== 'released') return outcome;
    const at = instant(parts.recordNow());
    ports.step?.('released');
    const { content } = held.signed;
    const detail = content.withdrawal === undefined ? '' : withdrawalWords[content.withdrawal.why];
    await tell(held, eventTypeOf(content.kind), afterPreliminaryText(content) ?? detail, at);
    const agreement = content.preliminary?.agreement ?? 'agree';
    // A difference is followed until the clinician is told of it; that of a minor one changes nothing, and is on record.
    if (agreement !== 'agree') await tell(held, 'discrepancy.found', `preliminary overread: ${agreement}`, at);
    await signed.release(held.taskId, held.signed.digest, at);
    ports.step?.('release-journaled');
    parts.onChange(held.taskId);
    return outcome;
  };
  const alone = async (held: HeldVersion): Promise<void> => {
    const outcome = await releaseOne(held);
    switch (outcome.kind) {
      case 'later':
        reason = outcome.why;
        return;
      case 'give-back':
        return giveBack(held, outcome.reason);
      case 'released':
        return;
      default:
        assertNever(outcome);
    }
  };

  /** A report over several exams, by `stepTogether`: all are asked, then released one after the other or given back. */
  const together = async ({ id, signed: tasks }: { id: string; signed: readonly string[] }): Promise<void> => {
    const all = (): HeldVersion[] => signed.all().filter((one) => one.signed.content.together?.id === id);
    // Each release can change what the others may; a few steps are enough, and the next round goes on from where this one ends.
    for (let steps = 0; steps <= tasks.length; steps += 1) {
      const members = all();
      if (members.length < tasks.length) {
        reason = 'A part of this report is still on its way from the host where it was signed.';
        return;
      }
      const waits = members.filter((one) => one.standing.kind === 'waiting');
      if (!waits.every(isReady) || !waits.every(mayDecide)) return;
      const step = stepTogether(await Promise.all(members.map(memberOf)));
      switch (step.kind) {
        case 'over':
          return;
        case 'wait':
          reason = step.why;
          return;
        case 'give-back':
          for (const place of step.which) await giveBack(members[place] as HeldVersion, step.reason);
          return;
        case 'release':
          for (const place of step.which) {
            const held = members[place] as HeldVersion;
            const outcome = await releaseOne(held);
            ports.step?.('exam-released');
            // Lost between asking and writing: all are asked again, and what is out stays out.
            if (outcome.kind === 'later') reason = outcome.why;
            if (outcome.kind !== 'released') break;
          }
          break;
        default:
          assertNever(step);
      }
    }
  };
  const memberOf = async (held: HeldVersion): Promise<Member> => {
    const { standing } = held;
    const { accession, exam } = held.signed.content;
    return {
      name: accession ?? exam.procedure,
      standing: standing.kind,
      check: standing.kind === 'waiting' ? await parts.check(held) : { kind: 'ready' },
      returned: standing.kind === 'returned' ? standing.reason : null,
    };
  };

  const round = async (): Promise<void> => {
    const done = new Set<string>();
    for (const held of waiting()) {
      const group = held.signed.content.together;
      if (group === undefined || group.signed.length < 2) {
        if (mayDecide(held) && isReady(held)) await alone(held);
      } else if (!done.has(group.id)) {
        done.add(group.id);
        await together(group);
      }
    }
  };
  const run = (): Promise<void> => {
    running = round().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    waiting: () => waiting().length,
    why: () => (waiting().length === 0 ? null : reason),
    cycle: () => {
      if (running === null) return run();
      // Two rounds at once would release one version twice over. Who asks during a round may have signed after it began: one more follows.
      following ??= running
        .catch(() => undefined)
        .then(() => {
          following = null;
          return run();
        });
      return following;
    },
  };
}
