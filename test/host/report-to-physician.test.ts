import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import type { Gateway } from '../../electron/host/settings/types.ts';
import type { CallOutput, CaseDetail } from '../../shared/api/index.ts';
import { linkLasts, mostWrongCodes, viewLasts } from '../../shared/domain/physician-page/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { copyDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { startTestHost, testPorts } from '../servers/overread-host/start-host.ts';
import {
  draftOf,
  eventually,
  openForReading,
  readyForFinal,
  signCommand,
  type TestHost,
  type TestReader,
} from './case-driver.ts';

const origin = 'https://reports.test';
const press = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');

type Made = CallOutput<'makePhysicianLink'>;

/** The demo's sites, each with a fax line of its own. */
const faxes = (folder: string): readonly Gateway[] =>
  ['larkspur', 'saltflat', 'cedar', 'quillback', 'pinemark'].map((name) => ({
    siteId: `site-${name}`,
    kind: 'fax',
    to: { kind: 'folder', folder },
    recipients: [{ name: 'Reports desk', address: '+12065550142', orderer: null, usual: true }],
  }));

describe('the ordering physician’s page', () => {
  let host: TestHost;
  let reader: TestReader;
  let taskId: string;
  let detail: CaseDetail;
  let draft: Draft;
  let later = 0;
  /** Secret parts and codes that were told. */
  const secrets: string[] = [];
  let directory: string;
  let faxFolder: string;
  const start = async (): Promise<void> => {
    host = await startTestHost({
      directory,
      settings: {
        listen: { address: '127.0.0.1', port: 0, tls: null, origins: [], groupKey: null },
        physicianPage: { address: '127.0.0.1', port: 0, tls: null, origin },
        gateways: faxes(faxFolder),
      },
      ports: {
        now: () => instant(Date.now() + later),
        pace: (work, usual) => (work === 'physician-refusal' ? 0 : Math.min(usual, 500)),
      },
    });
    reader = await host.signIn();
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-physician-'));
    await copyDrawnDay(directory);
    faxFolder = await mkdtemp(join(tmpdir(), 'overread-fax-'));
    await start();
    taskId = (await readyForFinal(reader)).taskId;
    detail = await openForReading(reader, taskId);
    draft = draftOf(detail, reader, 'Findings for the physician’s eyes.', 'Impression for the physician.');
  });
  afterAll(async () => {
    await host?.stop().catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
    await rm(faxFolder, { recursive: true, force: true });
  });

  const door = async (
    path: string,
    fields: Readonly<Record<string, string>> | null = null,
    more: {
      readonly from?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly method?: string;
    } = {},
  ): Promise<{ status: number; text: string; headers: Headers; bytes: Uint8Array }> => {
    const page = host.host.physicianPage;
    if (page === undefined) throw new Error('the page is not offered');
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: origin };
    const answer = await page(
      new Request(`${origin}${path}`, {
        method: more.method ?? (fields === null ? 'GET' : 'POST'),
        headers: { ...(fields === null ? {} : form), ...more.headers },
        ...(fields === null ? {} : { body: new URLSearchParams(fields).toString() }),
      }),
      more.from ?? '203.0.113.9',
    );
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, text: Buffer.from(bytes).toString('utf8'), headers: answer.headers, bytes };
  };
  const make = async (recipient = 'Dr O. Farrow'): Promise<Made & { path: string }> => {
    const made = await reader.call('makePhysicianLink', { params: { taskId }, input: { recipient } });
    if (!made.ok) throw new Error(made.error.message);
    expect(made.value.address).toMatch(/^https:\/\/reports\.test\/r\/[A-Za-z0-9_-]{22}$/);
    expect(made.value.code).toMatch(/^\d{4} \d{4}$/);
    const path = new URL(made.value.address).pathname;
    secrets.push(path.slice('/r/'.length), made.value.code, made.value.code.replace(' ', ''));
    return { ...made.value, path };
  };
  const wrongCode = (code: string, step = 1): string =>
    String((Number(code.replace(' ', '')) + step) % 10 ** 8).padStart(8, '0');
  const openings = async () => {
    const found = await reader.call('timeline', { params: { taskId } });
    if (!found.ok) throw new Error(found.error.message);
    return found.value.events.filter((event) => event.type === 'report.opened');
  };
  const linkOf = async (id: string) => {
    const found = await reader.call('physicianLinks', { params: { taskId } });
    return found.ok ? found.value.links.find((one) => one.id === id) : undefined;
  };
  const sign = async (kind: 'preliminary' | 'final' | 'addendum' | 'correction', words: Draft): Promise<void> => {
    const signed = await reader.call('sign', { params: { taskId }, input: signCommand(detail, words, kind, 'demo') });
    if (!signed.ok) throw new Error(signed.error.message);
    const state = { preliminary: 'preliminary', final: 'final', addendum: 'appended', correction: 'corrected' }[kind];
    await eventually(`the report to be ${state}`, async () => {
      const found = await reader.call('report', { params: { taskId } });
      return found.ok && found.value.report.state === state ? true : null;
    });
  };

  it('is not to be linked to while nothing is released, and not without a name', async () => {
    const early = await reader.call('makePhysicianLink', { params: { taskId }, input: { recipient: 'Dr O. Farrow' } });
    expect(early.ok ? 'made' : early.error.message).toMatch(/nothing to open/);
    await sign('preliminary', draft);
    const nameless = await reader.call('makePhysicianLink', { params: { taskId }, input: { recipient: '  ' } });
    expect(nameless.ok ? 'made' : nameless.error.message).toMatch(/for whom/);
  });

  it('is one way of several: the site’s fax gateway gets the preliminary too, and its status is the proof', async () => {
    const faxOf = async (state: string) =>
      eventually(`the fax to be ${state}`, async () => {
        const found = await reader.call('deliveries', { params: { taskId } });
        const fax = found.ok ? found.value.deliveries.find((one) => one.channel === 'fax') : undefined;
        return fax?.state === state ? fax : null;
      });
    const [job = 'none'] = await eventually('the job in the folder', async () => {
      const jobs = await readdir(join(faxFolder, 'jobs')).catch(() => []);
      return jobs.length > 0 ? jobs : null;
    });
    const file = JSON.parse(await readFile(join(faxFolder, 'jobs', job, 'job.json'), 'utf8'));
    expect(file).toMatchObject({ title: 'Preliminary report', to: { name: 'Reports desk', address: '+12065550142' } });
    const sheet = await readFile(join(faxFolder, 'jobs', job, '2-report.pdf'));
    expect(sheet.subarray(0, 5).toString()).toBe('%PDF-');
    await mkdir(join(faxFolder, 'taken'));
    await rename(join(faxFolder, 'jobs', job), join(faxFolder, 'taken', job));
    await writeFile(join(faxFolder, 'status', `${job}.json`), JSON.stringify({ job, status: 'sending' }));
    expect((await faxOf('accepted')).proof).toMatch(/Reports desk, fax ending 0142; the site’s gateway: sending/);
    await writeFile(
      join(faxFolder, 'status', `${job}.json`),
      JSON.stringify({ job, status: 'delivered', detail: '2 pages' }),
    );
    const filed = await faxOf('filed');
    expect(filed.name).toMatch(/^Fax, /);
    expect(filed.proof).toMatch(/status from the destination: delivered: 2 pages/);
    const timeline = await reader.call('timeline', { params: { taskId } });
    const types = timeline.ok
      ? timeline.value.events.filter((one) => one.channel === 'fax').map((one) => one.type)
      : [];
    expect(types).toEqual(['report.sent', 'report.accepted', 'report.filed']);
  }, 60_000);

  it('says the same to every link that is only looked at, and looking is no event', async () => {
    const { path, link } = await make();
    const plain = (text: string): string => text.replace(/value="[^"]*"/g, '').replace(/\/r\/[A-Za-z0-9_-]{22}/g, '');
    const [real, invented] = [await door(path), await door(`/r/${press()}`)];
    expect([real.status, invented.status]).toEqual([200, 200]);
    expect(plain(real.text)).toBe(plain(invented.text));
    // As mail scanners and previews do.
    await door(path, null, { method: 'HEAD' });
    await door(`${path}?code=12345678`);
    await door(`${path}/pdf`);
    await door(`${path}/again`);
    expect(await openings()).toEqual([]);
    expect(await linkOf(link.id)).toMatchObject({ standing: 'waiting', openedAt: null, shown: [] });
  });

  it('opens to a person who enters the code and presses Open, once; the same press again is no second opening', async () => {
    const { path, code, link } = await make();
    const mine = press();
    const opened = await door(path, { code, press: mine });
    expect(opened.status).toBe(200);
    for (const words of ['PRELIMINARY', 'Findings for the physician’s eyes.', 'NOT FOR CLINICAL USE', 'SHA-256'])
      expect(opened.text).toContain(words);
    const again = await door(path, { code, press: mine });
    expect(again.status).toBe(200);
    expect(await openings()).toMatchObject([
      { channel: 'physician-page', subject: { report: { version: 1 } }, actor: { kind: 'device' } },
    ]);
    const other = await door(path, { code, press: press() });
    expect(other.status).toBe(410);
    expect(other.text).toContain('This code was used before');
    expect(other.text).not.toContain('Findings for');
    expect(await linkOf(link.id)).toMatchObject({ standing: 'opened', words: 'opened (a person)' });

    const pdf = await door(`${path}/pdf`, { press: mine });
    expect([pdf.status, pdf.headers.get('Content-Type')]).toEqual([200, 'application/pdf']);
    expect(pdf.headers.get('Content-Disposition')).toMatch(
      /^attachment; filename="report-[A-Za-z0-9-]*-v1-preliminary\.pdf"$/,
    );
    expect(Buffer.from(pdf.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
    expect((await door(`${path}/pdf`, { press: press() })).status).toBe(403);
  });

  it('shows a newer version to who asks again, says so, and counts it as opened then', async () => {
    const { path, code, link } = await make();
    const mine = press();
    await door(path, { code, press: mine });
    await sign('final', { ...draft, baseVersion: 1, sections: { ...draft.sections, '19005-8': 'Final impression.' } });
    // What she has not seen as a page is not handed out behind it.
    expect((await door(`${path}/pdf`, { press: mine })).status).toBe(503);
    const again = await door(`${path}/again`, { press: mine });
    expect(again.text).toContain('Final impression.');
    expect(again.text).toContain('Version 2 is shown. When this link was made, version 1 was the newest.');
    expect(again.text).toContain('<b>Version 1</b>, preliminary, replaced.');
    expect((await linkOf(link.id))?.shown.map((one) => one.version)).toEqual([1, 2]);
    const versions = (await openings()).map((event) => event.subject.report?.version);
    expect(versions.filter((version) => version === 2)).toHaveLength(1);
  });

  it('opened after an addendum, tells that the report below it was opened too, so that the contract’s clock has its stop', async () => {
    await sign(
      'addendum',
      draftOf(detail, reader, '', '', { kind: 'addendum', baseVersion: 2, addendum: 'Prior came.', reason: 'Prior' }),
    );
    const { path, code, link } = await make();
    const opened = await door(path, { code, press: press() });
    for (const words of ['Final report with addendum', 'Final impression.', 'Prior came.'])
      expect(opened.text).toContain(words);
    expect((await linkOf(link.id))?.shown.map((one) => one.version).sort()).toEqual([2, 3]);
  });

  it('is locked by five wrong codes and stays so after a restart; none of them says whether there is such a link', async () => {
    const { path, code, link } = await make();
    const kept = await make();
    const mine = press();
    expect((await door(kept.path, { code: kept.code, press: mine })).status).toBe(200);
    const unknown = await door(`/r/${press()}`, { code, press: press() });
    for (let guess = 1; guess <= mostWrongCodes; guess += 1) {
      const tried = await door(path, { code: wrongCode(code, guess), press: press() });
      expect(tried.status).toBe(unknown.status);
      expect(tried.text.replace(/value="[^"]*"|\/r\/[A-Za-z0-9_-]{22}/g, '')).toBe(
        unknown.text.replace(/value="[^"]*"|\/r\/[A-Za-z0-9_-]{22}/g, ''),
      );
    }
    expect((await door(path, { code, press: press() })).status).toBe(403);
    await host.stop({ keep: true });
    await start();
    expect((await door(path, { code, press: press() })).status).toBe(403);
    expect((await door(kept.path, { code: kept.code, press: press() })).status).toBe(410);
    const again = await eventually('the case to be read from the record again', async () => {
      const shown = await door(`${kept.path}/again`, { press: mine });
      return shown.status === 200 ? shown : null;
    });
    expect(again.text).toContain('Final impression.');
    expect(await linkOf(link.id)).toMatchObject({ standing: 'locked', words: 'locked after 5 wrong codes' });
    // What was mistyped in length is no guess.
    const short = await make();
    for (let time = 0; time < 8; time += 1) await door(short.path, { code: '123', press: press() });
    expect((await door(short.path, { code: short.code, press: press() }, { from: '203.0.113.77' })).status).toBe(200);
  });

  it('counts guesses that are sent at once, every one', async () => {
    const { path, code, link } = await make();
    const tries = Array.from({ length: 12 }, (_, at) =>
      door(path, { code: wrongCode(code, at + 1), press: press() }, { from: `198.51.100.${at + 1}` }),
    );
    for (const tried of await Promise.all(tries)) expect([403, 503]).toContain(tried.status);
    expect((await linkOf(link.id))?.standing).toBe('locked');
  });

  it('does not listen to an address that guesses on and on, and goes on with the others', async () => {
    const from = '2001:db8:7::5';
    for (let guess = 0; guess < 20; guess += 1)
      expect((await door(`/r/${press()}`, { code: '11112222', press: press() }, { from })).status).toBe(403);
    const slowed = await door(`/r/${press()}`, { code: '11112222', press: press() }, { from: '2001:db8:7::9' });
    expect([slowed.status, slowed.headers.get('Retry-After')]).toEqual([429, '600']);
    const { path, code } = await make();
    expect((await door(path, { code, press: press() }, { from: '2001:db8:8::5' })).status).toBe(200);
    // A proxy of its own stands on this computer: one guesser behind it must not stop everybody.
    for (let guess = 0; guess < 22; guess += 1)
      expect((await door(`/r/${press()}`, { code: '11112222', press: press() }, { from: '127.0.0.1' })).status).toBe(
        403,
      );
  }, 30_000);

  it('ended by the reader, it shows nothing more, opened or not', async () => {
    const { path, code, link } = await make();
    const mine = press();
    expect((await door(path, { code, press: mine })).status).toBe(200);
    const ended = await reader.call('endPhysicianLink', { params: { taskId, linkId: link.id } });
    expect(ended.ok && ended.value.links.find((one) => one.id === link.id)?.words).toBe(
      'opened (a person), then ended',
    );
    for (const [at, fields] of [
      [path, { code, press: mine }],
      [`${path}/again`, { press: mine }],
      [`${path}/pdf`, { press: mine }],
    ] as const) {
      const answer = await door(at, fields);
      expect(answer.status).toBe(410);
      expect(answer.text).not.toContain('Final impression.');
    }
    const foreign = await reader.call('endPhysicianLink', { params: { taskId: 'another', linkId: link.id } });
    expect(foreign.ok).toBe(false);
  });

  it('answers with its own headers alone, whatever is asked: nothing runs, nothing is kept, nothing is framed', async () => {
    const { path } = await make();
    const asked = [
      await door(path),
      await door('/'),
      await door('/api/worklist'),
      await door('/api/session', { userName: 'reader', password: 'demo' }),
      await door('/dicomweb/embedded-archive/studies'),
      await door(path, { code: '1', press: 'short' }),
      await door(path, { code: '12345678', press: press() }, { headers: { Origin: 'https://evil.example' } }),
      await door(path, { code: '12345678', press: press() }, { headers: { 'Sec-Fetch-Site': 'cross-site' } }),
      await door(path, { code: '12345678', press: press() }, { headers: { 'Content-Type': 'application/json' } }),
      await door(path, { code: '1'.repeat(20_000), press: press() }),
      await door(path, null, { method: 'DELETE' }),
      await door(path, null, { headers: { Host: 'rebound.example' } }),
    ];
    expect(asked.map((one) => one.status)).toEqual([200, 404, 404, 404, 404, 400, 403, 403, 400, 400, 405, 421]);
    for (const { headers } of asked) {
      expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.get('X-Robots-Tag')).toContain('noindex');
      expect(headers.get('Strict-Transport-Security')).toContain('max-age');
      expect(headers.get('Set-Cookie')).toBeNull();
    }
  });

  it('takes a read-back of levels 2 and 3 as their end, and of level 1 as an attempt at most', async () => {
    const begin = async (level: 1 | 2 | 3): Promise<string> => {
      const id = `critical-${crypto.randomUUID()}`;
      const input = { id, ago: 0, level, finding: `Free air, level ${level}.`, origin: 'key' } as const;
      const begun = await reader.call('startCritical', { params: { taskId }, input });
      if (!begun.ok) throw new Error(begun.error.message);
      return id;
    };
    const resultOf = async (id: string) => {
      const found = await reader.call('caseCriticals', { params: { taskId } });
      return found.ok ? found.value.results.find((one) => one.id === id) : undefined;
    };
    const [first, second] = [await begin(1), await begin(2)];
    const { path, code } = await make();
    const mine = press();
    const opened = await door(path, { code, press: mine });
    for (const words of ['Free air, level 1.', 'This has to be told by voice.', 'Free air, level 2.', 'Read back'])
      expect(opened.text).toContain(words);
    const given = {
      press: mine,
      who: 'Olivia Farrow',
      role: 'physician',
      callBack: '555-0142',
      canAct: 'yes',
      words: 'Free air seen.',
    };
    const said = (result: string, more: Readonly<Record<string, string>> = {}) =>
      door(`${path}/read-back`, { ...given, result, ...more });

    expect((await said(second, { callBack: 'none' })).text).toContain('Nothing was kept.');
    const clerk = await said(second, { role: 'clerk' });
    expect(clerk.text).toContain('Kept as an attempt; it is still open.');
    expect(await resultOf(second)).toMatchObject({ ending: null, attempts: [{ way: 'page', whom: 'Olivia Farrow' }] });
    const closed = await said(second);
    expect(closed.text).toContain('Your read-back is kept.');
    expect(closed.text).toContain('Read back by Olivia Farrow, on the physician’s page');
    expect(await resultOf(second)).toMatchObject({
      ending: { kind: 'closed', readBack: { who: 'Olivia Farrow', way: 'page', callBack: '555-0142' } },
    });
    // Sent twice, it is one read-back; and level 1 is not ended by whatever a form says.
    expect((await said(second)).text).toContain('read back already');
    await said(first);
    expect((await resultOf(first))?.ending).toBeNull();
    expect((await door(`${path}/read-back`, { ...given, press: press(), result: first })).status).toBe(403);
  });

  it('shows a report that was withdrawn as withdrawn, to who had opened it and to who opens it now: no word of it is left', async () => {
    const [before, now] = [await make(), await make()];
    const mine = press();
    expect((await door(before.path, { code: before.code, press: mine })).text).toContain('Final impression.');
    const withdrawn = await reader.call('withdrawReport', {
      params: { taskId },
      input: {
        commandId: crypto.randomUUID(),
        context: detail.context,
        shown: signCommand(detail, draft, 'final').shown,
        version: 3,
        why: 'wrong-patient',
        reason: 'Another patient’s images were read.',
        rightTaskId: null,
        password: 'demo',
      },
    });
    expect(withdrawn.ok ? withdrawn.value.report.state : withdrawn.error).toBe('entered-in-error');
    for (const shown of [
      await door(`${before.path}/again`, { press: mine }),
      await door(now.path, { code: now.code, press: press() }),
    ]) {
      expect(shown.status).toBe(200);
      expect(shown.text).toContain('WITHDRAWN: entered in error');
      expect(shown.text).toContain('They say nothing of the patient named above.');
      expect(shown.text).toContain('<b>Version 3</b>, final with addendum, withdrawn.');
      expect(shown.text).not.toMatch(/Final impression|Findings for the physician|Prior came/);
    }
    const pdf = await door(`${before.path}/pdf`, { press: mine });
    expect([pdf.status, pdf.headers.get('Content-Disposition')]).toEqual([
      200,
      expect.stringContaining('entered-in-error.pdf'),
    ]);
  });

  it('after its time, opens nothing and shows nothing more to who had opened it', async () => {
    const unopened = await make();
    const opened = await make();
    const mine = press();
    expect((await door(opened.path, { code: opened.code, press: mine })).status).toBe(200);
    later += viewLasts + 1_000;
    const over = await door(`${opened.path}/again`, { press: mine });
    expect([over.status, over.text.includes('could be looked at again is over')]).toEqual([410, true]);
    expect((await door(opened.path, { code: opened.code, press: mine })).status).toBe(410);
    later += linkLasts;
    const expired = await door(unopened.path, { code: unopened.code, press: press() });
    expect([expired.status, expired.text.includes('has expired')]).toEqual([410, true]);
    expect(expired.text).not.toContain('Final impression.');
  });

  it('writes each link, each opening and each refusal into the access log, and neither link nor code', async () => {
    await host.stop({ keep: true });
    const keyRing = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!keyRing.ok) throw new Error(keyRing.error.message);
    const log = await openAuditLog({ directory, keyRing: keyRing.value, ports: testPorts() });
    if (!log.ok) throw new Error(log.error.message);
    const entries = await log.value.entries({ limit: 10_000 });
    await log.value.close();
    const mine = entries.filter((one) => one.user.startsWith('physician’s page'));
    const details = mine.map((one) => one.detail).join('\n');
    for (const words of [
      'link for Dr O. Farrow, version 1',
      'nothing shown: refused, wrong codes 5 of 5',
      'nothing shown: used',
      'nothing shown: ended',
      'nothing shown: expired',
      'PDF of version 1, link for Dr O. Farrow',
    ])
      expect(details).toContain(words);
    expect(new Set(mine.map((one) => one.studyUid))).toEqual(new Set([detail.context.studyUid]));
    expect(entries.some((one) => one.detail === 'made a link to the report for Dr O. Farrow')).toBe(true);
    expect(secrets.length).toBeGreaterThan(8);
    const all = JSON.stringify(entries);
    for (const secret of secrets) expect(all).not.toContain(secret);
  });
});
