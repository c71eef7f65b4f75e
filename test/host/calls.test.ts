import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { securityHeaders } from '../../electron/host/routes/headers.ts';
import { type Call, type CallName, calls, caseHeaders } from '../../shared/api/index.ts';
import { startTestHost, type TestHost } from '../servers/overread-host/start-host.ts';
import { addPeople, testPassword } from './people.ts';

const roles = ['radiologist', 'lead', 'qa', 'site'] as const;
type Caller = (typeof roles)[number] | 'nobody' | 'locked';

/** What each may call, written out by hand: a change of the table has to be a decision here too. */
/** What a reader’s desktop says of itself bears its own signature; what it hands over is sealed for the group and signed by it. */
const deviceCalls = ['deviceContact', 'deviceEnvelope', 'deviceDestroyed'];
const publicCalls = ['capabilities', 'signIn', 'firstAccount', 'selfTest', ...deviceCalls, 'startAfresh'];
const lockedCalls = ['signOut', 'lockSession', 'unlockSession'];
const signedInCalls = [
  ...lockedCalls,
  'currentSession',
  'touchSession',
  'acknowledge',
  'deviceSignedIn',
  'thisDevice',
  'nameThisDevice',
];
const siteCalls = [
  'siteDesk',
  'siteFitToBill',
  'siteCorrectOrder',
  'siteAnswer',
  'siteCallMe',
  ...['siteFollowUps', 'siteMoveFollowUp'],
  'siteDowntimeSheet',
  'siteMessage',
  'siteMessagesSeen',
];
const lookingCalls = [
  'status',
  'worklist',
  'openCase',
  'closeCase',
  'expectCase',
  'rememberCase',
  'report',
  'verifyReport',
  'deliveries',
  'marksSaved',
  'physicianLinks',
  'timeline',
  'caseDesk',
  'findStudies',
  'hangingRules',
  'keepHangingRules',
  'undoHangingRules',
  'recentStudies',
  'orderChecks',
  ...['dispute', 'exportDispute', 'printDispute'],
  ...['receivedMessages', 'siteReports', 'reportDocument'],
  ...['linkedExams', 'casePriors', 'keepDisplayChecks', 'caseSources'],
  ...['reportTemplates', 'reportTemplateVersions'],
  ...['caseWithdrawal', 'withdrawals'],
];
const readingCalls = [
  ...['giveToSign', 'takeBack', 'sendBack'],
  ...['withdrawReport', 'overreads', 'dictatedFigures', 'overreadSeen'],
  ...['caseMessages', 'sendMessage', 'messagesSeen'],
  ...['imagesAfterReports', 'caseImagesAfterReport', 'endImagesAfterReport'],
  ...['criticalResults', 'caseCriticals', 'startCritical', 'moveCritical'],
  ...['followUps', 'caseFollowUps', 'startFollowUp', 'moveFollowUp'],
  ...['askSite', 'withdrawQuestion', 'endCall', 'claimLinked', 'confirmPrior', 'withdrawPrior'],
  ...['renewClaim', 'releaseClaim', 'resolveIdentity', 'saveDraft', 'readDraft', 'sign', 'signRequirements'],
  'saveMarks',
  ...['caseInstances', 'handOver'],
  ...['retryDelivery', 'deliveryTroubles'],
  ...['makePhysicianLink', 'endPhysicianLink'],
  ...['keepReportTemplates', 'importReportTemplate', 'saveReportTemplate', 'templateWorks', 'keepTemplateWork'],
  ...['prefetch', 'pausePrefetch', 'studiesAhead'],
  'enterDowntimeRead',
  ...['startDictation', 'dictate', 'stopDictation', 'speechModel', 'changeSpeechModel'],
  ...['nextStudy', 'passStudy', 'holdStudy', 'resumeStudy', 'reassignStudy', 'colleagues'],
  ...['askSecondLook', 'answerSecondLook', 'suspendStudy', 'pace', 'codes', 'acknowledgeCode'],
];
const mayCall: Readonly<Record<Caller, readonly string[]>> = {
  nobody: publicCalls,
  locked: [...publicCalls, ...lockedCalls],
  site: [...publicCalls, ...signedInCalls, ...siteCalls],
  qa: [...publicCalls, ...signedInCalls, ...lookingCalls, 'displayChecks', 'checkRules'],
  radiologist: [...publicCalls, ...signedInCalls, ...lookingCalls, ...readingCalls],
  lead: [
    ...publicCalls,
    ...signedInCalls,
    ...lookingCalls,
    ...readingCalls,
    'fitToBill',
    'upkeep',
    'downtimeSheet',
    ...['devices', 'revokeDevice', 'setOfflineHours'],
    ...['displayChecks', 'checkRules', 'keepCheckRules'],
    ...['siteChannels', 'keepChannel', 'removeChannel', 'testChannel'],
    'intakeProblems',
    'closeIntakeProblem',
  ],
};

