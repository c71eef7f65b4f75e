import type { HostEvent } from '../../../shared/api/index.ts';
import type { Ports } from '../ports.ts';

/** Tells every open page what changed; pages then ask. Lines carry ids and counts, never a patient's words. */
export type EventHub = {
  publish(event: HostEvent): void;
  /** Only to the pages of one session. */
  publishTo(token: string, event: HostEvent): void;
  /** A stream of newline-delimited JSON for one session; ends when the page goes away or the session ends. */
  open(token: string): Response;
  endSession(token: string): void;
  close(): void;
};

const heartbeatEvery = 15_000;

export function createEventHub(ports: Ports): EventHub {
  type Listener = { readonly token: string; readonly controller: ReadableStreamDefaultController<Uint8Array> };
  const listeners = new Set<Listener>();
  const encoder = new TextEncoder();
  const send = (listener: Listener, event: HostEvent): void => {
    try {
      // A page that does not read for long is dropped: it re-reads everything when it comes back.
      if ((listener.controller.desiredSize ?? 0) < -256) throw new Error('slow');
      listener.controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
    } catch (reason) {
      listeners.delete(listener);
      try {
        // Seen by the page as a broken line, so that it asks anew; a stream that is silent for ever would look alive.
        listener.controller.error(reason);
      } catch {
        // Gone already.
      }
    }
  };
  const beat = setInterval(() => {
    for (const listener of listeners) send(listener, { type: 'heartbeat', now: ports.now() });
  }, heartbeatEvery);
  beat.unref();
  const end = (listener: Listener): void => {
    listeners.delete(listener);
    try {
      listener.controller.close();
    } catch {
      // Already closed by the page.
    }
  };
  return {
    publish: (event) => {
      for (const listener of listeners) send(listener, event);
    },
    publishTo: (token, event) => {
      for (const listener of listeners) if (listener.token === token) send(listener, event);
    },
    open: (token) => {
      let mine: Listener | null = null;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          mine = { token, controller };
          listeners.add(mine);
          send(mine, { type: 'heartbeat', now: ports.now() });
        },
        cancel: () => {
          if (mine !== null) listeners.delete(mine);
        },
      });
      return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } });
    },
    endSession: (token) => {
      for (const listener of listeners) if (listener.token === token) end(listener);
    },
    close: () => {
      clearInterval(beat);
      for (const listener of listeners) end(listener);
    },
  };
}
