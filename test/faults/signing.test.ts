import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../shared/domain/order/index.ts';
import { taskFromFhir, taskToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { eventually, openForReading, signCommand } from '../host/case-driver.ts';
import { testPassword } from '../host/people.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { countLooks, quickPace } from '../servers/overread-host/quick-pace.ts';
import {
  dead,
  type Opened,
  openOrder,
  type Rig,
  signFinal,
  startRig,
  stateOf,
  untilDelivered,
  untilReturned,
  untilState,
} from './rig.ts';
import { type OtherSite, startOtherSite } from './site.ts';

describe.skipIf(orthancMissing !== null)('signing while the record or the archive fails', () => {
  let site: OtherSite;
  let rig: Rig;
  let next = 0;
  const { looked, looks } = countLooks();
  beforeAll(async () => {
    site = await startOtherSite(16);
    rig = await startRig(site, {}, { pace: quickPace(looked) });
  }, 240_000);
  afterAll(async () => {
    await rig?.stop();
    await site?.stop();
  });
  beforeEach(() => {
    rig.recordProxy.setRules([]);
    rig.archiveProxy.setRules([]);
  });
  const order = (): Order => {
    const one = site.orders[next];
    next += 1;
    if (one === undefined) throw new Error('no order left');
    return one;
  };
  const heal = (): void => {
    rig.recordProxy.setRules([]);
    rig.archiveProxy.setRules([]);
  };
  /** Signs while the record is dead: the version waits. */
  const signOffline = async (opened: Opened): Promise<void> => {
    rig.recordProxy.setRules(dead);
    const signed = await signFinal(rig.ann, opened);
    expect(signed.ok ? signed.value.report.state : signed.error).toBe('signed-not-released');
  };
  const task = async (taskId: string) => {
    const read = await site.record.read('Task', taskId);
    if (!read.ok) throw new Error(read.error.message);
    const parsed = taskFromFhir(read.value.resource);
    if (!parsed.ok) throw new Error('no task of ours');
    return { ...parsed.value, version: read.value.version };
  };
  /** The record forgets the signer's published keys, as one does that was put back from before she signed in. */
  const unpublish = async (readerId: string): Promise<void> => {
    const read = await site.record.read('Practitioner', readerId);
    if (!read.ok) throw new Error(read.error.message);
    const { extension: _keys, ...rest } = read.value.resource as { extension?: unknown } & typeof read.value.resource;
    const written = await site.record.put(rest as typeof read.value.resource, { ifMatch: read.value.version });
    if (!written.ok) throw new Error(written.error.message);
  };
  const expectOneFinal = async (one: Order): Promise<void> => {
    const found = await site.record.search('DiagnosticReport', { 'based-on': `ServiceRequest/${one.id}` });
    expect(found.ok && found.value.map(({ resource }) => resource.status)).toEqual(['final']);
  };
  /** Given back: the words are the draft again, and a second signature goes through. */
  const expectSignable = async (opened: Opened, epoch: number): Promise<void> => {
    const again = await openForReading(rig.ann, opened.taskId, epoch);
    expect(again.draft?.sections['59776-5']).toBe(opened.draft.sections['59776-5']);
    if (again.draft === null) return;
    const signed = await rig.ann.call('sign', {
      params: { taskId: opened.taskId },
      input: signCommand(again, again.draft, 'final', testPassword),
    });
    expect(signed.ok ? null : signed.error).toBe(null);
    await untilState(rig.ann, opened.taskId, 'final');
  };

  const lost = (path: RegExp) => ({ method: 'PUT', path, times: 1, fault: { kind: 'drop-after' } }) as const;
  const table = [
    ['the Task', [lost(/\/Task\//)]],
    ['the DiagnosticReport', [lost(/\/DiagnosticReport\//)]],
    ['the Provenance', [lost(/\/Provenance\//)]],
    ['all three', [lost(/\/Task\//), lost(/\/DiagnosticReport\//), lost(/\/Provenance\//)]],
  ] as const;
  for (const [what, rules] of table) {
    it(`wins by its own token when the answer to ${what} is lost: one final version`, async () => {
      const one = order();
      const opened = await openOrder(rig.ann, one);
      rig.recordProxy.clear();
      rig.recordProxy.setRules(rules);
      const signed = await signFinal(rig.ann, opened);
      expect(signed.ok ? null : signed.error).toBe(null);
      await untilState(rig.ann, opened.taskId, 'final');
      await untilDelivered(rig.ann, opened.taskId);
      expect(rig.recordProxy.requests().filter((asked) => asked.fault === 'drop-after').length).toBe(rules.length);
      heal();
      await expectOneFinal(one);
      const verified = await rig.ann.call('verifyReport', { params: { taskId: opened.taskId } });
      expect(verified.ok && verified.value.versions.map((version) => version.verdict)).toEqual(['verified']);
      // Written once: what was lost was read, not written again.
      const puts = rig.recordProxy.requests().filter((asked) => asked.method === 'PUT');
      expect(puts.filter((asked) => /\/DiagnosticReport\//.test(asked.path)).length).toBe(1);
      expect(puts.filter((asked) => /\/Provenance\//.test(asked.path)).length).toBe(1);
    });
  }

  it('is "signed, not released" while the record is dead, also after a restart, and is released when it comes back', async () => {
    const one = order();
    const opened = await openOrder(rig.ann, one);
    await signOffline(opened);
    const row = await rig.ann.call('worklist', { input: {} });
    expect(row.ok && row.value.rows.find((found) => found.taskId === opened.taskId)?.report).toBe(
      'signed-not-released',
    );
    await rig.restart();
    const status = await rig.ann.call('status');
    expect(status.ok && status.value.waitingReports).toBe(1);
    expect(await stateOf(rig.ann, opened.taskId)).toBe('signed-not-released');
    const second = await signFinal(rig.ann, opened);
    expect(second.ok).toBe(false);
    heal();
    await untilState(rig.ann, opened.taskId, 'final');
    await untilDelivered(rig.ann, opened.taskId);
    await expectOneFinal(one);
    const timeline = await eventually('the events of the release', async () => {
      const found = await rig.ann.call('timeline', { params: { taskId: opened.taskId } });
      const types = found.ok ? found.value.events.map((event) => event.type) : [];
      return types.includes('report.final') && types.filter((type) => type === 'report.filed').length === 2
        ? types
        : null;
    });
    expect(timeline).toContain('report.signed');
  });

  it('is released when only the lease ran out meanwhile', async () => {
    const one = order();
    const opened = await openOrder(rig.ann, one);
    await signOffline(opened);
    const { task: now, names, version } = await task(opened.taskId);
    if (now.claim === null) throw new Error('no claim');
    const lapsed = { ...now, claim: { ...now.claim, leaseUntil: instant(Date.now() - 1_000) } };
    const put = await site.record.put(taskToFhir(lapsed, names), { ifMatch: version });
    expect(put.ok).toBe(true);
    heal();
    await untilState(rig.ann, opened.taskId, 'final');
    await untilDelivered(rig.ann, opened.taskId);
    await expectOneFinal(one);
  });

  it('a claim that ran out is taken back: the list shows nobody, the timeline says why, another reader may have it', async () => {
    const opened = await openOrder(rig.ann, order());
    const { task: now, names, version } = await task(opened.taskId);
    if (now.claim === null) throw new Error('no claim');
    const lapsed = { ...now, claim: { ...now.claim, leaseUntil: instant(Date.now() - 60_000) } };
    expect((await site.record.put(taskToFhir(lapsed, names), { ifMatch: version })).ok).toBe(true);
    await eventually('the list to show nobody', async () => {
      const list = await rig.bob.call('worklist', { input: {} });
      const row = list.ok ? list.value.rows.find((one) => one.taskId === opened.taskId) : undefined;
      return row?.reader === null && row.state === 'queued' ? true : null;
    });
    const timeline = await eventually('the event', async () => {
      const found = await rig.bob.call('timeline', { params: { taskId: opened.taskId } });
      const events = found.ok ? found.value.events.filter((event) => event.type === 'task.lease.lapsed') : [];
      return events.length > 0 ? events : null;
    });
    expect(timeline.map((event) => event.occurredAt)).toEqual([lapsed.claim.leaseUntil]);
    const signed = await signFinal(rig.ann, opened);
    expect(signed.ok ? 'signed' : signed.error.code).toBe('lease-lapsed');
    expect((await openForReading(rig.bob, opened.taskId)).claim?.fencingToken).toBe(2);
  });

  it('is given back when another reader has claimed the study meanwhile, with her name, and the words are kept', async () => {
    const opened = await openOrder(rig.ann, order());
    await signOffline(opened);
    const { task: now, names, version } = await task(opened.taskId);
    const token = now.lastFencingToken + 1;
    const other = {
      ...now,
      state: 'claimed' as const,
      lastFencingToken: token,
      claim: {
        reader: 'other' as never,
        readerName: 'Dr O. Ther',
        fencingToken: token,
        leaseUntil: instant(Date.now() + 600_000),
      },
    };
    expect((await site.record.put(taskToFhir(other, names), { ifMatch: version })).ok).toBe(true);
    heal();
    expect(await untilReturned(rig.ann, opened.taskId)).toContain('Dr O. Ther has claimed this study');
    expect(await stateOf(rig.ann, opened.taskId)).toBe('draft');
    const { task: after } = await task(opened.taskId);
    expect(after.released).toBe(null);
    // The other reader gives it up: the same words can be signed.
    const fresh = await task(opened.taskId);
    await site.record.put(taskToFhir({ ...fresh.task, state: 'queued', claim: null }, fresh.names), {
      ifMatch: fresh.version,
    });
    await eventually('the study to be free', async () => {
      const found = await rig.ann.call('openCase', {
        params: { taskId: opened.taskId },
        input: { mode: 'read', epoch: 7 },
      });
      return found.ok ? true : null;
    });
    await expectSignable(opened, 8);
  });

  it('is given back when another final was released meanwhile', async () => {
    const opened = await openOrder(rig.ann, order());
    await signOffline(opened);
    const { task: now, names, version } = await task(opened.taskId);
    const done = {
      ...now,
      state: 'completed' as const,
      claim: null,
      released: { reportId: 'report-of-another', version: 1, digest: 'f'.repeat(64), kind: 'final' as const },
    };
    expect((await site.record.put(taskToFhir(done, names), { ifMatch: version })).ok).toBe(true);
    heal();
    expect(await untilReturned(rig.ann, opened.taskId)).toContain('Another version of this report was released');
    const { task: after } = await task(opened.taskId);
    expect(after.released?.digest).toBe('f'.repeat(64));
    // The words stay readable.
    const report = await rig.ann.call('report', { params: { taskId: opened.taskId } });
    expect(report.ok && JSON.stringify(report.value.report.versions)).toContain('Words that must not be lost.');
  });

  it('is given back when the order was revoked meanwhile', async () => {
    const one = order();
    const opened = await openOrder(rig.ann, one);
    await signOffline(opened);
    const read = await site.record.read('ServiceRequest', one.id);
    if (!read.ok) throw new Error(read.error.message);
    await site.record.put({ ...read.value.resource, status: 'revoked' }, { ifMatch: read.value.version });
    heal();
    expect(await untilReturned(rig.ann, opened.taskId)).toMatch(/order was cancelled/);
    const found = await site.record.search('DiagnosticReport', { 'based-on': `ServiceRequest/${one.id}` });
    expect(found.ok && found.value.length).toBe(0);
  });

  it('is given back when the patient was merged into another, or turned into another, meanwhile', async () => {
    const changes = [
      [{ link: [{ other: { reference: 'Patient/survivor' }, type: 'replaced-by' as const }] }, /merged into another/],
      [{ birthDate: '1931-01-02' }, /patient was changed/],
    ] as const;
    for (const [change, words] of changes) {
      const one = order();
      const opened = await openOrder(rig.ann, one);
      await signOffline(opened);
      const read = await site.record.read('Patient', one.patientReference ?? '');
      if (!read.ok) throw new Error(read.error.message);
      await site.record.put({ ...read.value.resource, ...(change as object) }, { ifMatch: read.value.version });
      heal();
      expect(await untilReturned(rig.ann, opened.taskId)).toMatch(words);
    }
  });

  it('waits while the archive is silent, and is given back when one more image has come', async () => {
    const one = order();
    rig.archiveProxy.clear();
    const opened = await openOrder(rig.ann, one);
    // What a signature covers is listed a moment after the opening.
    const listing = `/studies/${opened.detail.context.studyUid}/instances`;
    await eventually('the list of its images', async () =>
      rig.archiveProxy.requests().some(({ complete, path }) => complete && path.includes(listing)) ? true : null,
    );
    // Passed on to its end; the answer to this comes after the host has read it.
    expect((await rig.ann.call('caseInstances', { params: { taskId: opened.taskId } })).ok).toBe(true);
    rig.archiveProxy.setRules(dead);
    const signed = await signFinal(rig.ann, opened);
    expect(signed.ok ? signed.value.report.state : signed.error).toBe('signed-not-released');
    await looks('outbox', 4);
    expect(await stateOf(rig.ann, opened.taskId)).toBe('signed-not-released');
    await site.addInstance(one);
    heal();
    expect(await untilReturned(rig.ann, opened.taskId)).toContain('1 more image came');
    await expectSignable(opened, 9);
  });

  it('is given back with its words when the study was withdrawn from the archive meanwhile', async () => {
    const one = order();
    const opened = await openOrder(rig.ann, one);
    await signOffline(opened);
    await site.withdraw(one);
    heal();
    expect(await untilReturned(rig.ann, opened.taskId)).toMatch(/withdrawn from the archive/);
    const found = await site.record.search('DiagnosticReport', { 'based-on': `ServiceRequest/${one.id}` });
    expect(found.ok && found.value.length).toBe(0);
    expect((await task(opened.taskId)).task.released).toBe(null);
    const report = await rig.ann.call('report', { params: { taskId: opened.taskId } });
    expect(report.ok && JSON.stringify(report.value.report.versions)).toContain('Words that must not be lost.');
    // And there is nothing to sign on: that is said before a password is asked for.
    const again = await signFinal(rig.ann, opened);
    expect(again.ok ? 'signed' : again.error.message).toMatch(/no images of this study any more/);
  });

  it("waits while the record does not take the signer's key, and is verified by it once it is released", async () => {
    const one = order();
    const opened = await openOrder(rig.ann, one);
    await unpublish(opened.draft.readerId);
    rig.recordProxy.setRules([
      { method: 'PUT', path: /\/Practitioner\//, fault: { kind: 'status', status: 503, body: 'no' } },
    ]);
    rig.recordProxy.clear();
    const signed = await signFinal(rig.ann, opened);
    expect(signed.ok ? signed.value.report.state : signed.error).toBe('signed-not-released');
    await looks('outbox', 4);
    expect(await stateOf(rig.ann, opened.taskId)).toBe('signed-not-released');
    expect((await task(opened.taskId)).task.released).toBe(null);
    heal();
    await untilState(rig.ann, opened.taskId, 'final');
    const puts = rig.recordProxy.requests().filter((asked) => asked.method === 'PUT' && asked.fault === null);
    const place = (type: string): number => puts.findIndex((asked) => asked.path.includes(`/${type}/`));
    expect(place('Practitioner')).toBeGreaterThanOrEqual(0);
    expect(place('Practitioner')).toBeLessThan(place('Task'));
    await untilDelivered(rig.ann, opened.taskId);
    const verified = await rig.ann.call('verifyReport', { params: { taskId: opened.taskId } });
    expect(verified.ok && verified.value.versions.map((version) => version.verdict)).toEqual(['verified']);
  });
});
