import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, message, pid } from '../builders/hl7-messages.ts';
import { freePort } from '../servers/free-port.ts';
import { connectMllp, framed, type MllpSender } from '../servers/mllp-sender.ts';
import { startTestHost, type TestHost, type TestReader } from '../servers/overread-host/start-host.ts';

describe('HL7 v2 messages of a site become its orders on the list', { timeout: 60_000 }, () => {
  let host: TestHost;
  let reader: TestReader;
  let sender: MllpSender;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    host = await startTestHost({
      settings: {
        demo: false,
        hl7Listen: [
          {
            host: '127.0.0.1',
            port,
            siteId: 'larkspur',
            zone: 'America/Denver',
            characterSet: null,
            accession: 'auto',
          },
        ],
      },
    });
    const made = await fetch(`${host.url}/api/accounts/first`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ userName: 'lead', name: 'Dr L. Lead', password: 'a long password', npi: null }),
    });
    expect(made.status).toBe(200);
    reader = await host.signIn('lead', 'a long password');
    sender = await connectMllp(port);
  }, 60_000);
  afterAll(async () => {
    sender.close();
    await host.stop();
  });

  const rowOf = async (accession: string) => {
    const list = await reader.call('worklist');
    return list.ok ? (list.value.rows.find((row) => row.accession === accession) ?? null) : null;
  };
  const until = async <Value>(ask: () => Promise<Value | null | undefined | false>): Promise<Value> => {
    for (let turn = 0; turn < 200; turn += 1) {
      const found = await ask();
      if (found !== null && found !== undefined && found !== false) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('it did not come');
  };

  it('takes a new order in, with its patient, side, priority, reason and who ordered it', async () => {
    const ack = await sender.send(anOrder({ controlId: 'A1' }));
    expect(ack).toMatchObject({ code: 'AA', controlId: 'A1' });
    const row = await until(() => rowOf('LK100234'));
    expect(row).toMatchObject({
      patient: { id: 'LK55012', issuer: 'LARK', name: 'TANDEWRIGHT^MARY^ANN', birthDate: '19520309', sex: 'F' },
      priority: 'stat',
      modality: 'CR',
      bodyPart: 'KNEE',
      laterality: 'R',
      reason: 'Fall from a ladder & pain',
      procedure: 'XR KNEE RIGHT 3 VIEWS',
      orderedBy: 'ORDERER, DR OLIVIA',
      orderedByNumber: 'NPI 1234567893',
    });
  });

  it('tells who has the case open what the order says now, and nobody else', async () => {
    const number = { number: 'P90', accession: 'LK90' };
    await sender.send(anOrder({ controlId: 'S1', ...number }));
    const params = { taskId: (await until(() => rowOf('LK90'))).taskId };
    const epoch = 4711;
    const sources = () => reader.call('caseSources', { params, input: { epoch } });
    expect(await sources()).toMatchObject({ ok: false, error: { code: 'stale-case' } });
    const opened = await reader.call('openCase', { params, input: { mode: 'look', epoch } });
    const told = { ok: true, value: { prefill: { clinicalInformation: 'Fall from a ladder & pain.' } } };
    expect(opened.ok).toBe(true);
    expect(await sources()).toMatchObject(told);
    const changed = anOrder({ controlId: 'S2', control: 'XO', ...number });
    expect(await sender.send(changed.replace(' pain', ' pain, fever'))).toMatchObject({ code: 'AA' });
    await until(async () => {
      const now = await sources();
      return now.ok && now.value.prefill.clinicalInformation === 'Fall from a ladder & pain, fever.';
    });
  });

  it('answers a repeat with the same words and applies it once', async () => {
    const first = await sender.send(anOrder({ controlId: 'A2', number: 'P2', accession: 'LK2' }));
    const changed = await sender.send(
      anOrder({ controlId: 'A3', control: 'XO', number: 'P2', accession: 'LK2', exam: 'XHIPL^XR HIP LEFT^L' }),
    );
    const again = await sender.send(anOrder({ controlId: 'A2', number: 'P2', accession: 'LK2' }));
    expect(changed.code).toBe('AA');
    expect(again).toEqual(first);
    expect(await until(() => rowOf('LK2'))).toMatchObject({ procedure: 'XR HIP LEFT', laterality: 'L' });
  });

  it('does not apply another message under a control ID that was used before', async () => {
    await sender.send(anOrder({ controlId: 'A4', number: 'P4', accession: 'LK4' }));
    const other = await sender.send(anOrder({ controlId: 'A4', number: 'P5', accession: 'LK5' }));
    expect(other).toMatchObject({ code: 'AE', words: expect.stringContaining('was used before') });
    expect(await rowOf('LK5')).toBeNull();
  });

  it('takes a cancelled order off the list, and refuses to cancel what it does not know', async () => {
    await sender.send(anOrder({ controlId: 'A6', number: 'P6', accession: 'LK6' }));
    await until(() => rowOf('LK6'));
    expect((await sender.send(anOrder({ controlId: 'A7', control: 'CA', number: 'P6', accession: 'LK6' }))).code).toBe(
      'AA',
    );
    await until(async () => (await rowOf('LK6')) === null);
    const unknown = await sender.send(anOrder({ controlId: 'A8', control: 'CA', number: 'P999', accession: 'LK999' }));
    expect(unknown).toMatchObject({ code: 'AE', words: expect.stringContaining('not known here') });
  });

  it('takes coverage and authorization in with an order, for fit to bill, and leaves them where a later message says nothing', async () => {
    const fields = (values: Readonly<Record<number, string>>): string =>
      `IN1|1|${Array.from({ length: 36 }, (_, index) => values[index + 1] ?? '')
        .slice(1)
        .join('|')}`;
    const insurance = [
      fields({
        2: 'HMO^Harbour Plan',
        4: 'Harbour State Plan',
        8: 'GRP-7',
        12: '20260101',
        14: 'PA77120^20260301^PAYER',
        36: 'POL-9',
      }),
    ];
    const ack = await sender.send(anOrder({ controlId: 'I1', number: 'PI', accession: 'LK770', insurance }));
    expect(ack).toMatchObject({ code: 'AA' });
    const billed = async () => {
      const found = await reader.call('fitToBill');
      const row = found.ok ? found.value.rows.find((one) => one.accession === 'LK770') : undefined;
      return row?.checks.filter((check) => check.code === 'authorization' || check.code === 'coverage') ?? null;
    };
    const checks = await until(billed);
    expect(checks.map((one) => [one.code, one.found, one.state])).toEqual([
      ['authorization', 'PA77120', 'unknown'],
      ['coverage', 'Harbour State Plan', 'unknown'],
    ]);
    await sender.send(anOrder({ controlId: 'I2', control: 'XO', number: 'PI', accession: 'LK770', priority: 'R' }));
    await until(async () => (await rowOf('LK770'))?.priority === 'routine');
    expect((await billed())?.map((one) => one.found)).toEqual(['PA77120', 'Harbour State Plan']);
    // The orderer's number counts as an NPI because ORC-12 says so.
    const list = await reader.call('fitToBill');
    const row = list.ok ? list.value.rows.find((one) => one.accession === 'LK770') : undefined;
    expect(row?.checks.find((one) => one.code === 'orderer-npi')).toMatchObject({
      state: 'ready',
      found: '1234567893',
    });
  });

  it('is not set back by a message that was overtaken on its way', async () => {
    await sender.send(anOrder({ controlId: 'B1', number: 'P7', accession: 'LK7', at: '20260308021000-0700' }));
    await sender.send(
      anOrder({
        controlId: 'B3',
        control: 'XO',
        number: 'P7',
        accession: 'LK7',
        at: '20260308023000-0700',
        priority: 'R',
      }),
    );
    const late = await sender.send(
      anOrder({
        controlId: 'B2',
        control: 'XO',
        number: 'P7',
        accession: 'LK7',
        at: '20260308022000-0700',
        priority: 'S',
      }),
    );
    expect(late).toMatchObject({ code: 'AA', words: expect.stringContaining('later message') });
    expect(await until(() => rowOf('LK7'))).toMatchObject({ priority: 'routine' });
  });

  it('never moves an order to another patient, and never takes one number for two people', async () => {
    await sender.send(anOrder({ controlId: 'B4', number: 'P8', accession: 'LK8' }));
    const moved = await sender.send(
      anOrder({ controlId: 'B5', control: 'XO', number: 'P8', accession: 'LK8', patient: pid('LK77', 'OTHER^PERSON') }),
    );
    expect(moved).toMatchObject({ code: 'AE', words: expect.stringContaining('another patient') });
    const twin = await sender.send(
      anOrder({
        controlId: 'B6',
        number: 'P9',
        accession: 'LK9',
        patient: pid('LK55012', 'TANDEWRIGHT^MARY^ANN', '19530309'),
      }),
    );
    expect(twin).toMatchObject({ code: 'AE', words: expect.stringContaining('another birth date') });
    expect(await rowOf('LK9')).toBeNull();
  });

  it('changes the patient of an open case by ADT^A08 and says so on its timeline, without the name', async () => {
    await sender.send(
      anOrder({ controlId: 'C1', number: 'P10', accession: 'LK10', patient: pid('LK10', 'BRAMBLE^JO') }),
    );
    const row = await until(() => rowOf('LK10'));
    const ack = await sender.send(
      message({
        controlId: 'C2',
        type: 'ADT^A08',
        application: 'HIS',
        at: '20260308030000-0700',
        segments: [pid('LK10', 'BRAMBLE^JOANNA', '19520309')],
      }),
    );
    expect(ack).toMatchObject({ code: 'AA', words: 'Patient: name changed.' });
    expect(
      await until(async () => ((await rowOf('LK10'))?.patient.name === 'BRAMBLE^JOANNA' ? row : null)),
    ).toBeTruthy();
    const timeline = await reader.call('timeline', { params: { taskId: row.taskId } });
    const told = timeline.ok ? timeline.value.events.filter((event) => event.type === 'identity.changed') : [];
    expect(told).toMatchObject([{ detail: 'name changed by ADT^A08 C2' }]);
  });

  it('moves the orders of a merged patient by ADT^A40, and later messages under the old number follow', async () => {
    await sender.send(
      anOrder({ controlId: 'D1', number: 'P11', accession: 'LK11', patient: pid('OLD11', 'QUILL^SAM') }),
    );
    const row = await until(() => rowOf('LK11'));
    const merged = await sender.send(
      message({
        controlId: 'D2',
        type: 'ADT^A40',
        at: '20260308040000-0700',
        segments: [pid('NEW11', 'QUILL^SAMUEL'), 'MRG|OLD11^^^LARK^MR'],
      }),
    );
    expect(merged).toMatchObject({ code: 'AA', words: expect.stringContaining('1 order') });
    await until(async () => (await rowOf('LK11'))?.patient.id === 'NEW11');
    expect((await rowOf('LK11'))?.taskId).toBe(row.taskId);
    const change = await sender.send(
      anOrder({
        controlId: 'D3',
        control: 'XO',
        number: 'P11',
        accession: 'LK11',
        patient: pid('OLD11', 'QUILL^SAMUEL'),
        at: '20260308050000-0700',
      }),
    );
    expect(change.code).toBe('AA');
    expect((await rowOf('LK11'))?.patient.id).toBe('NEW11');
  });

  it('reads names in the character set that MSH-18 names, and refuses one that nobody knows', async () => {
    const greek = message({
      controlId: 'E1',
      characterSet: '8859/1',
      segments: [
        pid('LK20', 'M\u00dcLLER^ZO\u00c9'),
        'ORC|NW|P20^RIS|LK20^RIS',
        'OBR|1|P20^RIS|LK20^RIS|XCH^XR CHEST^L',
      ],
    });
    expect((await sender.send(Buffer.from(greek, 'latin1'))).code).toBe('AA');
    expect((await until(() => rowOf('LK20'))).patient.name).toBe('M\u00dcLLER^ZO\u00c9');
    const unknown = await sender.send(
      message({ controlId: 'E2', characterSet: 'EBCDIC', segments: [pid('LK21', 'A^B')] }),
    );
    expect(unknown).toMatchObject({ code: 'AR', controlId: 'E2', words: expect.stringContaining('EBCDIC') });
  });

  it('reads frames that come in pieces, several in one packet, and on several connections at once', async () => {
    const bytes = framed(anOrder({ controlId: 'F1', number: 'P30', accession: 'LK30' }));
    for (const byte of [bytes.subarray(0, 1), bytes.subarray(1, 7), bytes.subarray(7, -1), bytes.subarray(-1)]) {
      sender.socket.write(byte);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await sender.next()).controlId).toBe('F1');
    const several = ['F2', 'F3', 'F4'].map((id, at) =>
      framed(anOrder({ controlId: id, number: `P31${at}`, accession: `LK31${at}` })),
    );
    sender.socket.write(Buffer.concat(several));
    expect([await sender.next(), await sender.next(), await sender.next()].map((one) => one.controlId)).toEqual([
      'F2',
      'F3',
      'F4',
    ]);
    const other = await connectMllp(port);
    expect((await other.send(anOrder({ controlId: 'F5', number: 'P32', accession: 'LK32' }))).code).toBe('AA');
    other.close();
  });

  it('closes a connection that speaks another protocol, and only that one', async () => {
    const stranger = await connectMllp(port);
    stranger.socket.write('GET / HTTP/1.1\r\n\r\n');
    await new Promise<void>((resolve) => stranger.socket.once('close', () => resolve()));
    expect((await sender.send(anOrder({ controlId: 'G1', number: 'P40', accession: 'LK40' }))).code).toBe('AA');
  });

  it('answers AR for what it does not take in, and for bytes that are no message', async () => {
    expect(
      await sender.send(message({ controlId: 'H1', type: 'DFT^P03', segments: [pid('LK1', 'A^B')] })),
    ).toMatchObject({
      code: 'AR',
      words: expect.stringContaining('DFT^P03 is not taken in here'),
    });
    expect((await sender.send(`no message ${randomUUID()}`)).code).toBe('AR');
  });
});
