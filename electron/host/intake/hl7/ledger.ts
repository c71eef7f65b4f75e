import { z } from 'zod';
import type { Instant } from '../../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { Journal, JournalFailure } from '../../journal/index.ts';
import type { Change, Outcome } from './applied.ts';

/** A message as it was received, on disk before it is acknowledged. */
export type Received = {
  readonly key: string;
  /** Bytes as they came, base64. */
  readonly raw: string;
  /** SHA-256 of everything but the header: a repeat may carry a new time of sending. */
  readonly digest: string;
  /** How the interface is named: "127.0.0.1:2575". */
  readonly interfaceName: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly zone: string;
  /** For people: "ORM^O01 4711 from RIS, LARKSPUR". */
  readonly title: string;
};

export type Kept = Omit<Received, 'raw'> & {
  readonly sequence: number;
  readonly receivedAt: Instant;
  readonly outcome: Outcome | null;
  /** Who saw to the problem, and what was done; null while it is open or where there is none. */
  readonly closed: { readonly by: string; readonly words: string } | null;
};

export type Ledger = {
  find(key: string): Kept | null;
  /** The oldest that is not applied yet. */
  next(): Kept | null;
  waiting(): number;
  all(): readonly Kept[];
  /** Messages about an order, newest first. */
  ofOrder(orderId: string): readonly Kept[];
  /** Puts the message on disk; with an outcome where it was refused at once. Nothing is known of it unless this succeeds. */
  receive(received: Received, outcome: Outcome | null): Promise<Result<Kept, JournalFailure>>;
  /** What is about to change for people, before it does: a replay after a kill finds it here when the record shows no difference any more. */
  intend(key: string, changes: readonly Change[]): Promise<boolean>;
  intended(key: string): readonly Change[];
  settle(key: string, outcome: Outcome): Promise<boolean>;
  close(key: string, by: string, words: string): Promise<Result<Kept, 'unknown' | 'not-saved'>>;
  /** Forgets messages that the journal has let go. */
  letGo(keys: readonly string[]): void;
  /** The message's bytes. */
  raw(key: string): Promise<Uint8Array | null>;
};

const changeSchema = z.object({
  orderId: z.string(),
  type: z.enum(['identity.changed', 'order.changed', 'site.report']),
  words: z.string(),
});
const outcomeSchema = z.object({
  code: z.enum(['AA', 'AE', 'AR']),
  condition: z.string(),
  words: z.string(),
  problem: z.object({ words: z.string(), nextStep: z.string() }).nullable(),
  orderIds: z.array(z.string()),
  patientIds: z.array(z.string()),
  changes: z.array(changeSchema),
});
const receivedSchema = z.object({
  raw: z.string(),
  digest: z.string(),
  interfaceName: z.string(),
  siteId: z.string(),
  siteName: z.string(),
  zone: z.string(),
  title: z.string(),
});
const stepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('intended'), changes: z.array(changeSchema) }),
  z.object({ step: z.literal('settled'), outcome: outcomeSchema }),
  z.object({ step: z.literal('closed'), by: z.string(), words: z.string() }),
]);

/** The messages that this host took in, over its journal. Bodies stay on the disk; what is in memory is what they are about. */
export async function openLedger(journal: Journal): Promise<Ledger> {
  const byKey = new Map<string, Kept>();
  const waiting = new Map<string, Kept>();
  const intentions = new Map<string, readonly Change[]>();
  const byOrder = new Map<string, Set<string>>();

  const hold = (kept: Kept): Kept => {
    byKey.set(kept.key, kept);
    if (kept.outcome === null) waiting.set(kept.key, kept);
    else waiting.delete(kept.key);
    for (const orderId of kept.outcome?.orderIds ?? []) {
      const known = byOrder.get(orderId) ?? new Set<string>();
      known.add(kept.key);
      byOrder.set(orderId, known);
    }
    return kept;
  };

  for (const entry of await journal.all('intake')) {
    const read = receivedSchema.safeParse(entry.body);
    // A message whose acknowledgement was lost may have been written twice: it is one message.
    if (!read.success || byKey.has(entry.key)) continue;
    const { raw: _raw, ...rest } = read.data;
    hold({ ...rest, key: entry.key, sequence: entry.sequence, receivedAt: entry.at, outcome: null, closed: null });
  }
  for (const entry of await journal.all('intake-step')) {
    const read = stepSchema.safeParse(entry.body);
    const kept = byKey.get(entry.key);
    if (!read.success || kept === undefined) continue;
    if (read.data.step === 'settled') hold({ ...kept, outcome: read.data.outcome });
    else if (read.data.step === 'intended') intentions.set(entry.key, read.data.changes);
    else hold({ ...kept, closed: { by: read.data.by, words: read.data.words } });
  }

  return {
    find: (key) => byKey.get(key) ?? null,
    // In the order of the journal, which is the order of arrival.
    next: () => waiting.values().next().value ?? null,
    waiting: () => waiting.size,
    all: () => [...byKey.values()],
    ofOrder: (orderId) =>
      [...(byOrder.get(orderId) ?? [])]
        .flatMap((key) => byKey.get(key) ?? [])
        .sort((left, right) => right.sequence - left.sequence),
    receive: async (received, outcome) => {
      const { key, ...body } = received;
      const saved = await journal.append([
        { kind: 'intake', key, body },
        ...(outcome === null ? [] : [{ kind: 'intake-step' as const, key, body: { step: 'settled', outcome } }]),
      ]);
      if (!saved.ok) return err(saved.error);
      const [entry] = saved.value;
      const { raw: _raw, ...rest } = received;
      return ok(
        hold({ ...rest, sequence: entry?.sequence ?? 0, receivedAt: entry?.at as Instant, outcome, closed: null }),
      );
    },
    intend: async (key, changes) => {
      if (changes.length === 0) return true;
      const saved = await journal.append([{ kind: 'intake-step', key, body: { step: 'intended', changes } }]);
      if (saved.ok) intentions.set(key, changes);
      return saved.ok;
    },
    intended: (key) => intentions.get(key) ?? [],
    settle: async (key, outcome) => {
      const kept = byKey.get(key);
      if (kept === undefined) return false;
      const saved = await journal.append([{ kind: 'intake-step', key, body: { step: 'settled', outcome } }]);
      if (!saved.ok) return false;
      hold({ ...kept, outcome });
      intentions.delete(key);
      return true;
    },
    close: async (key, by, words) => {
      const kept = byKey.get(key);
      if (kept === undefined || kept.outcome?.problem == null) return err('unknown');
      const saved = await journal.append([{ kind: 'intake-step', key, body: { step: 'closed', by, words } }]);
      return saved.ok ? ok(hold({ ...kept, closed: { by, words } })) : err('not-saved');
    },
    letGo: (keys) => {
      for (const key of keys) {
        for (const orderId of byKey.get(key)?.outcome?.orderIds ?? []) byOrder.get(orderId)?.delete(key);
        byKey.delete(key);
        intentions.delete(key);
      }
    },
    raw: async (key) => {
      const [entry] = await journal.all('intake', { key });
      const read = receivedSchema.safeParse(entry?.body);
      return read.success ? new Uint8Array(Buffer.from(read.data.raw, 'base64')) : null;
    },
  };
}
