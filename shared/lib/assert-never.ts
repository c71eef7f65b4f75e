/** Ends every switch over a union, so that a new member is a build failure and not a silent fall-through. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled member: ${JSON.stringify(value)}`);
}
