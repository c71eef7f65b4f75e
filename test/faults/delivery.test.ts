import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../shared/domain/order/index.ts';
import { defaultProfile, usualDelivery } from '../../shared/domain/site/index.ts';
import { encapsulatedPdfClass } from '../../shared/interop/dicom-pdf/index.ts';
import { siteProfileToFhir } from '../../shared/interop/fhir/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { eventually } from '../host/case-driver.ts';
import { startHl7Receiver } from '../servers/hl7-receiver.ts';
import { orthancMissing } from '../servers/orthanc/index.ts';
import { countLooks, quickPace } from '../servers/overread-host/quick-pace.ts';
import { deliveryOn, openOrder, type Rig, signFinal, startRig, untilDelivered } from './rig.ts';
import { type RudeReceiver, startRudeReceiver } from './rude-receiver.ts';
import { type OtherSite, startOtherSite } from './site.ts';

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;
const words = 'Größe 12 mm | nicht 13 & ^ ~ \\ Ende.\nZweite Zeile.\n\nVierte Zeile.';

describe.skipIf(orthancMissing !== null)('delivery to receivers that fail, refuse or lie', () => {
  let site: OtherSite;
  let rig: Rig;
  let receiver: RudeReceiver;
  let next = 0;
  /** Milliseconds by which the host finds itself later than it is. */
  let ahead = 0;
  const { looked, looks } = countLooks();
  beforeAll(async () => {
    site = await startOtherSite(14);
    receiver = await startRudeReceiver();
    // Every site wants the PDF beside its images too.
    for (const known of new Map(
      site.orders.flatMap((one) => (one.site === null ? [] : [[one.site.id, one.site]])),
    ).values()) {
      const profile = { ...defaultProfile(known), delivery: { ...usualDelivery, encapsulatedPdf: true } };
      const written = await site.record.put(siteProfileToFhir(profile));
      if (!written.ok) throw new Error(written.error.message);
    }
    const ports = { pace: quickPace(looked), now: () => instant(Date.now() + ahead) };
    rig = await startRig(site, { hl7: endpoints(receiver.port) }, ports);
  }, 240_000);
  afterAll(async () => {
    await rig?.stop();
    await receiver?.stop();
    await site?.stop();
  });
  beforeEach(() => {
    receiver.be('AA');
    rig.recordProxy.setRules([]);
    rig.archiveProxy.setRules([]);
  });
  const endpoints = (port: number) =>
    [...new Set(site.orders.map((one) => one.site?.id ?? ''))].map((siteId) => ({
      siteId,
      host: '127.0.0.1',
      port,
      receivingApplication: 'RIS',
      receivingFacility: siteId.toUpperCase(),
    }));
  const order = (): Order => {
    const one = site.orders[next];
    next += 1;
    if (one === undefined) throw new Error('no order left');
    return one;
  };
  const signed = async (): Promise<{ taskId: string; before: number; order: Order }> => {
    const one = order();
    const opened = await openOrder(rig.ann, one, words);
    const before = receiver.received.length;
    const answer = await signFinal(rig.ann, opened);
    expect(answer.ok ? answer.value.report.state : answer.error).toBe('final');
    return { taskId: opened.taskId, before, order: one };
  };
  const hl7 = (taskId: string) => deliveryOn(rig.ann, taskId, 'hl7');
  /** The pauses between two tries grow: what is waited for in them is their end. */
  const untilDue = async (taskId: string): Promise<void> => {
    const { nextAttemptAt } = await hl7(taskId);
    ahead += Math.max(0, (nextAttemptAt ?? 0) - (Date.now() + ahead));
  };

  it('a receiver that misbehaves in every way costs time only: the same bytes go again until it acknowledges', async () => {
    receiver.be('garbage');
    const { taskId, before } = await signed();
    for (const [manner, proof] of [
      ['garbage', /no HL7 message|no acknowledgement/],
      ['other-message', /acknowledged another message/],
      ['half-close', /closed the connection without/],
      ['reset', /could not be reached|closed the connection/],
      ['no-framing', /no HL7 message|closed the connection|no acknowledgement/],
    ] as const) {
      receiver.be(manner);
      const count = receiver.received.length;
      await untilDue(taskId);
      await eventually(`the trouble "${manner}" to be named`, async () => {
        const delivery = await hl7(taskId);
        expect(delivery.state).not.toBe('accepted');
        return receiver.received.length > count && delivery.state === 'queued' && proof.test(delivery.proof)
          ? true
          : null;
      });
    }
    receiver.be('AA');
    await untilDue(taskId);
    await eventually('the acknowledgement', async () => ((await hl7(taskId)).state === 'accepted' ? true : null));
    const sent = receiver.received.slice(before);
    expect(sent.length).toBeGreaterThanOrEqual(5);
    expect(new Set(sent).size).toBe(1);
  }, 180_000);

  it('a receiver that never answers is not waited for, and the other channels are filed meanwhile', async () => {
    receiver.be('silence');
    const { taskId } = await signed();
    await eventually('the other channels', async () => {
      const states = await Promise.all(
        (['record', 'archive', 'pdf'] as const).map((channel) => deliveryOn(rig.ann, taskId, channel)),
      );
      return states.every((one) => one.state === 'filed') ? true : null;
    });
    await eventually('the wait to be named', async () =>
      /did not acknowledge within/.test((await hl7(taskId)).proof) ? true : null,
    );
    receiver.be('AA');
    await eventually('the acknowledgement', async () => ((await hl7(taskId)).state === 'accepted' ? true : null));
  }, 120_000);

  it('AE goes again by itself, in the receiver’s words, and so does a commit that nothing follows', async () => {
    receiver.be('AE-words');
    const { taskId, before } = await signed();
    for (const [manner, proof] of [
      ['AE-words', /AE: Unknown order A&B/],
      ['CA-then-close', /CA, which is a commit and no acceptance/],
    ] as const) {
      receiver.be(manner);
      const count = receiver.received.length;
      await eventually(`the answer "${manner}" to be told`, async () => {
        const delivery = await hl7(taskId);
        expect(['queued', 'sent']).toContain(delivery.state);
        return receiver.received.length > count && proof.test(delivery.proof) ? true : null;
      });
    }
    receiver.be('AA');
    await eventually('the acknowledgement', async () => ((await hl7(taskId)).state === 'accepted' ? true : null));
    expect((await hl7(taskId)).proof).toMatch(/^AA for message OVR\w+ from RIS, 127\.0\.0\.1:\d+$/);
    expect(new Set(receiver.received.slice(before)).size).toBe(1);
  }, 120_000);

  it('AR and CR are refusals in the receiver’s words; a person sees them, and sends the same bytes again', async () => {
    for (const [manner, proof] of [
      ['CR', /AR: Unsupported version/],
      ['AR', /AR: no reason given/],
    ] as const) {
      receiver.be(manner);
      const { taskId, before } = await signed();
      const refused = await eventually('the refusal', async () => {
        const delivery = await hl7(taskId);
        return delivery.state === 'refused' ? delivery : null;
      });
      expect(refused.proof).toMatch(proof);
      const troubles = await rig.ann.call('deliveryTroubles');
      expect(troubles.ok && troubles.value.troubles.map((one) => [one.kind, one.delivery.id])).toContainEqual([
        'refused',
        refused.id,
      ]);
      const others = await rig.bob.call('deliveryTroubles');
      expect(others.ok && others.value.troubles).toEqual([]);
      await looks('outbox', 4);
      expect(receiver.received.length - before).toBe(1);
      receiver.be('AA');
      const retried = await rig.bob.call('retryDelivery', { params: { deliveryId: refused.id } });
      expect(retried.ok && retried.value.state).toBe('queued');
      await eventually('the acknowledgement', async () => ((await hl7(taskId)).state === 'accepted' ? true : null));
      expect(new Set(receiver.received.slice(before)).size).toBe(1);
    }
  }, 120_000);

  it('a refused preliminary does not hold back the final, and never goes out after it', async () => {
    receiver.be('AR');
    // An order that asks for a preliminary alone is finished by it.
    let asked = order();
    while (asked.requestedReport !== 'final') asked = order();
    const opened = await openOrder(rig.ann, asked, words);
    const before = receiver.received.length;
    expect((await signFinal(rig.ann, opened, 'preliminary')).ok).toBe(true);
    const refused = await eventually('the refusal', async () => {
      const delivery = await hl7(opened.taskId);
      return delivery.state === 'refused' ? delivery : null;
    });
    receiver.be('AA');
    const draft = { ...opened.draft, baseVersion: 1, revision: 1 };
    const final = await signFinal(rig.ann, { ...opened, draft });
    expect(final.ok ? final.value.report.state : final.error).toBe('final');
    await eventually('the final to be accepted', async () => {
      const found = await rig.ann.call('deliveries', { params: { taskId: opened.taskId } });
      const final = found.ok
        ? found.value.deliveries.find((one) => one.channel === 'hl7' && one.version === 2)
        : undefined;
      return final?.state === 'accepted' ? true : null;
    });
    const retried = await rig.bob.call('retryDelivery', { params: { deliveryId: refused.id } });
    expect(retried.ok ? null : retried.error.code).toBe('not-a-legal-move');
    expect(receiver.received.length - before).toBe(2);
  }, 120_000);

  it('a dead receiver gets it when it comes back, and another’s parser reads the text line by line as it was signed', async () => {
    const { port } = receiver;
    await receiver.stop();
    const one = order();
    const opened = await openOrder(rig.ann, one, words);
    const answer = await signFinal(rig.ann, opened);
    expect(answer.ok).toBe(true);
    await eventually('the trouble to be named', async () =>
      /could not be reached/.test((await hl7(opened.taskId)).proof) ? true : null,
    );
    const other = await startHl7Receiver(port);
    try {
      await eventually('the acknowledgement', async () =>
        (await hl7(opened.taskId)).state === 'accepted' ? true : null,
      );
      // Line by line, the empty one between them too, in the order in which they were signed.
      const read = other.texts.at(-1) ?? [];
      const lines = words.split('\n');
      const at = read.indexOf(lines[0] ?? '');
      expect(read.slice(at, at + lines.length)).toEqual(lines);
      expect(read).toContain('Impression.');
    } finally {
      await other.stop();
      receiver = await startRudeReceiver(port);
    }
  }, 120_000);

  describe('the signed PDF in the archive, where the site wants it there', () => {
    const pdfOf = async (one: Order) => {
      const row = await rig.ann.call('worklist', { input: {} });
      const studyUid = row.ok ? row.value.rows.find((found) => found.accession === one.accession)?.studyUid : null;
      const instances = await site.archive.instances(studyUid as never);
      return instances.ok ? instances.value.filter((found) => found.sopClassUid === encapsulatedPdfClass) : [];
    };
    it('is filed when the very document was read back, and is no image of the study', async () => {
      const one = order();
      const opened = await openOrder(rig.ann, one, words);
      expect((await signFinal(rig.ann, opened)).ok).toBe(true);
      await untilDelivered(rig.ann, opened.taskId, 4);
      expect((await deliveryOn(rig.ann, opened.taskId, 'pdf')).proof).toMatch(/^PDF stored, read back, digest equal /);
      expect(await pdfOf(one)).toHaveLength(1);
      const report = await rig.ann.call('report', { params: { taskId: opened.taskId } });
      const [version] = report.ok ? report.value.report.versions : [];
      expect((await pdfOf(one)).some((pdf) => version?.content.instances.includes(pdf.instanceUid))).toBe(false);
    }, 120_000);

    it('is refused where the archive gives back another document, and filed when it gives back the right one', async () => {
      const one = order();
      const opened = await openOrder(rig.ann, one, words);
      rig.archiveProxy.setRules([
        {
          method: 'GET',
          path: /instances\/2\.25\.\d+$/,
          after: 1,
          fault: { kind: 'lie', contentType: 'application/dicom', body: 'Not the PDF that was stored.' },
        },
      ]);
      expect((await signFinal(rig.ann, opened)).ok).toBe(true);
      const refused = await eventually('the refusal', async () => {
        const delivery = await deliveryOn(rig.ann, opened.taskId, 'pdf');
        return delivery.state === 'refused' ? delivery : null;
      });
      expect(refused.proof).toMatch(/gives back another PDF than was stored \(no document, expected /);
      rig.archiveProxy.setRules([]);
      await rig.ann.call('retryDelivery', { params: { deliveryId: refused.id } });
      await untilDelivered(rig.ann, opened.taskId, 4);
      expect(await pdfOf(one)).toHaveLength(1);
    }, 120_000);
  });

  it('an archive that says 200 and lists the document as failed has refused it', async () => {
    const failed = {
      '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0x0110] } }] },
    };
    rig.archiveProxy.setRules([
      {
        method: 'POST',
        path: /\/studies/,
        fault: { kind: 'lie', status: 200, contentType: 'application/dicom+json', body: JSON.stringify(failed) },
      },
    ]);
    const { taskId } = await signed();
    const refused = await eventually('both refusals', async () => {
      const both = [await deliveryOn(rig.ann, taskId, 'archive'), await deliveryOn(rig.ann, taskId, 'pdf')];
      return both.every((one) => one.state === 'refused') ? both : null;
    });
    rig.archiveProxy.setRules([]);
    for (const { id } of refused) await rig.ann.call('retryDelivery', { params: { deliveryId: id } });
    await untilDelivered(rig.ann, taskId, 4);
  }, 120_000);

  it('an archive that says 200 and keeps nothing, or gives back something else, is never called filed', async () => {
    const body = JSON.stringify({ '00081199': { vr: 'SQ', Value: [{}] } });
    const lie = {
      method: 'POST',
      path: /\/studies/,
      fault: { kind: 'lie', status: 200, contentType: 'application/dicom+json', body },
    } as const;
    rig.archiveProxy.clear();
    rig.archiveProxy.setRules([lie]);
    const { taskId } = await signed();
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const both = [await deliveryOn(rig.ann, taskId, 'archive'), await deliveryOn(rig.ann, taskId, 'pdf')];
    for (const { state } of both) expect(['queued', 'sent', 'accepted', 'refused']).toContain(state);
    // With growing pauses, not once a second.
    expect(rig.archiveProxy.requests().filter((asked) => asked.method === 'POST').length).toBeLessThanOrEqual(8);
    rig.archiveProxy.setRules([]);
    for (const { id, state } of both)
      if (state === 'refused') await rig.ann.call('retryDelivery', { params: { deliveryId: id } });
    await untilDelivered(rig.ann, taskId, 4);
  }, 120_000);

  it('the SR taken out of the archive passes other people’s checks and says what was signed', async () => {
    const { taskId, order: one } = await signed();
    await untilDelivered(rig.ann, taskId, 4);
    const row = await rig.ann.call('worklist', { input: {} });
    const studyUid = row.ok ? row.value.rows.find((found) => found.accession === one.accession)?.studyUid : null;
    const instances = await site.archive.instances(studyUid as never);
    const sr = instances.ok ? instances.value.find((found) => found.modality === 'SR') : undefined;
    if (sr === undefined) throw new Error('no SR in the archive');
    const rest = site.archiveUrl.replace(/\/dicom-web$/, '');
    const ids = (await (await fetch(`${rest}/tools/lookup`, { method: 'POST', body: sr.instanceUid })).json()) as {
      ID: string;
    }[];
    const bytes = new Uint8Array(await (await fetch(`${rest}/instances/${ids[0]?.ID}/file`)).arrayBuffer());
    const folder = await mkdtemp(join(tmpdir(), 'overread-sr-'));
    try {
      const file = join(folder, 'sr.dcm');
      await writeFile(file, bytes);
      if (has('dsrdump')) {
        const dumped = spawnSync('dsrdump', ['+U8', '+Pl', file], { encoding: 'utf8' });
        expect(dumped.stderr.replace(/^W:.*$/gm, '').trim()).toBe('');
        expect(dumped.status).toBe(0);
        for (const line of words.split('\n').filter((part) => part !== '')) expect(dumped.stdout).toContain(line);
      } else console.log('skipped: dsrdump is not installed (apt install dcmtk)');
      if (has('dciodvfy')) {
        const checked = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
        expect(`${checked.stdout}${checked.stderr}`.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
      } else console.log('skipped: dciodvfy is not installed (apt install dicom3tools)');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
