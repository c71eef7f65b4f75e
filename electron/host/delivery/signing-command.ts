import type { CallInput } from '../../../shared/api/index.ts';
import type { ReleaseKind, Withdrawal } from '../../../shared/domain/report/index.ts';

/** What a signature is made of: a reader's press of Sign, or a withdrawal, which holds no words of hers but its reason. */
export type SigningCommand = Omit<CallInput<'sign'>, 'kind'> & {
  readonly kind: ReleaseKind;
  /** With `kind` withdrawal, and with no other. */
  readonly withdrawal?: Withdrawal;
};
