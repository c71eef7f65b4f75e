import type { CallInput, CallOutput } from '../../../shared/api/index.ts';
import type { CallFailure, HostClient } from '../../host/index.ts';

export type WithdrawInput = CallInput<'withdrawReport'>;
export type WithdrawOutcome =
  | { readonly kind: 'withdrawn'; readonly answer: CallOutput<'withdrawReport'> }
  | { readonly kind: 'refused'; readonly failure: CallFailure }
  /** No answer came: it is not known whether it was withdrawn; asking again with the same id tells. */
  | { readonly kind: 'unknown'; readonly failure: CallFailure };

const waits = [700, 2_000, 4_000] as const;

/** One press of Withdraw, asked again with the same id while its answer is lost: one press is one withdrawal. */
export function createWithdrawPress(
  input: WithdrawInput,
  taskId: string,
  host: Pick<HostClient, 'call'>,
  wait: (milliseconds: number) => Promise<void>,
): { ask(): Promise<WithdrawOutcome> } {
  return {
    ask: async () => {
      for (let attempt = 0; ; attempt += 1) {
        const answered = await host.call('withdrawReport', { params: { taskId }, input });
        if (answered.ok) return { kind: 'withdrawn', answer: answered.value };
        const { error } = answered;
        if (error.from === 'host' && error.code !== 'internal' && error.code !== 'not-known')
          return { kind: 'refused', failure: error };
        const pause = waits[attempt];
        if (pause === undefined) return { kind: 'unknown', failure: error };
        await wait(pause);
      }
    },
  };
}
