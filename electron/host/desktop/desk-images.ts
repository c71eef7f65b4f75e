import { calls, caseHeaders } from '../../../shared/api/index.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import { createArchiveClient } from '../archive/index.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { Ports } from '../ports.ts';
import type { OpenCase, OpenCases } from '../routes/open-cases.ts';
import type { DeskSessions } from './desk-sessions.ts';
import type { GroupLink } from './group-link.ts';

/** Images through the group host, kept in this desktop's sealed cache as those of an archive are. */
export type DeskImages = {
  /** The archive of that name, as the page's addresses name it. */
  archive(name: string): ArchiveClient;
  close(): Promise<void>;
};

const mostArchives = 8;
/** Stands for the group host in addresses: it never leaves this process, the link knows the true origins. */
const inside = 'http://group.invalid';

export function createDeskImages(parts: {
  readonly link: GroupLink;
  readonly desk: DeskSessions;
  readonly openCases: OpenCases;
  readonly cache: FrameCache;
  readonly ports: Ports;
}): DeskImages {
  const { link, desk, openCases } = parts;
  const clients = new Map<string, ArchiveClient>();

  const askFor = async (request: Request, opened: OpenCase, again: boolean): Promise<Response> => {
    const url = new URL(request.url);
    const session = desk.of(opened.token);
    if (session === null) return new Response(null, { status: 503 });
    const headers: Record<string, string> = {
      Authorization: `Bearer ${session.groupToken}`,
      [caseHeaders.window]: session.groupWindow,
      [caseHeaders.task]: opened.taskId,
      [caseHeaders.epoch]: String(opened.epoch),
    };
    const asked: Record<string, string> = { ...headers };
    for (const name of ['Accept', 'Range']) {
      const value = request.headers.get(name);
      if (value !== null) asked[name] = value;
    }
    const answer = await link.ask({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: asked,
      signal: request.signal,
    });
    if (answer === null) return new Response(null, { status: 503 });
    if (answer.status === 409 && again) {
      // Another host of the group answers now and does not know that this case is open; looking claims nothing.
      await answer.body?.cancel();
      const opening = await link.ask({
        method: 'POST',
        path: calls.openCase.path.replace(':taskId', encodeURIComponent(opened.taskId)),
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ mode: 'look', epoch: opened.epoch }),
      });
      await opening?.body?.cancel();
      return askFor(request, opened, false);
    }
    // Never 401 or 423 to the archive's client: the page's own session is judged at its own door.
    return answer.status === 401 || answer.status === 423 ? new Response(null, { status: 503 }) : answer;
  };

  return {
    archive: (name) => {
      const known = clients.get(name);
      if (known !== undefined) return known;
      const client = createArchiveClient({
        name,
        baseUrl: `${inside}/dicomweb/${encodeURIComponent(name)}`,
        credentials: { kind: 'none' },
        cache: parts.cache,
        ports: parts.ports,
        fetch: async (request) => {
          const study = /\/studies\/([0-9.]{1,64})/.exec(new URL(request.url).pathname)?.[1] ?? '';
          const opened = openCases.withStudy(study);
          return opened === null ? new Response(null, { status: 404 }) : askFor(request, opened, true);
        },
      });
      const [oldest] = clients.keys();
      if (clients.size >= mostArchives && oldest !== undefined) {
        void clients.get(oldest)?.close();
        clients.delete(oldest);
      }
      clients.set(name, client);
      return client;
    },
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
