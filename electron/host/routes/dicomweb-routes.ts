import type { Hono } from 'hono';
import { caseHeaders, type Failure, purposeHeader } from '../../../shared/api/index.ts';
import type { AuditPurpose } from '../../../shared/domain/audit/index.ts';
import { isHidden, type Rejected, rejectionWords } from '../../../shared/domain/rejection/index.ts';
import { isUid, type StudyUid } from '../../../shared/domain/study/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { BegunDescriptions } from '../archive/begun-descriptions.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { LiveSession, Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { DesktopDoor } from '../prefetch/desktop-door.ts';
import { failure, sessionOf, statusOf } from './mount.ts';
import type { OpenCases } from './open-cases.ts';
import { type RememberedStudies, rememberedDetail } from './remembered-studies.ts';

type DicomwebRoutes = {
  readonly app: Hono;
  /** The archive that goes by a name; null where none does. */
  readonly archive: (name: string) => Pick<ArchiveClient, 'name' | 'pass'> | null;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  readonly openCases: OpenCases;
  /** What rejection notes name of a study (IHE IOCM); absent where another host is asked for the images and judges. */
  readonly rejected?: (study: StudyUid) => Promise<ReadonlyMap<string, Rejected>>;
  /** What desktops of readers fetch ahead; absent where nobody may. */
  readonly door?: Pick<DesktopDoor, 'judge' | 'hold'>;
  /** What windows take into their memory before a case is opened; absent where they may not. */
  readonly remembered?: Pick<RememberedStudies, 'find' | 'hold'>;
  /** What was asked for while the case was being opened. */
  readonly begun?: Pick<BegunDescriptions, 'take'>;
  readonly ports: Ports;
};

/** Why a study is given out, to be noted before it is, and how the answer is tied to what ends it. */
type Granted = {
  readonly purpose: AuditPurpose;
  readonly patient: string | null;
  readonly detail?: string;
  readonly hold: (aborter: AbortController) => () => void;
};

/** A name as it stands in a path; empty where it is none. */
function nameIn(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/**
 * `/dicomweb/{archive}/studies/...`: the page's images, streamed through. Only studies of a case that this window has open (its own
 * study and its priors) are answered, each access is in the audit log before the first byte, and closing the case ends them all.
 */
export function mountDicomwebRoutes(routes: DicomwebRoutes): void {
  const { app, sessions, audit, openCases, ports } = routes;
  app.get('/dicomweb/:archive/studies/:study/*', (context) => answer(context.req.raw));
  app.get('/dicomweb/:archive/studies/:study', (context) => answer(context.req.raw));

  const refuse = (found: ReturnType<typeof failure>): Response =>
    Response.json(found.error, { status: statusOf(found.error.code) });

  /** For a window that shows the case. */
  async function onScreen(request: Request, session: LiveSession, study: string): Promise<Result<Granted, Failure>> {
    const taskId = request.headers.get(caseHeaders.task) ?? '';
    const epoch = Number(request.headers.get(caseHeaders.epoch));
    const opened = openCases.find(session.token, taskId, epoch);
    if (opened === null) return failure('stale-case', 'That case is not open in this window any more.');
    if (!opened.studies.has(study)) return failure('forbidden', 'That study does not belong to the case on screen.');
    return ok({
      purpose: study === opened.studyUid ? opened.mode : 'prior',
      patient: opened.patientId,
      hold: (aborter) => openCases.hold(opened, aborter),
    });
  }

  /** An answer for a session before a case is open in it. */
  function tied(
    request: Request,
    session: LiveSession,
    running: Pick<RememberedStudies, 'hold'>,
    aborter: AbortController,
  ): () => void {
    const forget = running.hold(session.token, aborter);
    // Locked or ended between the question and now: nothing may start for it any more.
    if (!sessionOf(sessions, request, false).ok) aborter.abort();
    return forget;
  }

  /** For a reader's own desktop, before she opens the case. */
  async function ahead(
    request: Request,
    session: LiveSession,
    study: string,
    path: string,
  ): Promise<Result<Granted, Failure>> {
    const { door } = routes;
    if (door === undefined) return failure('forbidden', 'Images are fetched ahead from a group host only.');
    const taskId = request.headers.get(caseHeaders.task) ?? '';
    const seriesUid = /\/series\/([0-9.]{1,64})$/.exec(path)?.[1] ?? null;
    const judged = await door.judge(session, { taskId, studyUid: study, seriesUid });
    if (!judged.ok) return judged;
    return ok({
      purpose: 'prefetch',
      patient: judged.value.patient,
      detail: 'into the sealed cache of the reader’s computer, not shown',
      hold: (aborter) => tied(request, session, door, aborter),
    });
  }

  /** For a window's memory, before its reader opens the case. */
  function toRemember(request: Request, session: LiveSession, study: string): Result<Granted, Failure> {
    const { remembered } = routes;
    const taskId = request.headers.get(caseHeaders.task) ?? '';
    const allowed = remembered?.find(session.token, taskId, study) ?? null;
    if (remembered === undefined || allowed === null)
      return failure('forbidden', 'Of that study nothing is remembered by this window now.');
    return ok({
      purpose: 'prefetch',
      patient: allowed.patient,
      detail: rememberedDetail,
      hold: (aborter) => tied(request, session, remembered, aborter),
    });
  }

  async function answer(request: Request): Promise<Response> {
    const session = sessionOf(sessions, request, false);
    if (!session.ok) return Response.json(session.error, { status: statusOf(session.error.code) });
    const url = new URL(request.url);
    const path = /^\/dicomweb\/([^/]+)(\/studies\/([0-9.]{1,64})(?:\/.*)?)$/.exec(url.pathname);
    const archive = path === null ? null : routes.archive(nameIn(path[1] ?? ''));
    if (path === null || archive === null) return refuse(failure('not-found', 'No archive of that name.'));
    const study = path[3] ?? '';
    const purposeNamed = request.headers.get(purposeHeader);
    const isAhead = purposeNamed === 'prefetch';
    const grant = isAhead ? ahead : purposeNamed === 'remember' ? toRemember : onScreen;
    const granted = await grant(request, session.value, study, path[2] ?? '');
    if (!granted.ok) return refuse(granted);
    // A frame, a thumbnail or an object by itself: what the site rejected is not given out, whoever asks and however.
    const instance = /\/instances\/([0-9.]{1,64})(?:\/|$)/.exec(path[2] ?? '')?.[1];
    if (instance !== undefined && routes.rejected !== undefined && isUid(study)) {
      const why = (await routes.rejected(study as StudyUid)).get(instance);
      if (why !== undefined && isHidden(why))
        return refuse(
          failure('not-found', `That image was ${rejectionWords[why.code]} (${why.code}). It is not shown.`),
        );
    }
    const { purpose, patient, detail, hold } = granted.value;
    const { userName: user } = session.value.reader;
    const noted = await audit.record([
      { user, purpose, patient, studyUid: study, ...(detail === undefined ? {} : { detail }) },
    ]);
    if (!noted.ok) return refuse(failure('audit-unavailable', noted.error.message));
    const aborter = new AbortController();
    const forget = hold(aborter);
    try {
      const asked = `${path[2] ?? ''}${url.search}`;
      const accept = request.headers.get('Accept') ?? '*/*';
      const begun = isAhead ? null : ((await routes.begun?.take(archive.name, asked, accept)) ?? null);
      // What is remembered is what its print was made of, and nothing that the archive may have said since.
      if (begun === null && purposeNamed === 'remember' && /\/(?:series|metadata)$/.test(path[2] ?? '')) {
        forget();
        return refuse(failure('stale-case', 'That description has grown old before it was taken.'));
      }
      const found =
        begun ??
        (await archive.pass(asked, accept, {
          signal: aborter.signal,
          range: request.headers.get('Range') ?? undefined,
          ahead: isAhead,
        }));
      if (found.body === null) {
        forget();
        return found;
      }
      const reader = found.body.getReader();
      const body = new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => {
            try {
              const { done, value } = await reader.read();
              if (done) {
                forget();
                controller.close();
              } else controller.enqueue(value);
            } catch (reason) {
              forget();
              controller.error(reason);
            }
          },
          cancel: async () => {
            forget();
            aborter.abort();
            await reader.cancel().catch(() => undefined);
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body, { status: found.status, headers: found.headers });
    } catch (reason) {
      forget();
      ports.log.warn('images could not be passed on', { why: reason instanceof Error ? reason.name : 'unknown' });
      return refuse(
        failure(
          'upstream-unreachable',
          `The archive ${archive.name} did not answer for these images. What is on screen stays; try again.`,
        ),
      );
    }
  }
}
