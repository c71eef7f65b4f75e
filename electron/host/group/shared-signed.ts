import { type Delivery, isArrived } from '../../../shared/domain/delivery/index.ts';
import { canonicalJson, type JsonValue } from '../../../shared/lib/canonical-json.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { isAskedAgain } from '../delivery/later-answer.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { HeldVersion, SignedStore, SignedVersion, Standing } from '../delivery/signed-store.ts';
import { caseEvent, factsOfContent } from '../intake/case-events.ts';
import type { Journal } from '../journal/types.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { SharedItem, SharedItems } from './shared-items.ts';

/**
 * Signed versions and how far each has come, held in the record while they are on their way, so that a delivery which one host began
 * is ended by another with the same ids and the same bytes (DESIGN 2.6: group hosts hold nothing that the record does not). The bytes
 * leave the item when all is filed: report, signature and SR stand in record and archive then.
 */
export type SharedSigned = {
  /** Signed here just now, by this press of Sign; null for the other exams of one report, which the press does not name. */
  add(taskId: string, digest: string, commandId: string | null): void;
  /** Takes in what others did, writes what was done here; false when the record did not answer. */
  cycle(): Promise<boolean>;
  /** Has the record know how far this version has come here, now; what others told of it is taken in before. False where it does not. */
  tell(digest: string): Promise<boolean>;
  /** The record has it: only then may anything be done about it. */
  has(digest: string): boolean;
  /** The study that this press of Sign was for, if any host of the group has taken it. Null: none has. */
  taskOfCommand(commandId: string): Promise<{ readonly taskId: string } | null | 'unreachable'>;
};

type Body = {
  readonly taskId: string;
  readonly commandId: string | null;
  readonly digest: string;
  /** Null once it is delivered. */
  readonly version: SignedVersion | null;
  readonly standing: Standing;
  readonly deliveries: readonly Delivery[];
};

const openKind = 'signed-open';
const doneKind = 'signed-done';

function isFinished(delivery: Delivery): boolean {
  return delivery.state === 'withdrawn' || delivery.state === 'superseded' || isArrived(delivery);
}

/** What another host must know; attempts and waits are each host's own, but for one that an application has asked to have again. */
function toldOf({ id, state, proof, job }: Delivery): JsonValue {
  const isOpen = state === 'sent' || (state === 'queued' && !isAskedAgain(proof));
  return [
    ...(isOpen ? [id, 'open'] : [id, state, proof]),
    ...(job === undefined ? [] : [job.id, job.place, job.over === true]),
  ];
}

function told(standing: Standing, deliveries: readonly Delivery[]): string {
  return canonicalJson({ standing, deliveries: deliveries.map(toldOf) } as JsonValue);
}

