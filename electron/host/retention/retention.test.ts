import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultProfile } from '../../../shared/domain/site/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { testPorts } from '../../../test/servers/overread-host/start-host.ts';
import { openLedger, type Received } from '../intake/hl7/ledger.ts';
import { type OpenedJournal, openJournal } from '../journal/index.ts';
import { type KeyRing, openKeyRing } from '../keys/index.ts';
import type { CaseFacts } from '../reading/case-book.ts';
import { startRetention } from './retention.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);

/** Everything is written on the first day; what is let go depends on the day on which somebody looks. */
describe('what a host lets go after its time', () => {
  let directory: string;
  let keyRing: KeyRing;
  let journal: OpenedJournal;
  let now: Instant;
  let current = true;
  let auditWorks = true;
  const noted: string[] = [];
  const errors: string[] = [];
  const states = new Map<string, string>();
  const ports = testPorts({
    now: () => now,
    log: { info: () => undefined, warn: () => undefined, error: (words) => errors.push(words) },
  });
  const facts = (taskId: string): CaseFacts | null => {
    const state = states.get(taskId);
    if (state === undefined) return null;
    return { task: { id: taskId, state }, order: { site: { id: 'lark' } } } as unknown as CaseFacts;
  };

  async function open(): Promise<void> {
    const opened = await openJournal({ directory, keyRing, ports });
    if (!opened.ok) throw new Error(opened.error.message);
    journal = opened.value;
  }
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overread-retention-'));
    const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
    if (!ring.ok) throw new Error(ring.error.message);
    keyRing = ring.value;
    now = instant(start);
    current = true;
    auditWorks = true;
    noted.length = 0;
    errors.length = 0;
    states.clear();
    await open();
  });
  afterEach(async () => {
    await journal.close();
    await rm(directory, { recursive: true, force: true });
  });

  const message = (key: string, siteId: string): Received => ({
    key,
    siteId,
    raw: 'TVNI',
    digest: key,
    interfaceName: 'x',
    siteName: siteId,
    zone: 'UTC',
    title: key,
  });
  const outcome = (orderIds: readonly string[], problem: { words: string; nextStep: string } | null = null) =>
    ({ code: 'AA', condition: '', words: '', problem, orderIds: [...orderIds], patientIds: [], changes: [] }) as const;

  async function fill() {
    const ledger = await openLedger(journal);
    await ledger.receive(message('done', 'lark'), outcome(['o-done']));
    await ledger.receive(message('open-case', 'lark'), outcome(['o-open']));
    await ledger.receive(message('problem', 'lark'), outcome([], { words: 'x', nextStep: 'y' }));
    await ledger.receive(message('waiting', 'lark'), null);
    await ledger.receive(message('other-site', 'silent'), outcome([]));
    states.set('done', 'completed').set('open', 'reading').set('unreleased', 'completed');
    for (const key of ['done|r1', 'done|r2', 'open|r1', 'unreleased|r1', 'unknown|r1'])
      await journal.append([
        { kind: 'draft', key, body: { words: 1 } },
        { kind: 'draft', key, body: { words: 2 } },
      ]);
    await journal.append([
      { kind: 'signed', key: 'done', body: { phase: 'signed' } },
      { kind: 'event', key: 'e1', body: {} },
      { kind: 'identity-resolution', key: 'done', body: {} },
    ]);
    return ledger;
  }
  const run = async (ledger: Awaited<ReturnType<typeof openLedger>>): Promise<void> => {
    const retention = startRetention({
      journal,
      ledger,
      book: {
        facts,
        ofOrder: (orderId) => [facts(orderId.replace('o-', ''))].flatMap((one) => one ?? []),
      },
      events: { of: () => [] },
      signed: {
        ofTask: (taskId) => (taskId === 'unreleased' ? [{ standing: { kind: 'waiting' } } as never] : []),
      },
      sites: {
        all: () =>
          ['lark', 'silent'].map((id) => ({
            ...defaultProfile({ id, name: id, state: 'IL', zone: 'UTC', phone: null }),
            keptOnHostDays: id === 'lark' ? 90 : null,
          })),
      },
      audit: {
        record: async (all) => {
          noted.push(...all.map((one) => `${one.purpose}: ${one.detail ?? ''}`));
          return auditWorks ? ok(undefined) : err({ code: 'audit-unavailable', message: 'full' });
        },
      },
      isCurrent: () => current,
      ports,
    });
    await retention.round();
    await retention.stop();
  };
  const draftsLeft = async () => (await journal.keys('draft')).map((one) => one.key).sort();

  it('is nothing before its time, and then what was settled and nobody needs, with its count in the access log', async () => {
    const ledger = await fill();
    now = instant(start + 90 * day);
    await run(ledger);
    expect(noted).toEqual([]);
    now = instant(start + 90 * day + 1);
    await run(ledger);
    expect(noted).toEqual(['let-go: past the time of their sites: 1 received messages, 2 drafts of ended cases']);
    expect(ledger.all().map((one) => one.key)).toEqual(['open-case', 'problem', 'waiting', 'other-site']);
    expect(await draftsLeft()).toEqual(['open|r1', 'unknown|r1', 'unreleased|r1']);
    expect([await journal.all('signed'), await journal.all('event'), await journal.all('identity-resolution')]).toEqual(
      [
        [expect.objectContaining({ key: 'done' })],
        [expect.objectContaining({ key: 'e1' })],
        [expect.objectContaining({ key: 'done' })],
      ],
    );
    // A second look finds nothing more.
    await run(ledger);
    expect(noted).toHaveLength(1);
  });

  it('is gone after a restart too, is not taken for a removal by somebody else', async () => {
    const ledger = await fill();
    now = instant(start + 91 * day);
    await run(ledger);
    await journal.append([{ kind: 'draft', key: 'later|r1', body: {} }]);
    await journal.close();
    await open();
    expect(errors).toEqual([]);
    expect((await openLedger(journal)).find('done')).toBeNull();
    expect(await draftsLeft()).toEqual(['later|r1', 'open|r1', 'unknown|r1', 'unreleased|r1']);
  });

  it('stays where the list is not whole, or where it could not be noted', async () => {
    const ledger = await fill();
    now = instant(start + 400 * day);
    current = false;
    await run(ledger);
    expect(noted).toEqual([]);
    current = true;
    auditWorks = false;
    await run(ledger);
    expect(ledger.all()).toHaveLength(5);
    expect(await draftsLeft()).toHaveLength(5);
  });
});
