import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccounts } from '../../electron/host/identity/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { type Credentials, type Entitlement, entitlementOfStates } from '../../shared/domain/reader/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { startDrawnDay } from '../servers/overread-host/drawn-day.ts';
import { quickPace } from '../servers/overread-host/quick-pace.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';
import {
  draftOf,
  eventually,
  openForReading,
  readyRow,
  rowWhere,
  signCommand,
  type TestHost,
  type TestReader,
} from './case-driver.ts';

describe('a reader with credentials, at the host', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startDrawnDay({ ports: { pace: quickPace() } });
  });
  afterAll(async () => {
    await host?.stop();
  });

  /** As `npm run accounts -- credentials` does, beside the running host; answers when that person's list has been judged anew. */
  const set = async (person: TestReader, userName: string, entitlement: Entitlement): Promise<void> => {
    const before = await person.call('worklist', { input: {} });
    if (!before.ok) throw new Error(before.error.message);
    const ports = testPorts();
    const keyRing = await openKeyRing({ directory: host.directory, secret: { kind: 'key-file' } });
    if (!keyRing.ok) throw new Error(keyRing.error.message);
    const accounts = await openAccounts({ directory: host.directory, keyRing: keyRing.value, ports });
    await accounts.setCredentials(userName, entitlement, instant(Date.now()));
    await accounts.close();
    await eventually('the list judged anew', async () => {
      const found = await person.call('worklist', { input: { since: before.value.version } });
      return found.ok && found.value.full ? true : null;
    });
  };

  it('sees what she may not read with every reason, may look at it, and may not claim it', async () => {
    const reader = await host.signIn();
    const row = await readyRow(reader);
    const nowhere = { ...(entitlementOfStates([]) as Credentials), privileges: [] };
    await set(reader, 'reader', nowhere);
    const greyed = await rowWhere(reader, 'the greyed row', (one) => one.taskId === row.taskId && !one.mayRead.allowed);
    expect(greyed.mayRead.allowed ? [] : greyed.mayRead.reasons.map((one) => one.code)).toEqual([
      'no-licence',
      'no-privilege',
    ]);
    const refused = await reader.call('openCase', {
      params: { taskId: row.taskId },
      input: { mode: 'read', epoch: 1 },
    });
    expect(refused.ok ? null : [refused.error.code, refused.error.message]).toEqual([
      'forbidden',
      greyed.mayRead.allowed ? '' : greyed.mayRead.reason,
    ]);
    const look = await reader.call('openCase', {
      params: { taskId: row.taskId },
      input: { mode: 'look', epoch: 2, lookReason: { kind: 'consult', words: '' } },
    });
    expect(look.ok).toBe(true);
    await set(reader, 'reader', 'unrestricted');
    await rowWhere(reader, 'the row, readable again', (one) => one.taskId === row.taskId && one.mayRead.allowed);
  });

  it('is told of a change of what she may read though no row changed, by the version that her page waits for', async () => {
    const reader = await host.signIn();
    const whole = await reader.call('worklist', { input: {} });
    if (!whole.ok) throw new Error(whole.error.message);
    await set(reader, 'reader', entitlementOfStates(['ME']));
    const since = whole.value.version;
    const renewed = await eventually('the whole list again', async () => {
      const found = await reader.call('worklist', { input: { since } });
      return found.ok && found.value.full ? found.value : null;
    });
    expect(renewed.version).toBeGreaterThan(since);
    expect(renewed.rows.some((row) => !row.mayRead.allowed)).toBe(true);
    // An answer that was lost on the way is given again.
    const again = await reader.call('worklist', { input: { since } });
    expect(again.ok && again.value.full).toBe(true);
    // One setting reaches the list in steps, here and then as roles and person in the record: the last of them may still come, and then no more.
    let newest = renewed.version;
    await eventually('only what has changed', async () => {
      const next = await reader.call('worklist', { input: { since: newest } });
      if (!next.ok) return null;
      newest = next.value.version;
      return next.value.full ? null : next.value;
    });
    await set(reader, 'reader', 'unrestricted');
  });

  it('may finish a case by draft but not sign it when her privilege is lowered meanwhile, and her words stay', async () => {
    const lead = await host.signIn('lead');
    const row = await readyRow(lead);
    const detail = await openForReading(lead, row.taskId);
    const state = row.site?.state ?? '';
    const lowered = (level: 'draft' | 'preliminary'): Credentials => ({
      ...(entitlementOfStates([state]) as Credentials),
      privileges: [{ site: row.site?.id ?? '', level, expires: null }],
    });
    const told = async () => {
      const asked = await lead.call('signRequirements', { params: { taskId: row.taskId } });
      return asked.ok ? asked.value.issue : null;
    };
    await set(lead, 'lead', lowered('draft'));
    expect(await told()).toMatchObject({ preliminary: { allowed: false }, final: { allowed: false } });
    const draft = draftOf(detail, lead, 'No acute finding.', 'Normal.');
    const sign = (kind: 'preliminary' | 'final') =>
      lead.call('sign', { params: { taskId: row.taskId }, input: signCommand(detail, draft, kind, 'demo') });
    const drafting = await sign('final');
    expect(drafting.ok ? null : drafting.error.code).toBe('forbidden');
    expect(drafting.ok ? '' : drafting.error.message).toMatch(/to draft only.*Your words are kept/);
    const saved = await lead.call('saveDraft', {
      params: { taskId: row.taskId },
      input: { context: detail.context, draft: draft as never },
    });
    expect(saved.ok).toBe(true);
    await set(lead, 'lead', lowered('preliminary'));
    expect(await told()).toMatchObject({
      final: { allowed: false, reasons: [{ code: 'privilege-too-low', words: expect.stringMatching(/preliminary/) }] },
    });
    const preliminary = await sign('preliminary');
    expect(preliminary.ok ? preliminary.value.report.state : preliminary.error).toBe('preliminary');
    const final = await sign('final');
    expect(final.ok ? null : final.error.code).toBe('forbidden');
    await set(lead, 'lead', 'unrestricted');
  });
});