export async function createSharedSigned(parts: {
  readonly items: SharedItems;
  readonly signed: SignedStore;
  readonly outbox: Outbox;
  readonly events: EventBook;
  readonly journal: Journal;
  readonly now: () => Instant;
  readonly onChange: (taskId: string) => void;
}): Promise<SharedSigned> {
  const { items, signed, outbox } = parts;
  const idOf = (digest: string): string => `overread-signed-${digest.slice(0, 40)}`;
  const commandName = (commandId: string): string => items.nameOf(`command|${commandId}`);
  const written = new Map<string, { readonly version: string; readonly told: string }>();
  /** By delivery, as the record last held it here: what was done here since is told, and not overwritten by what another told meanwhile. */
  const base = new Map<string, string>();
  const noteBase = (deliveries: readonly Delivery[]): void => {
    for (const one of deliveries) base.set(one.id, canonicalJson(toldOf(one)));
  };
  const commands = new Map<string, string>();
  for (const entry of await parts.journal.all('command'))
    commands.set((entry.body as { digest?: string }).digest ?? '', entry.key);

  const deliveriesOf = ({ signed: { content, digest } }: HeldVersion): readonly Delivery[] =>
    outbox
      .ofTask(content.taskId)
      .filter((one) => one.id.startsWith(`${content.reportId}-v${content.version}-${digest.slice(0, 12)}-`));
  const isDone = (held: HeldVersion): boolean =>
    held.standing.kind === 'returned' || (held.standing.kind === 'released' && deliveriesOf(held).every(isFinished));
  /** Not known to be at its end in the record. */
  const open = new Set<string>();
  const deliveries = Map.groupBy(outbox.all(), (one) => one.taskId);
  for (const held of signed.all()) {
    const finished = (deliveries.get(held.taskId) ?? []).every(isFinished);
    if (held.standing.kind === 'waiting' || !finished) open.add(held.signed.digest);
  }

  const take = async (item: SharedItem): Promise<void> => {
    const body = item.body as Body;
    const { digest, taskId, standing } = body;
    if (written.get(digest)?.version === item.version) return;
    written.set(digest, { version: item.version, told: told(standing, body.deliveries) });
    let held = signed.byDigest(digest);
    if (held === null) {
      if (body.version === null) return;
      signed.took(taskId, { phase: 'signed', version: body.version });
      outbox.took(body.deliveries);
      const { content } = body.version;
      // The host that signed may have died with this event unsent; its id is the same from everybody.
      await parts.events.write([
        caseEvent(factsOfContent(content), 'report.signed', content.signedAt, {
          actor: { kind: 'person', id: content.signer.id, name: content.signer.name },
          part: digest,
          report: { id: content.reportId, version: content.version },
          detail: content.kind,
        }),
      ]);
      held = signed.byDigest(digest);
    }
    if (body.commandId !== null) commands.set(digest, body.commandId);
    if (held?.standing.kind === 'waiting') {
      if (standing.kind === 'released') await signed.release(taskId, digest, standing.at);
      if (standing.kind === 'returned') await signed.giveBack(taskId, digest, standing.reason, parts.now());
    }
    const known = new Map(outbox.ofTask(taskId).map((one) => [one.id, one]));
    const news = body.deliveries.filter((one) => {
      const mine = known.get(one.id);
      if (mine === undefined) return true;
      const theirs = canonicalJson(toldOf(one));
      if (isFinished(mine) || canonicalJson(toldOf(mine)) === theirs) return false;
      // Nothing new of this one: what differs was done here, and is not told yet.
      return base.get(one.id) !== theirs;
    });
    noteBase(body.deliveries);
    // Where a job was put is not forgotten, whoever else has not heard of it yet.
    const together = news.map((one): Delivery => {
      const job = one.job ?? known.get(one.id)?.job;
      return job === undefined ? one : { ...one, job };
    });
    if (news.length > 0) await outbox.adopt(together);
    if (item.kind === openKind) open.add(digest);
    else open.delete(digest);
    parts.onChange(taskId);
  };

  const write = async (digest: string): Promise<boolean> => {
    const held = signed.byDigest(digest);
    if (held === null) return true;
    const now = deliveriesOf(held);
    const before = written.get(digest);
    const text = told(held.standing, now);
    if (before?.told === text) return true;
    const done = isDone(held);
    const commandId = commands.get(digest) ?? null;
    const body: Body = {
      taskId: held.taskId,
      commandId,
      digest,
      version: done && held.standing.kind === 'released' ? null : held.signed,
      standing: held.standing,
      deliveries: now,
    };
    const names = [items.nameOf(`task|${held.taskId}`), ...(commandId === null ? [] : [commandName(commandId)])];
    const put = await items.put(
      { id: idOf(digest), kind: done ? doneKind : openKind, names, body },
      before?.version ?? null,
    );
    if (!put.ok) {
      // Somebody else has written: taken in at the next reading.
      if (put.error === 'conflict') written.delete(digest);
      return put.error === 'conflict';
    }
    written.set(digest, { version: put.value, told: text });
    noteBase(now);
    if (done) open.delete(digest);
    return true;
  };

  /** Rounds and tellings, one after the other: two writes of one item would be in each other's way. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  /** Another host may write in between; more often than this it is not waited for. */
  const mostTries = 4;
  const tellNow = async (digest: string): Promise<boolean> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (written.get(digest) === undefined) {
        const item = await items.read(idOf(digest));
        if (!item.ok) return false;
        if (item.value !== null) await take(item.value);
      }
      if (!(await write(digest))) return false;
      const held = signed.byDigest(digest);
      if (held !== null && written.get(digest)?.told === told(held.standing, deliveriesOf(held))) return true;
    }
    return false;
  };

  let running: Promise<boolean> | null = null;
  const round = async (): Promise<boolean> => {
    const found = await items.ofKind(openKind);
    if (!found.ok) return false;
    for (const item of found.value) await take(item);
    const listed = new Set(found.value.map((item) => (item.body as Body).digest));
    for (const digest of [...open]) {
      if (!listed.has(digest)) {
        // New here, or ended by another host: the item itself says which.
        const item = await items.read(idOf(digest));
        if (!item.ok) return false;
        if (item.value !== null) await take(item.value);
      }
      if (!(await write(digest))) return false;
    }
    return true;
  };

  return {
    add: (_taskId, digest, commandId) => {
      if (commandId !== null) commands.set(digest, commandId);
      open.add(digest);
    },
    tell: (digest) => inTurn(() => tellNow(digest)),
    has: (digest) => written.has(digest),
    cycle: () => {
      running ??= inTurn(round).finally(() => {
        running = null;
      });
      return running;
    },
    taskOfCommand: async (commandId) => {
      const found = await items.ofName(commandName(commandId));
      if (!found.ok) return 'unreachable';
      const [item] = found.value;
      if (item === undefined) return null;
      await take(item);
      return { taskId: (item.body as Body).taskId };
    },
  };
}
