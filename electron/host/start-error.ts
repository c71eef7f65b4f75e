/** Why the host could not start, in words with the remedy. */
export class HostStartError extends Error {
  override readonly name = 'HostStartError';
}
