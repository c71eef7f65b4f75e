import type { CaseDetail, Failure, HostEvent, Session, WorklistRow } from '../../../shared/api/index.ts';
import { type CallName, type CallOutput, calls } from '../../../shared/api/index.ts';
import type { OrderId } from '../../../shared/domain/order/index.ts';
import type { ReaderId } from '../../../shared/domain/reader/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import type { AccessionNumber, StudyUid } from '../../../shared/domain/study/index.ts';
import { instant } from '../../../shared/lib/instant.ts';

/**
 * A host for tests of the page alone: answers the table of calls with generated rows, from a seed. Every person is invented. The real
 * host is tested where it is; this one can be told to be slow, away, locked or changed.
 */
export type GeneratedHost = {
  fetch(request: Request): Promise<Response>;
  rows: Map<TaskId, WorklistRow>;
  /** What the page sent, by call name. */
  readonly asked: { readonly name: string; readonly input: unknown }[];
  /** Publishes a changed or new row to all open event streams. */
  change(rows: readonly WorklistRow[], removed?: readonly TaskId[]): void;
  publish(event: HostEvent): void;
  /** Answers nothing until told otherwise: connections fail. */
  away: boolean;
  locked: boolean;
  acknowledged: boolean;
  needsFirstAccount: boolean;
};

const families = [
  'Quillfeather',
  'Saltmarsh-Abara',
  'Tanabrook',
  'Villaluz-Arden',
  'Okonvale',
  'Thimblewick',
  'Nightjar',
];
const givens = ['Ottoline', 'Idris', 'Haru', 'Inés', 'Adaeze', 'Bram', 'Soraya', 'Zofia', 'Cyprian', 'Anh', 'Kwesi'];
const more = ['Łąkowicz-Fenn', 'Raventhorpe', 'Mistlebrook', 'Oduvale', 'Farrowmere', 'Chandrahollow', 'Kestrelov'];
const sites = [
  { id: 'larkspur', name: 'Larkspur', state: 'WA', zone: 'America/Los_Angeles', phone: '+1 206 555 0142' },
  { id: 'saltflat', name: 'Saltflat', state: 'UT', zone: 'America/Denver', phone: '+1 801 555 0117' },
  { id: 'cedar', name: 'Cedar Hollow', state: 'OH', zone: 'America/New_York', phone: null },
  { id: 'pinemark', name: 'Pinemark', state: 'ME', zone: 'America/New_York', phone: '+1 207 555 0101' },
] as const;
const exams = [
  ['CT', 'Chest abdomen pelvis, contrast', 'chest', null, 486],
  ['CT', 'Head, stroke protocol', 'head', null, 312],
  ['CR', 'Chest 2 views', 'chest', null, 2],
  ['US', 'Pelvis, transvaginal', 'pelvis', null, 64],
  ['MR', 'Lumbar spine without contrast', 'spine', null, 260],
  ['DX', 'Shoulder 3 views', 'shoulder', 'L', 3],
  ['DX', 'Elbow 2 views', 'elbow', 'R', 2],
  ['MG', 'Screening, bilateral', 'breast', 'B', 4],
] as const;

