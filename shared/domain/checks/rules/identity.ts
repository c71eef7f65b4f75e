import type { CheckRule } from '../check.ts';

export const identityRule: CheckRule = {
  id: 'identity',
  title: 'Order and images are of one patient',
  severity: 'stop',
  why: 'The words of one patient on the images of another: the host refuses the signature until it is resolved with a reason.',
  find: ({ identity }) => (identity === null ? [] : [{ words: identity, at: null }]),
};

export const claimRule: CheckRule = {
  id: 'claim',
  title: 'The study is claimed, and the reader may sign it',
  severity: 'stop',
  why: 'Two readers would sign one study, or one without licence or privilege: the host refuses the signature.',
  find: ({ claim }) => (claim === null ? [] : [{ words: claim, at: null }]),
};