describe('the host’s calls over HTTP', () => {
  let folder: string;
  let host: TestHost;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-calls-'));
    await addPeople(join(folder, 'data'), Object.fromEntries(roles.map((role) => [role, role])));
    await mkdir(join(folder, 'page', 'assets'), { recursive: true });
    await writeFile(join(folder, 'page', 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'page', 'assets', 'main.js'), '0123456789');
    host = await startTestHost({
      directory: join(folder, 'data'),
      settings: { demo: false },
      pageDirectory: join(folder, 'page'),
    });
  });
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const tokenOf = async (userName: string): Promise<string> => (await host.signIn(userName, testPassword)).token;
  const raw = (name: CallName, token: string | null, body: unknown = {}): Promise<Response> => {
    const call: Call = calls[name];
    return fetch(`${host.url}${call.path.replace(/:[A-Za-z]+/g, 'rt-none')}`, {
      method: call.method,
      headers: { 'Content-Type': 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
      ...(call.method === 'GET' ? {} : { body: JSON.stringify(body) }),
    });
  };
  const expectHeaders = (response: Response): void => {
    for (const [name, value] of Object.entries(securityHeaders))
      expect([name, response.headers.get(name)]).toEqual([name, value]);
    expect(response.headers.get('Set-Cookie')).toBe(null);
  };

  for (const caller of ['nobody', 'locked', ...roles] as const) {
    it(`are allowed to ${caller} exactly as written`, async () => {
      const allowed: string[] = [];
      const start = async (): Promise<string | null> => {
        if (caller === 'nobody') return null;
        const made = await tokenOf(caller === 'locked' ? 'lead' : caller);
        if (caller === 'locked') await raw('lockSession', made);
        return made;
      };
      let token = await start();
      for (const name of Object.keys(calls) as CallName[]) {
        const response = await raw(name, token);
        expectHeaders(response);
        const body = (await response.json()) as { code?: string };
        const refused =
          ['not-signed-in', 'locked'].includes(body.code ?? '') ||
          (body.code === 'forbidden' && name !== 'firstAccount');
        if (!refused) allowed.push(name);
        // These end or lock the session.
        if (name === 'signOut' || name === 'lockSession') token = await start();
      }
      expect(allowed.sort()).toEqual([...mayCall[caller]].sort());
    });
  }

  it('carry the host’s headers and no cookie on every kind of answer', async () => {
    const token = await tokenOf('lead');
    const asked: readonly (readonly [string, RequestInit, number])[] = [
      ['/', {}, 200],
      ['/assets/main.js', {}, 200],
      ['/assets/main.js', { headers: { Range: 'bytes=99-' } }, 416],
      ['/assets/none.js', {}, 404],
      ['/', { method: 'POST' }, 404],
      ['/api/none', {}, 404],
      ['/api', {}, 404],
      ['/api/worklist', { method: 'PATCH' }, 404],
      ['/api/worklist', {}, 401],
      ['/api/worklist', { headers: { Authorization: `Bearer ${token}` } }, 200],
      ['/api/session', { method: 'POST', body: '{' }, 400],
      ['/events', {}, 401],
      ['/events/other', {}, 404],
      ['/dicomweb/embedded-archive/studies/1.2.3', {}, 401],
      ['/dicomweb/%/studies/1.2.3', { headers: { Authorization: `Bearer ${token}` } }, 404],
      ['/dicomweb/other/studies/1.2.3', { headers: { Authorization: `Bearer ${token}` } }, 404],
      ['/', { headers: { Origin: 'http://evil.example' } }, 403],
    ];
    for (const [path, init, status] of asked) {
      const response = await fetch(`${host.url}${path}`, init);
      await response.body?.cancel();
      expect([path, init.method ?? 'GET', response.status]).toEqual([path, init.method ?? 'GET', status]);
      expectHeaders(response);
      const kept = path === '/assets/main.js' && status === 200;
      expect(response.headers.get('Cache-Control')).toBe(kept ? 'public, max-age=31536000, immutable' : 'no-store');
    }
  });

  it('offer no ordering physician’s page where the host has no listener for it, and say so', async () => {
    expect(host.host.physicianPage).toBeUndefined();
    const lead = await host.signIn('lead', testPassword);
    const links = await lead.call('physicianLinks', { params: { taskId: 'task-1' } });
    expect(links.ok && links.value).toEqual({ offered: false, links: [] });
    const asked = { params: { taskId: 'task-1' }, input: { recipient: 'Dr O. Farrow' } };
    const made = await lead.call('makePhysicianLink', asked);
    expect(made.ok ? 'made' : made.error.message).toMatch(/group host with --physician-listen/);
  });

  it('refuse a foreign Host on the wire', async () => {
    const port = Number(new URL(host.url).port);
    const status = await new Promise<number>((resolve, reject) => {
      httpRequest(
        { host: '127.0.0.1', port, path: '/api/capabilities', headers: { Host: `rebound.example:${port}` } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('refuse a token in another window', async () => {
    const token = await tokenOf('lead');
    const ask = (window: string) =>
      fetch(`${host.url}/api/session`, { headers: { Authorization: `Bearer ${token}`, [caseHeaders.window]: window } });
    expect((await ask('test')).status).toBe(200);
    expect((await ask('stolen')).status).toBe(401);
  });

  it('take `__proto__` in JSON for nothing', async () => {
    const body = '{"results":[],"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const answer = await fetch(`${host.url}/api/self-test`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined);
  });

  it('slow down who guesses passwords, at sign-in and at unlocking together, and let others in', async () => {
    const guess = () => raw('signIn', null, { userName: 'QA', password: 'guess', window: 'test' });
    const answers = await Promise.all(Array.from({ length: 20 }, guess));
    const words = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { message: string }).message),
    );
    expect(answers.every((answer) => answer.status === 401)).toBe(true);
    expect(words.filter((one) => one.startsWith('Too many')).length).toBeGreaterThanOrEqual(12);
    // The right password does not help now either: an attacker must not learn that it was right.
    const right = await raw('signIn', null, { userName: 'qa', password: testPassword, window: 'test' });
    expect(right.status).toBe(401);
    expect((await tokenOf('radiologist')).length).toBeGreaterThan(20);
  });

  it('refuse a body that is too large, with and without a stated length', async () => {
    const large = JSON.stringify({ results: [], filler: 'x'.repeat(5 * 1024 * 1024) });
    const stated = await fetch(`${host.url}/api/self-test`, { method: 'POST', body: large });
    expect([stated.status, ((await stated.json()) as { code: string }).code]).toEqual([413, 'too-large']);
    const pieces = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let at = 0; at < large.length; at += 65_536)
          controller.enqueue(new TextEncoder().encode(large.slice(at, at + 65_536)));
        controller.close();
      },
    });
    const streamed = await fetch(`${host.url}/api/self-test`, {
      method: 'POST',
      body: pieces,
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });
});