/** Row number `index` of the generated list, with its clock relative to `now`. */
export function generatedRow(index: number, now: number): WorklistRow {
  const [modality, procedure, bodyPart, laterality, expected] = exams[index % exams.length] ?? exams[0];
  const site = sites[index % sites.length] ?? sites[0];
  const family = [...families, ...more][index % 14] ?? 'Nobody';
  const given = givens[(index * 7) % givens.length] ?? 'Nobody';
  const link = index === 9 ? 'order-without-images' : index === 11 ? 'images-without-order' : 'order-and-images';
  const present = link === 'order-without-images' ? 0 : index === 4 ? 212 : expected;
  const minutesLeft = index === 2 ? -3 : 8 + index * index * 0.9 + index * 5;
  return {
    taskId: `task-${index}` as TaskId,
    studyUid: (link === 'order-without-images' ? null : `2.25.${1_000_000 + index}`) as StudyUid | null,
    archive: 'main',
    accession: (link === 'images-without-order'
      ? null
      : `${site.id.slice(0, 3).toUpperCase()}-${88_200 + index}`) as AccessionNumber | null,
    patient: {
      id: `4471-${9000 + index}`,
      issuer: site.id.slice(0, 3).toUpperCase(),
      name: `${family}^${given}`,
      birthDate: `${1940 + ((index * 13) % 75)}0${1 + (index % 9)}1${index % 9}`,
      sex: index % 3 === 0 ? 'F' : 'M',
    },
    priority: index === 0 ? 'stat' : index % 5 === 0 ? 'stat' : index % 2 === 0 ? 'urgent' : 'routine',
    dueAt: instant(Math.round(now + minutesLeft * 60_000)),
    clockStartedAt: instant(now - 30 * 60_000),
    clockPausedAt: null,
    modality,
    bodyPart,
    laterality,
    procedure,
    reason: 'Known uterine mass, weight loss 9 kg, bilirubin rising. Metastases?',
    codes: ['C55', 'R63.4', '71260'],
    orderedBy: 'Dr Y. Brackenridge, 5C',
    site,
    images: { present, expected },
    ...(index !== 4
      ? {}
      : {
          arrival: {
            kind: 'arriving' as const,
            again: false,
            changedAt: instant(Math.round(now - 60_000)),
            quietAt: instant(Math.round(now + 4 * 60_000)),
            quietMinutes: 5,
            protocol: null,
          },
        }),
    studyDate: '20261122',
    state: index === 1 ? 'reading' : index === 13 ? 'held' : index >= 22 && index < 24 ? 'completed' : 'queued',
    report: index >= 22 && index < 24 ? 'final' : null,
    reader: index === 1 ? { id: 'reader-9' as ReaderId, name: 'Dr C. Woldt' } : null,
    leaseUntil: index === 1 ? instant(now + 8 * 60_000) : null,
    link,
    identity: index === 8 ? 'stop' : index === 10 ? 'ask' : 'same',
    mayRead:
      index % 8 === 7
        ? {
            allowed: false,
            reason: 'The licence for ME ends 2026-10-31',
            reasons: [{ code: 'licence-ends', words: 'The licence for ME ends 2026-10-31' }],
          }
        : { allowed: true },
  };
}

const reader = {
  id: 'reader-1' as ReaderId,
  userName: 'reader',
  name: 'Dr M. Tandewright',
  role: 'radiologist',
  npi: null,
  states: 'all',
} as const;

function detailOf(row: WorklistRow, mode: 'look' | 'read', epoch: number, now: number): CaseDetail {
  const stop = row.identity === 'stop';
  return {
    context: {
      archive: row.archive,
      studyUid: row.studyUid,
      patientId: row.patient.id,
      issuer: row.patient.issuer,
      accession: row.accession,
      orderId: 'order-1' as OrderId,
      taskId: row.taskId,
      epoch,
    },
    mode,
    row: { ...row, state: mode === 'read' ? 'reading' : row.state },
    order: null,
    study: null,
    identity: {
      grade: row.identity,
      differences: stop
        ? [
            {
              field: 'birthDate',
              grade: 'stop',
              order: '1952-03-09',
              images: '1952-09-03',
              words: 'Order and images name two birth dates',
            },
          ]
        : [],
    },
    identityResolution: null,
    claim:
      mode === 'read'
        ? { reader: reader.id, readerName: reader.name, fencingToken: 1, leaseUntil: instant(now + 600_000) }
        : null,
    report: { reportId: 'report-1', state: 'draft', versions: [] },
    draft: null,
    prefill: { clinicalInformation: row.reason, technique: '', comparison: '' },
    priors: [],
    notForClinicalUse: true,
  };
}

function refuse(code: Failure['code'], message: string, status: number, more: Partial<Failure> = {}): Response {
  return Response.json({ code, message, ...more }, { status });
}

