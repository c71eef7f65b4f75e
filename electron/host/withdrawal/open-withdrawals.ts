import type { Task } from '@medplum/fhirtypes';
import type { CriticalRoom } from '../critical/critical-room.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { Signing } from '../delivery/sign.ts';
import type { Accounts, Sessions } from '../identity/types.ts';
import { paced } from '../paces.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import { startLoop } from '../reading/loop.ts';
import type { ReportBook } from '../reading/report-book.ts';
import type { RecordSync } from '../record/index.ts';
import type { RecordClient, Versioned } from '../record/types.ts';
import type { MessageRoom } from '../site-desk/message-room.ts';
import { createWithdrawalFollower } from './follow-withdrawals.ts';
import { createWithdrawing, type Withdrawing } from './withdraw.ts';
import { createWithdrawalRoom, type WithdrawalRoom } from './withdrawal-room.ts';

/** Milliseconds between two looks at what follows a withdrawal, while something is open and while nothing is. */
const roundEvery = { open: 1_500, idle: 5_000 };

/** Reports that are taken back as entered in error: the act, what follows it, and how it stands. */
export function openWithdrawals(parts: {
  readonly record: RecordClient;
  readonly sync: Pick<RecordSync, 'complete'>;
  readonly book: CaseBook;
  readonly reports: ReportBook;
  readonly events: EventBook;
  readonly outbox: Outbox;
  readonly signing: Signing;
  readonly messages: MessageRoom;
  readonly critical: CriticalRoom;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly onTask: (written: Versioned<Task>) => void;
  readonly may: () => boolean;
}): { readonly withdrawing: Withdrawing; readonly withdrawals: WithdrawalRoom; stop(): Promise<void> } {
  const withdrawals = createWithdrawalRoom({ ...parts, recordNow: parts.record.recordNow });
  const follower = createWithdrawalFollower({ ...parts, isFinished: withdrawals.isFinished });
  const withdrawing = createWithdrawing(parts);
  const loop = startLoop(
    'withdrawals',
    () => paced(parts.ports, 'withdrawals', follower.waiting() > 0 ? roundEvery.open : roundEvery.idle),
    async () => {
      if (parts.sync.complete) await follower.round();
    },
    parts.ports,
  );
  return {
    withdrawals,
    withdrawing: {
      withdraw: async (...asked) => {
        const answered = await withdrawing.withdraw(...asked);
        loop.nudge();
        return answered;
      },
    },
    stop: () => loop.stop(),
  };
}
