import type { ReleaseKind } from '../../../shared/domain/report/index.ts';
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
  const round = async (): Promise<void> => {
    for (const held of waiting()) {
      if (parts.may?.(held) === false) continue;
      if (!signed.isSettled(held.signed.digest)) continue;
      const outcome = await parts.release(held);
      const at = instant(parts.recordNow());
      switch (outcome.kind) {
        case 'later':
          reason = outcome.why;
          continue;
        case 'give-back':
          // The event goes first: were the host to die between the two, the next round gives it back again with the same event.
          await tell(held, 'report.returned', outcome.reason, at);
          await signed.giveBack(held.taskId, held.signed.digest, outcome.reason, at);
          break;
        case 'released':
          ports.step?.('released');
          await tell(held, eventTypeOf(held.signed.content.kind), '', at);
          await signed.release(held.taskId, held.signed.digest, at);
          ports.step?.('release-journaled');
          break;
        default:
          assertNever(outcome);
      }
      parts.onChange(held.taskId);
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