export function createGeneratedHost(options: {
  readonly rows: number;
  readonly now: () => number;
  readonly demo?: boolean;
}): GeneratedHost {
  const { now } = options;
  const started = now();
  const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  let version = 1;
  const history: { version: number; rows: readonly WorklistRow[]; removed: readonly TaskId[] }[] = [];
  const rows = new Map<TaskId, WorklistRow>();
  for (let index = 0; index < options.rows; index += 1) {
    const row = generatedRow(index, started);
    rows.set(row.taskId, row);
  }
  const session: Session = {
    token: 'generated-token-generated-token',
    reader,
    readingFrom: null,
    reminders: [],
    mirrorKey: btoa('0123456789abcdef0123456789abcdef'),
    idleLockMinutes: 15,
    acknowledged: false,
  };
  const asked: { name: string; input: unknown }[] = [];

  const answers: {
    [Name in CallName]?: (input: never, params: Record<string, string>) => CallOutput<Name> | Response;
  } = {
    capabilities: () => ({
      product: 'Overread',
      version: '0.1.0',
      shell: 'browser',
      demo: options.demo ?? true,
      needsFirstAccount: host.needsFirstAccount,
      singleUser: true,
      notices: [],
      idleLockMinutes: 15,
      windows: false,
    }),
    signIn: (input: { userName: string; password: string }) =>
      input.password === 'demo'
        ? { ...session, acknowledged: host.acknowledged }
        : refuse('wrong-password', 'That user name and password do not go together.', 401),
    firstAccount: (input: { userName: string; name: string }) => {
      host.needsFirstAccount = false;
      return { ...reader, userName: input.userName, name: input.name };
    },
    currentSession: () => ({ ...session, acknowledged: host.acknowledged }),
    acknowledge: () => {
      host.acknowledged = true;
      return {};
    },
    touchSession: () => ({}),
    lockSession: () => {
      host.locked = true;
      return {};
    },
    unlockSession: (input: { password: string }) => {
      if (input.password !== 'demo')
        return refuse('wrong-password', 'That user name and password do not go together.', 401);
      host.locked = false;
      return { ...session, acknowledged: host.acknowledged };
    },
    signOut: () => ({}),
    selfTest: () => ({}),
    closeCase: () => ({}),
    status: () => ({
      now: instant(now()),
      archive: { name: 'Embedded archive', kind: 'embedded', state: 'up' },
      record: { name: 'Embedded record', kind: 'embedded', state: 'up' },
      waitingReports: 0,
      troubles: [],
    }),
    worklist: (input: { since?: number }) => {
      if (input.since === undefined) {
        return { version, full: true, asOf: now(), rows: [...rows.values()], removed: [] };
      }
      const since = Number(input.since);
      const later = history.filter((one) => one.version > since);
      return {
        version,
        full: false,
        asOf: now(),
        rows: later.flatMap((one) => one.rows),
        removed: later.flatMap((one) => one.removed),
      };
    },
    openCase: (input: { mode: 'look' | 'read'; epoch: number }, params) => {
      const row = rows.get(params.taskId as TaskId);
      if (row === undefined) return refuse('not-found', 'No such study.', 404);
      if (input.mode === 'read' && row.reader !== null && row.reader.id !== reader.id) {
        return refuse('held-by-another', 'Somebody else has it.', 409, {
          heldBy: { name: row.reader.name, leaseUntil: row.leaseUntil ?? instant(now()) },
        });
      }
      return detailOf(row, input.mode, input.epoch, now());
    },
    resolveIdentity: (input: { reason: string; differences: readonly string[] }) => ({
      reason: input.reason,
      by: reader.name,
      at: instant(now()),
      differences: input.differences,
    }),
  };

  const matchers = Object.entries(calls).map(([name, call]) => ({
    name: name as CallName,
    method: call.method as string,
    pattern: new RegExp(`^${call.path.replace(/:([A-Za-z]+)/g, '(?<$1>[^/]+)')}$`),
  }));

  const host: GeneratedHost = {
    rows,
    asked,
    away: false,
    locked: false,
    acknowledged: false,
    needsFirstAccount: false,
    publish: (event) => {
      for (const listener of listeners) listener.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
    },
    change: (changed, removed = []) => {
      version += 1;
      for (const id of removed) rows.delete(id);
      for (const row of changed) rows.set(row.taskId, row);
      history.push({ version, rows: changed, removed });
      host.publish({ type: 'worklist-changed', version });
    },
    fetch: async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (host.away) return new Response('away', { status: 599 });
      const signedIn = request.headers.get('Authorization') === `Bearer ${session.token}`;
      if (pathname === '/events') {
        if (!signedIn) return refuse('not-signed-in', 'Sign in.', 401);
        let mine: ReadableStreamDefaultController<Uint8Array> | null = null;
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            mine = controller;
            listeners.add(controller);
            controller.enqueue(encoder.encode(`${JSON.stringify({ type: 'heartbeat', now: now() })}\n`));
          },
          cancel: () => {
            if (mine !== null) listeners.delete(mine);
          },
        });
        return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } });
      }
      for (const { name, method, pattern } of matchers) {
        const found = method === request.method ? pattern.exec(pathname) : null;
        if (found === null) continue;
        const call = calls[name];
        if (call.allow !== 'public' && !signedIn) return refuse('not-signed-in', 'Sign in to go on.', 401);
        if (host.locked && call.allow !== 'public' && !('whileLocked' in call)) return refuse('locked', 'Locked.', 423);
        const text = request.method === 'GET' ? '' : await request.text();
        const input: unknown =
          request.method === 'GET' ? Object.fromEntries(searchParams) : text === '' ? undefined : JSON.parse(text);
        asked.push({ name, input });
        const answer = answers[name];
        if (answer === undefined) return refuse('not-found', `The generated host does not answer ${name}.`, 404);
        const said = answer(input as never, found.groups ?? {});
        return said instanceof Response ? said : Response.json(said);
      }
      return new Response('Not found', { status: 404 });
    },
  };
  return host;
}
