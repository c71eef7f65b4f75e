import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRulesView } from '../../shared/api/index.ts';
import { usualValues } from '../../shared/domain/delivery/index.ts';
import { applicationAnswer, startRudeReceiver } from '../faults/rude-receiver.ts';
import { startFhirRouter } from '../servers/fhir-router/server.ts';
import { freePort } from '../servers/free-port.ts';
import { controlIdOf, startHl7Receiver } from '../servers/hl7-receiver.ts';
import { connectMllp } from '../servers/mllp-sender.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import {
  draftOf,
  eventually,
  openForReading,
  readyForFinal,
  readyRow,
  signCommand,
  type TestHost,
  type TestReader,
} from './case-driver.ts';

describe('one study, from the list to the delivered report, against the embedded record and archive', () => {
  let host: TestHost;
  let reader: TestReader;
  let hl7Port: number;
  beforeAll(async () => {
    hl7Port = await freePort();
    const line = { host: '127.0.0.1', port: hl7Port, zone: null, characterSet: null, accession: 'auto' } as const;
    host = await startDrawnDay({ settings: { hl7Listen: [{ ...line, siteId: null }] } });
    reader = await host.signIn();
  });
  afterAll(async () => {
    await host?.stop();
  });

  it('claims, drafts, signs a preliminary and a final, and every channel that is set files it', async () => {
    const row = await readyRow(reader);
    const detail = await openForReading(reader, row.taskId);
    expect(detail.claim?.fencingToken).toBe(1);

    const lead = await host.signIn('lead');
    const rival = await lead.call('openCase', { params: { taskId: row.taskId }, input: { mode: 'read', epoch: 1 } });
    expect(rival.ok ? null : rival.error.code).toBe('held-by-another');
    const look = await lead.call('openCase', { params: { taskId: row.taskId }, input: { mode: 'look', epoch: 2 } });
    expect(look.ok && look.value.claim).toBe(null);

    const draft = draftOf(detail, reader, 'No acute finding. Größe 12 mm.', 'Normal.');
    const saved = await reader.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: draft as never },
    });
    expect(saved.ok && saved.value.revision).toBe(1);

    const withoutPassword = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'preliminary'),
    });
    expect(withoutPassword.ok ? null : withoutPassword.error.code).toBe('password-needed');
    const wrong = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'preliminary', 'nonsense'),
    });
    expect(wrong.ok ? null : wrong.error.code).toBe('wrong-password');

    const preliminary = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'preliminary', 'demo'),
    });
    expect(preliminary.ok ? preliminary.value.report.state : preliminary.error).toBe('preliminary');

    const changed = draftOf(detail, reader, 'No acute finding. Größe 13 mm.', 'Normal. No fracture.', {
      baseVersion: 1,
    });
    const command = signCommand(detail, changed, 'final');
    const final = await reader.call('sign', { params: { taskId: row.taskId }, input: command });
    expect(final.ok ? final.value.report.state : final.error).toBe('final');
    const again = await reader.call('sign', { params: { taskId: row.taskId }, input: command });
    expect(again.ok && again.value.report.versions.length).toBe(2);

    const filed = await eventually('both versions filed on both channels', async () => {
      const found = await reader.call('deliveries', { params: { taskId: row.taskId } });
      return found.ok &&
        found.value.deliveries.length === 4 &&
        found.value.deliveries.every((one) => one.state === 'filed')
        ? found.value.deliveries
        : null;
    });
    expect(filed.every((one) => one.proof.includes('digest equal'))).toBe(true);

    const verified = await reader.call('verifyReport', { params: { taskId: row.taskId } });
    expect(verified.ok && verified.value.versions.map((one) => one.verdict)).toEqual(['verified', 'verified']);

    const late = await reader.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: { ...draft, revision: 9 } as never },
    });
    expect(late.ok ? null : late.error.code).toBe('stale-draft');

    const timeline = await eventually('the whole timeline', async () => {
      const found = await reader.call('timeline', { params: { taskId: row.taskId } });
      return found.ok && found.value.events.filter((event) => event.type === 'report.filed').length === 4
        ? found.value
        : null;
    });
    const types = timeline.events.map((event) => event.type);
    for (const type of [
      'order.placed',
      'task.queued',
      'images.first',
      'images.complete',
      'task.claimed',
      'read.opened',
      'report.draftSaved',
      'report.signed',
      'report.prelim',
      'report.final',
    ])
      expect(types).toContain(type);
    expect(timeline.intervals.length).toBeGreaterThan(3);
  });

  it('takes an addendum and a correction after the final as new versions, and refuses a second final', async () => {
    const row = await readyRow(reader);
    const detail = await openForReading(reader, row.taskId);
    const draft = draftOf(detail, reader, 'Findings as signed.', 'Impression as signed.');
    const final = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, draft, 'final', 'demo'),
    });
    expect(final.ok ? final.value.report.state : final.error).toBe('final');
    const second = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, { ...draft, baseVersion: 1 }, 'final'),
    });
    expect(second.ok ? null : second.error.code).toBe('not-a-legal-move');

    const addendum = draftOf(detail, reader, '', '', {
      kind: 'addendum',
      baseVersion: 1,
      addendum: 'Compared with the prior of 2026-08-18.',
      reason: 'Prior became available.',
    });
    const appended = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, addendum, 'addendum'),
    });
    expect(appended.ok ? appended.value.report.state : appended.error).toBe('appended');
    const correction = draftOf(detail, reader, 'Findings, left side.', 'Impression, left side.', {
      kind: 'correction',
      baseVersion: 2,
      reason: 'Side was wrong.',
    });
    const corrected = await reader.call('sign', {
      params: { taskId: row.taskId },
      input: signCommand(detail, correction, 'correction'),
    });
    expect(corrected.ok ? corrected.value.report.state : corrected.error).toBe('corrected');
    const texts = corrected.ok
      ? corrected.value.report.versions.map(
          (one) => one.content.sections.find((section) => section.code === '19005-8')?.text,
        )
      : [];
    expect(texts).toEqual(['Impression as signed.', 'Impression as signed.', 'Impression, left side.']);
    const last = corrected.ok ? corrected.value.report.versions.at(-1) : undefined;
    expect(last?.content.sections.find((section) => section.code === '55107-7')?.text).toBe(
      'Compared with the prior of 2026-08-18.',
    );
    await eventually('all three versions filed', async () => {
      const found = await reader.call('deliveries', { params: { taskId: row.taskId } });
      return found.ok &&
        found.value.deliveries.length === 6 &&
        found.value.deliveries.every((one) => one.state === 'filed')
        ? true
        : null;
    });
  });

  it('names who finalises a preliminary, asks another reader whether she agrees, and tells its reader what she made of it', async () => {
    const row = await readyForFinal(reader);
    const params = { taskId: row.taskId };
    const detail = await openForReading(reader, row.taskId);
    const draft = draftOf(detail, reader, 'No acute finding.', 'Normal.');
    const first = await reader.call('sign', { params, input: signCommand(detail, draft, 'preliminary', 'demo') });
    expect(first.ok ? first.value.report.state : first.error).toBe('preliminary');
    const content = first.ok ? first.value.report.versions[0]?.content : undefined;
    expect(content?.finalisation?.by).toBe('Dr M. Tandewright or a colleague of the reading group');
    expect(content?.finalisation?.due).toEqual(row.dueAt);
    const released = await reader.call('releaseClaim', {
      params,
      input: { fencingToken: detail.claim?.fencingToken ?? 0, reason: 'for the overread' },
    });
    expect(released.ok ? null : released.error).toBeNull();

    const lead = await host.signIn('lead');
    const hers = await openForReading(lead, row.taskId, 3);
    const words = draftOf(hers, lead, 'Small effusion.', 'Effusion.', { baseVersion: 1 });
    const command = signCommand(hers, words, 'final', 'demo');
    const unsaid = await lead.call('sign', { params, input: command });
    expect(unsaid.ok ? null : [unsaid.error.code, unsaid.error.message]).toEqual([
      'bad-request',
      'Dr M. Tandewright signed the preliminary: say whether you agree with it. Your words are kept.',
    ]);
    const final = await lead.call('sign', {
      params,
      input: { ...command, commandId: crypto.randomUUID(), overread: 'major' },
    });
    expect(final.ok ? final.value.report.state : final.error).toBe('final');
    const [kept, over] = final.ok ? final.value.report.versions : [];
    expect(kept?.content.sections.find((one) => one.code === '59776-5')?.text).toBe('No acute finding.');
    expect(over?.content.preliminary).toEqual({
      version: 1,
      signer: { id: reader.id, name: reader.name },
      changed: true,
      agreement: 'major',
    });
    const own = await lead.call('overreads');
    expect(own.ok && own.value.lines).toEqual([]);
    const told = await reader.call('overreads');
    expect(told.ok && told.value.lines.map((one) => [one.taskId, one.patient, one.agreement, one.changed])).toEqual([
      [row.taskId, row.patient, 'major', true],
    ]);
    const notHers = await lead.call('overreadSeen', { params });
    expect(notHers.ok ? null : notHers.error.code).toBe('not-found');
    const seen = await reader.call('overreadSeen', { params });
    expect(seen.ok && seen.value.lines).toEqual([]);
    const types = await eventually('the discrepancy', async () => {
      const found = await reader.call('timeline', { params });
      const all = found.ok ? found.value.events : [];
      return all.some((event) => event.type === 'report.overread.seen') ? all : null;
    });
    expect(types.find((event) => event.type === 'discrepancy.found')?.detail).toBe('preliminary overread: major');
  });

  it('stops on an empty impression, and keeps what the checks asked and what was answered without a word of the report', async () => {
    const row = await readyForFinal(reader);
    const detail = await openForReading(reader, row.taskId);
    const params = { taskId: row.taskId };
    const empty = await reader.call('sign', {
      params,
      input: signCommand(detail, draftOf(detail, reader, 'Free air under the diaphragm.', ' \n'), 'final', 'demo'),
    });
    expect(empty.ok ? null : [empty.error.code, empty.error.message]).toEqual([
      'bad-request',
      'The Impression is empty. Your words are kept in the draft.',
    ]);

    const preliminary = draftOf(detail, reader, 'Free air under the diaphragm.', 'Free air.');
    const first = await reader.call('sign', {
      params,
      input: {
        ...signCommand(detail, preliminary, 'preliminary', 'demo'),
        checks: [
          { rule: 'critical-words', outcome: 'confirmed', reason: 'told' },
          { rule: 'series-not-shown', outcome: 'told', reason: null },
        ],
      },
    });
    expect(first.ok ? first.value.report.state : first.error).toBe('preliminary');
    // Signed past the dialog: what the host's own rules ask is on record all the same.
    const second = await reader.call('sign', {
      params,
      input: signCommand(detail, { ...preliminary, baseVersion: 1 }, 'final', 'demo'),
    });
    expect(second.ok ? second.value.report.state : second.error).toBe('final');
    const checked = await eventually('both signatures’ checks', async () => {
      const found = await reader.call('timeline', { params });
      const told = found.ok ? found.value.events.filter((event) => event.type === 'report.checked') : [];
      return told.length === 2 ? told.map((event) => event.detail) : null;
    });
    expect(checked).toEqual(['critical-words confirmed (told), series-not-shown told', 'critical-words unanswered']);
  });

  it('counts for a lead what each check said and why it was overridden, and takes what the group turns down', async () => {
    const lead = await host.signIn('lead');
    const ruleOf = (view: CheckRulesView | null, id: string) => view?.rules.find((one) => one.id === id);
    const seen = await eventually('both signatures are counted', async () => {
      const answered = await lead.call('checkRules');
      return answered.ok && answered.value.signatures === 2 ? answered.value : null;
    });
    expect(ruleOf(seen, 'critical-words')).toMatchObject({
      shipped: 'ask',
      fired: 2,
      overridden: 1,
      reasons: [{ words: 'Told already', count: 1 }],
    });
    expect(ruleOf(seen, 'series-not-shown')).toMatchObject({ shipped: 'tell', fired: 1, overridden: 0 });
    expect(ruleOf(seen, 'sex')).toMatchObject({ fired: 0, reasons: [] });
    expect(seen).toMatchObject({ weights: {}, kept: 'record', version: null, mayChange: true });

    const weights = { 'critical-words': 'tell', age: 'off' } as const;
    const first = await lead.call('keepCheckRules', { input: { version: null, weights } });
    expect(first).toMatchObject({ ok: true, value: { weights, changed: { by: lead.name } } });
    // Another lead's page still has what was before.
    const late = await lead.call('keepCheckRules', { input: { version: null, weights: {} } });
    expect(late).toMatchObject({ ok: false, error: { code: 'not-a-legal-move' } });
    const row = await readyForFinal(reader);
    const asked = await reader.call('signRequirements', { params: { taskId: row.taskId } });
    expect(asked).toMatchObject({ ok: true, value: { checks: weights } });
    const version = first.ok ? first.value.version : null;
    expect(await lead.call('keepCheckRules', { input: { version, weights: {} } })).toMatchObject({
      ok: true,
      value: { weights: {} },
    });
  });

  it('files a report when the site’s own application says so over a line of its own, and not when it was only committed', async () => {
    const lead = await host.signIn('lead');
    const receiver = await startRudeReceiver();
    receiver.be('CA-then-close');
    const line = await connectMllp(hl7Port);
    try {
      const row = await readyForFinal(reader);
      const siteId = row.site?.id ?? '';
      const keep = async (channel: 'agreed' | 'hl7', values: Readonly<Record<string, string>>) => {
        const seen = await lead.call('siteChannels');
        const version = seen.ok ? seen.value.version : '';
        const kept = await lead.call('keepChannel', { input: { siteId, channel, values, recipients: [], version } });
        expect(kept.ok ? null : kept.error).toBeNull();
      };
      await keep('agreed', { ...usualValues('agreed'), hl7Receipt: 'enhanced' });
      await keep('hl7', {
        ...{ ...usualValues('hl7'), host: '127.0.0.1', port: String(receiver.port), pdf: 'no' },
        ...{ receivingApplication: 'RIS', receivingFacility: 'SITE' },
      });
      const params = { taskId: row.taskId };
      const detail = await openForReading(reader, row.taskId);
      const input = signCommand(detail, draftOf(detail, reader, 'No acute finding.', 'Normal.'), 'final', 'demo');
      expect((await reader.call('sign', { params, input })).ok).toBe(true);
      const hl7 = async () => {
        const found = await reader.call('deliveries', { params });
        return found.ok ? (found.value.deliveries.find((one) => one.channel === 'hl7') ?? null) : null;
      };
      const committed = await eventually('the commit', async () => {
        const one = await hl7();
        return one?.proof.startsWith('CA for message') === true ? one : null;
      });
      expect(committed).toMatchObject({ state: 'sent', attempts: 1 });
      const controlId = controlIdOf(receiver.received[0] ?? '');
      expect(await line.send(applicationAnswer('AA', 'OVRNOTOURS', 'R1'))).toMatchObject({
        code: 'AE',
        controlId: 'R1',
      });
      expect((await hl7())?.state).toBe('sent');
      // Said twice, as by an engine that did not hear the commit.
      for (const own of ['R2', 'R2', 'R3'])
        expect(await line.send(applicationAnswer('AA', controlId, own))).toMatchObject({ code: 'CA', controlId: own });
      expect(await hl7()).toMatchObject({ state: 'filed', proof: expect.stringContaining('AA of the application') });
      const filed = await eventually('the timeline', async () => {
        const found = await reader.call('timeline', { params });
        const all = found.ok ? found.value.events.filter((one) => one.channel === 'hl7') : [];
        return all.some((one) => one.type === 'report.filed') ? all.map((one) => one.type) : null;
      });
      expect(filed).toEqual(['report.sent', 'report.accepted', 'report.filed']);
      expect(receiver.received).toHaveLength(1);
      await keep('agreed', usualValues('agreed'));
      const seen = await lead.call('siteChannels');
      await lead.call('removeChannel', {
        input: { siteId, channel: 'hl7', version: seen.ok ? seen.value.version : '' },
      });
    } finally {
      line.close();
      await receiver.stop();
    }
  });

  it('sends the next report where a lead has just set that it goes, and tells what is wrong in words', async () => {
    const lead = await host.signIn('lead');
    const receiver = await startHl7Receiver();
    try {
      const row = await readyForFinal(reader);
      const siteId = row.site?.id ?? '';
      const view = async () => {
        const answered = await lead.call('siteChannels');
        if (!answered.ok) throw new Error(answered.error.message);
        return answered.value;
      };
      const seen = await view();
      expect(seen.sites.find(({ id }) => id === siteId)?.channels).toEqual([
        {
          ...{ channel: 'agreed', values: usualValues('agreed'), recipients: [], onTheWay: 0, elsewhere: [] },
          ...{ changed: null, hindrance: null, stopsClockOf: [] },
        },
      ]);
      const values = {
        ...{ host: '127.0.0.1', port: String(receiver.port), text: 'line-each', pdf: 'no' },
        ...{ receivingApplication: 'RIS', receivingFacility: 'LARKSPUR' },
      };
      const typed = { siteId, channel: 'hl7', values, recipients: [] } as const;
      expect(await lead.call('testChannel', { input: typed })).toMatchObject({ ok: true, value: { answers: true } });
      expect(receiver.messages).toEqual([]);
      const wrong = await lead.call('keepChannel', {
        input: { ...typed, version: seen.version, values: { ...values, port: '0' } },
      });
      expect(wrong).toMatchObject({
        ok: false,
        error: { code: 'bad-request', message: 'Port: Give a whole number from 1 to 65535.' },
      });
      expect(await lead.call('keepChannel', { input: { ...typed, version: seen.version } })).toMatchObject({
        ok: true,
      });
      // Somebody else’s page still has what was before.
      expect(
        await lead.call('removeChannel', { input: { siteId, channel: 'hl7', version: seen.version } }),
      ).toMatchObject({
        ok: false,
        error: { code: 'not-a-legal-move' },
      });
      const withPdf = { ...usualValues('agreed'), encapsulatedPdf: 'yes' };
      const agreed = await lead.call('keepChannel', {
        input: {
          ...{ siteId, channel: 'agreed', values: withPdf, recipients: [] },
          version: (await view()).version,
        },
      });
      expect(agreed.ok ? agreed.value.sites.find(({ id }) => id === siteId)?.channels : agreed.error).toMatchObject([
        { channel: 'agreed', values: withPdf },
        { channel: 'hl7', values },
      ]);

      const detail = await openForReading(reader, row.taskId);
      const draft = draftOf(detail, reader, 'No acute finding.', 'Normal.');
      const final = await reader.call('sign', {
        params: { taskId: row.taskId },
        input: signCommand(detail, draft, 'final', 'demo'),
      });
      expect(final.ok ? final.value.report.state : final.error).toBe('final');
      const sent = await eventually('the report is on every channel that was set', async () => {
        const found = await reader.call('deliveries', { params: { taskId: row.taskId } });
        const all = found.ok ? found.value.deliveries : [];
        // An HL7 receiver only takes it; the other three are asked until they hold it, which may come a moment after they took it.
        const isThere = all.every(({ channel, state }) => state === (channel === 'hl7' ? 'accepted' : 'filed'));
        return all.length === 4 && isThere ? all.map(({ channel, state }) => `${channel} ${state}`) : null;
      });
      expect(sent.toSorted()).toEqual(['archive filed', 'hl7 accepted', 'pdf filed', 'record filed']);
      expect(receiver.messages).toHaveLength(1);
      expect(receiver.messages[0]).toContain('|RIS|LARKSPUR|');
    } finally {
      await receiver.stop();
    }
  });

  it('stores a report at a site’s FHIR server that a lead has set, once for all its versions', async () => {
    const lead = await host.signIn('lead');
    const server = await startFhirRouter();
    try {
      const row = await readyForFinal(reader, 'preliminary');
      const values = {
        ...{ ...usualValues('imr'), url: `${server.url}/`, token: 'new', newToken: 'hush-hush', patients: 'created' },
        ...{
          patientSystem: 'urn:oid:1.2.3',
          accessionSystem: 'urn:oid:1.2.4',
          images: 'https://pacs.example/dicom-web',
        },
      };
      const typed = { siteId: row.site?.id ?? '', channel: 'imr', values, recipients: [] } as const;
      expect(await lead.call('testChannel', { input: typed })).toMatchObject({ ok: true, value: { answers: true } });
      const seen = await lead.call('siteChannels');
      const kept = await lead.call('keepChannel', { input: { ...typed, version: seen.ok ? seen.value.version : '' } });
      expect(JSON.stringify(kept)).not.toContain('hush-hush');
      const params = { taskId: row.taskId };
      const detail = await openForReading(reader, row.taskId);
      const signAs = async (kind: 'preliminary' | 'final', words: string, baseVersion: number) => {
        const draft = draftOf(detail, reader, words, 'Normal.', { baseVersion });
        const signed = await reader.call('sign', { params, input: signCommand(detail, draft, kind, 'demo') });
        expect(signed.ok ? null : signed.error).toBeNull();
      };
      await signAs('preliminary', 'No acute finding.', 0);
      await signAs('final', 'No acute finding. No fracture.', 1);
      const filed = await eventually('both versions at the server', async () => {
        const found = await reader.call('deliveries', { params });
        const all = found.ok ? found.value.deliveries.filter(({ channel }) => channel === 'imr') : [];
        return all.length === 2 && all.every(({ state }) => state === 'filed') ? all : null;
      });
      expect(filed.map(({ name }) => name)).toEqual(Array.from({ length: 2 }, () => `FHIR results, ${row.site?.name}`));
      const there = (await (await fetch(`${server.url}/DiagnosticReport`)).json()) as {
        readonly entry?: readonly { readonly resource: { readonly status: string; readonly subject: object } }[];
      };
      expect(there.entry?.map(({ resource }) => resource.status)).toEqual(['final']);
      expect(there.entry?.[0]?.resource.subject).toMatchObject({ identifier: { system: 'urn:oid:1.2.3' } });
    } finally {
      await server.close();
    }
  });
});
