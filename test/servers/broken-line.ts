import { createConnection, createServer, type Socket } from 'node:net';

/** A line to a server on this computer that breaks or goes silent after so many bytes towards it. */
export type BrokenLine = {
  readonly port: number;
  /** Bytes that went towards the server since the last rule. */
  passed(): number;
  /** Once: the next connection ends (`cut`), or carries nothing more and stays (`silence`), after so many bytes. Null: nothing of it. */
  after(rule: { readonly bytes: number; readonly next: 'cut' | 'silence' } | null): void;
  stop(): Promise<void>;
};

export async function startBrokenLine(target: number): Promise<BrokenLine> {
  let rule: { readonly bytes: number; readonly next: 'cut' | 'silence' } | null = null;
  let passed = 0;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const mine = rule;
    rule = null;
    passed = 0;
    const far = createConnection({ host: '127.0.0.1', port: target });
    let silent = false;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        if (!silent) for (const one of [near, far]) one.destroy();
      });
    }
    near.on('data', (bytes: Buffer) => {
      if (silent) return;
      const room = mine === null ? Number.POSITIVE_INFINITY : mine.bytes - passed;
      passed += Math.min(bytes.byteLength, room);
      if (bytes.byteLength < room) {
        far.write(bytes);
        return;
      }
      // What fits goes out whole, so that the server may act on it after the line is gone.
      silent = mine?.next === 'silence';
      far.write(bytes.subarray(0, room), () => {
        if (silent) return;
        near.destroy();
        far.end();
      });
    });
    far.on('data', (bytes: Buffer) => {
      if (!silent) near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    passed: () => passed,
    after: (next) => {
      rule = next;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
