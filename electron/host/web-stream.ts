import type { Readable } from 'node:stream';

/**
 * The bytes of a Node stream as the body of a `Response`, read as fast as they are taken. `Readable.toWeb` is not used: when whoever asked
 * goes away while a piece is under way, Node 24 throws "Controller is already closed" outside of any call, and the host ends with it.
 */
export function webStreamOf(source: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array<ArrayBuffer>>;
  let gone = false;
  // What breaks before the first piece is asked for is told with that piece.
  source.on('error', () => undefined);
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          const piece = await pieces.next();
          if (gone) return;
          if (piece.done === true) controller.close();
          else controller.enqueue(piece.value);
        } catch (reason) {
          if (!gone) throw reason;
        }
      },
      cancel: () => {
        gone = true;
        source.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
