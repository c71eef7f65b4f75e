export { lockOf, openKeyRing } from './key-ring.ts';
export { sealerFromKey } from './sealer.ts';
export type { KeyFailure, KeyRing, Sealer, SecretSource } from './types.ts';
