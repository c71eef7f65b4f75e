import { serveThread } from './rpc.ts';

/** Functions for the test of the thread calls. */
export function makeFunctions(data: { readonly greeting: string }) {
  let calls = 0;
  return {
    greet: (name: string): string => `${data.greeting}, ${name}`,
    bytes: (count: number): Uint8Array => new Uint8Array(count).fill(7),
    order: async (milliseconds: number): Promise<number> => {
      calls += 1;
      const mine = calls;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return mine;
    },
    fail: (): never => {
      throw new RangeError('the disk said no');
    },
    die: (): void => process.exit(3),
    hang: (): Promise<never> => new Promise(() => undefined),
  };
}
export type FixtureFunctions = ReturnType<typeof makeFunctions>;

serveThread(makeFunctions);
