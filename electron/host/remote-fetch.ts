import { Agent, fetch as undiciFetch } from 'undici';
import type { FetchHandler } from './ports.ts';

/**
 * Of our own: where anything has used what Node brings before, undici takes Node's connections for its own too, which are those that end the
 * process.
 */
const dispatcher = new Agent();

/**
 * `fetch` to other servers. Not the one that Node 24 brings: its undici 7 ends the whole process by an assertion when a server closes its
 * connection while the answer is read slowly (nodejs/undici#5360), and nothing that waits for the answer can catch that. What is sent goes
 * as one piece, with its length: not every server takes it in chunks.
 */
export const remoteFetch: FetchHandler = async (request) => {
  const { url, method, headers, redirect, signal } = request;
  const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
  const answer = await undiciFetch(url, { method, headers: [...headers], redirect, signal, body, dispatcher });
  // The same of all that is read of an answer; its class alone is another.
  return answer as unknown as Response;
};
