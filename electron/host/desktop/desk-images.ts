import { calls, caseHeaders, purposeHeader } from '../../../shared/api/index.ts';
import type { FrameCache } from '../archive/frame-cache.ts';
import { createArchiveClient } from '../archive/index.ts';
import type { KeptPrint } from '../archive/pass.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { FetchHandler, Ports } from '../ports.ts';
import type { OpenCase, OpenCases } from '../routes/open-cases.ts';
import type { DeskSessions } from './desk-sessions.ts';
import type { GroupLink } from './group-link.ts';

/** Images through the group host, kept in this desktop's sealed cache as those of an archive are. */
export type DeskImages = {
  /** The archive of that name, as the page's addresses name it, for what is on screen. */
  archive(name: string): ArchiveClient;
  /** The same archive and the same cache, for what nobody has opened yet. */
  ahead(name: string): ArchiveClient;
  close(): Promise<void>;
};

/** For whom a study is fetched ahead: a session here, and the task as whose study or prior the group host offered it. */
export type AheadFor = { readonly token: string; readonly taskId: string };

const mostArchives = 8;
/** Stands for the group host in addresses: it never leaves this process, the link knows the true origins. */
const inside = 'http://group.invalid';

export function createDeskImages(parts: {
  readonly link: GroupLink;
  readonly desk: DeskSessions;
  readonly openCases: OpenCases;
  readonly cache: FrameCache;
  readonly aheadFor: (studyUid: string) => AheadFor | null;
  readonly ports: Ports;
}): DeskImages {
  const { link, desk, openCases } = parts;
  type Both = { readonly page: ArchiveClient; readonly ahead: ArchiveClient };
  const clients = new Map<string, Both>();

  const ask = async (request: Request, headers: Readonly<Record<string, string>>): Promise<Response | null> => {
    const url = new URL(request.url);
    const asked: Record<string, string> = { ...headers };
    for (const name of ['Accept', 'Range']) {
      const value = request.headers.get(name);
      if (value !== null) asked[name] = value;
    }
    const path = `${url.pathname}${url.search}`;
    return link.ask({ method: 'GET', path, headers: asked, signal: request.signal });
  };
  const silence = (): Response => new Response(null, { status: 503 });
  // Never 401 or 423 to the archive's client: the page's own session is judged at its own door.
  const told = (answer: Response): Response => (answer.status === 401 || answer.status === 423 ? silence() : answer);

  const askFor = async (request: Request, opened: OpenCase, again: boolean): Promise<Response> => {
    const session = desk.of(opened.token);
    if (session === null) return silence();
    const headers: Record<string, string> = {
      Authorization: `Bearer ${session.groupToken}`,
      [caseHeaders.window]: session.groupWindow,
      [caseHeaders.task]: opened.taskId,
      [caseHeaders.epoch]: String(opened.epoch),
    };
    const answer = await ask(request, headers);
    if (answer === null) return silence();
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
    return told(answer);
  };

  const studyIn = (request: Request): string =>
    /\/studies\/([0-9.]{1,64})/.exec(new URL(request.url).pathname)?.[1] ?? '';
  const forPage: FetchHandler = async (request) => {
    const opened = openCases.withStudy(studyIn(request));
    return opened === null ? new Response(null, { status: 404 }) : askFor(request, opened, true);
  };
  const forAhead: FetchHandler = async (request) => {
    const whom = parts.aheadFor(studyIn(request));
    const session = whom === null ? null : desk.of(whom.token);
    if (whom === null || session === null) return new Response(null, { status: 404 });
    const answer = await ask(request, {
      Authorization: `Bearer ${session.groupToken}`,
      [caseHeaders.window]: session.groupWindow,
      [caseHeaders.task]: whom.taskId,
      [purposeHeader]: 'prefetch',
    });
    return answer === null ? silence() : told(answer);
  };

  const both = (name: string): Both => {
    const known = clients.get(name);
    if (known !== undefined) return known;
    const prints = new Map<string, KeptPrint>();
    const client = (fetch: FetchHandler): ArchiveClient =>
      createArchiveClient({
        name,
        baseUrl: `${inside}/dicomweb/${encodeURIComponent(name)}`,
        credentials: { kind: 'none' },
        cache: parts.cache,
        prints,
        ports: parts.ports,
        fetch,
      });
    const made = { page: client(forPage), ahead: client(forAhead) };
    const [oldest] = clients;
    if (clients.size >= mostArchives && oldest !== undefined) {
      void closeBoth(oldest[1]);
      clients.delete(oldest[0]);
    }
    clients.set(name, made);
    return made;
  };
  const closeBoth = async ({ page, ahead }: Both): Promise<void> => {
    await Promise.all([page.close(), ahead.close()]);
  };

  return {
    archive: (name) => both(name).page,
    ahead: (name) => both(name).ahead,
    close: async () => {
      await Promise.all([...clients.values()].map(closeBoth));
    },
  };
}
