import type { Delivery, GatewayJobPlace } from '../../../shared/domain/delivery/index.ts';
import { type DeliveryHappening, isCommitted, stepDelivery } from '../../../shared/domain/delivery/index.ts';
import { type Instant, instant } from '../../../shared/lib/instant.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import type { Journal } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import { type AnswerNoted, answerWords, type LaterAnswer, receiptOf } from './later-answer.ts';
import type { HeldVersion, SignedStore } from './signed-store.ts';

/** What one attempt on a channel came to. `wait`: nothing decided (nobody answered); the same bytes go again later. */
export type Attempt =
  | { readonly kind: 'accepted'; readonly proof: string }
  | { readonly kind: 'filed'; readonly proof: string }
  /** `jobIsOver`: a gateway's job has come to its end, and what a person sends again is a new one. */
  | { readonly kind: 'refused'; readonly proof: string; readonly jobIsOver?: true }
  /** The hop keeps it and its application has yet to answer (HL7 CA, where the application's own answer was asked for). */
  | { readonly kind: 'committed'; readonly proof: string }
  /** It had gone there, and a later version of ours has taken its place. */
  | { readonly kind: 'superseded'; readonly proof: string }
  | { readonly kind: 'wait'; readonly proof: string };

/**
 * Keeps where a gateway is about to be given a job, and in a group tells the record, so that no other host gives it elsewhere. False: that
 * could not be done, or another host was first, and nothing may be put there.
 */
export type NoteJob = (job: GatewayJobPlace) => Promise<boolean>;
export type ChannelSender = (held: HeldVersion, delivery: Delivery, note: NoteJob) => Promise<Attempt>;

/**
 * The outbox in the journal: one delivery for each version and channel, with its state after every step. A dead receiver costs only
 * time; a refusal needs a person; nothing is dropped.
 */
export type Outbox = {
  ofTask(taskId: string): readonly Delivery[];
  /** Deliveries of one report version, as journal entries that go in with the signature itself. */
  newDeliveries(
    taskId: string,
    held: Pick<Delivery, 'reportId' | 'version'> & { readonly digest: string },
    channels: readonly { channel: Delivery['channel']; name: string }[],
  ): readonly Delivery[];
  took(deliveries: readonly Delivery[]): void;
  all(): readonly Delivery[];
  /** How far another host of the group has come with them. */
  adopt(deliveries: readonly Delivery[]): Promise<void>;
  /** One round: every delivery that is due and whose version is released. */
  cycle(): Promise<void>;
  /** A person puts a refused one back: same ids, same bytes. `superseded` once a newer version went out on that channel. */
  retry(deliveryId: string, by: string): Promise<Result<Delivery, 'unknown' | 'superseded'>>;
  /**
   * A receiving application's own answer, however it came. A repeat, or an answer to what has reached its end, changes nothing and is noted;
   * any host of a group may take it.
   */
  answered(answer: LaterAnswer): Promise<AnswerNoted>;
  /** When the next one is due; null when none waits. */
  nextDue(): Instant | null;
  waiting(): number;
};

/** Names a version by its digest too: one that was given back and signed again has the same number and other bytes. */
function deliveryId(reportId: string, version: number, digest: string, channel: Delivery['channel']): string {
  return `${reportId}-v${version}-${digest.slice(0, 12)}-${channel}`;
}

const attemptsAtOnce = 6;

function isOver({ state }: Delivery): boolean {
  return state === 'filed' || state === 'withdrawn' || state === 'superseded' || state === 'refused';
}

/** `accepted` is the end for HL7: the hop that answered is all that can be known there. The others go on to be read back. */
function isOpen(delivery: Delivery): boolean {
  return (
    delivery.state === 'queued' ||
    delivery.state === 'sent' ||
    (delivery.state === 'accepted' && delivery.channel !== 'hl7')
  );
}

export async function openOutbox(parts: {
  readonly journal: Journal;
  readonly signed: SignedStore;
  readonly senders: Readonly<Record<Delivery['channel'], ChannelSender>>;
  readonly ports: Ports;
  readonly onStep: (delivery: Delivery, held: HeldVersion) => Promise<void>;
  /** Has the record know how far this version has come here, in a group; absent where this host stands alone. False: it does not. */
  readonly tell?: (held: HeldVersion) => Promise<boolean>;
  /** Whether this host may begin an effect now (duty `deliver` of a group); absent where it stands alone. */
  readonly may?: () => boolean;
  /** Why this host cannot send it though another one of its group may, in words: it waits for that one, and nothing is refused. */
  readonly hindrance?: (delivery: Delivery, held: HeldVersion) => string | null;
}): Promise<Outbox> {
  const { journal, signed, senders, ports } = parts;
  const deliveries = new Map<string, Delivery>();
  /** What has not reached its end yet, so that years of filed reports cost a round nothing. */
  const open = new Map<string, Delivery>();
  /** HL7 that is accepted and may be filed by the same answer: the host may have died between the two steps. */
  const half = new Set<string>();
  const keep = (delivery: Delivery): void => {
    deliveries.set(delivery.id, delivery);
    if (delivery.channel === 'hl7' && delivery.state === 'accepted') half.add(delivery.id);
    else half.delete(delivery.id);
    if (isOpen(delivery) || delivery.state === 'refused') open.set(delivery.id, delivery);
    else open.delete(delivery.id);
  };
  for (const entry of await journal.all('outbox')) keep((entry.body as { delivery: Delivery }).delivery);

  /** One step after another of each delivery, each from where it stands by then: an answer may come by another way while an attempt is under way. */
  const turns = new Map<string, Promise<Delivery>>();
  const step = (delivery: Delivery, happening: DeliveryHappening, held: HeldVersion): Promise<Delivery> => {
    const before = turns.get(delivery.id);
    const turn = (before ?? Promise.resolve(delivery))
      .catch(() => delivery)
      .then(() => stepNow(deliveries.get(delivery.id) ?? delivery, happening, held))
      .finally(() => {
        if (turns.get(delivery.id) === turn) turns.delete(delivery.id);
      });
    turns.set(delivery.id, turn);
    return turn;
  };
  const stepNow = async (delivery: Delivery, happening: DeliveryHappening, held: HeldVersion): Promise<Delivery> => {
    const stepped = stepDelivery(delivery, happening, ports.now());
    if (!stepped.ok) return delivery;
    const kept = await journal.append([{ kind: 'outbox', key: delivery.id, body: { delivery: stepped.value } }]);
    if (!kept.ok) {
      // Not known: where it turns out to be kept, and nothing has come after it, it is taken up.
      if (kept.error.code === 'not-known')
        void kept.error.settled.then((settlement) => {
          if (settlement.kind === 'kept' && deliveries.get(delivery.id) === delivery) keep(stepped.value);
        });
      // Not on disk means not done: the old state stands, and the same bytes go again.
      return delivery;
    }
    keep(stepped.value);
    if (stepped.value.state !== delivery.state) await parts.onStep(stepped.value, held);
    return stepped.value;
  };

  const heldOf = (delivery: Delivery): HeldVersion | null =>
    signed
      .ofTask(delivery.taskId)
      .find(
        ({ signed: { content, digest } }) =>
          delivery.id === deliveryId(content.reportId, content.version, digest, delivery.channel),
      ) ?? null;

  const earlierOpen = (delivery: Delivery): boolean =>
    [...open.values()].some(
      (one) =>
        one.reportId === delivery.reportId &&
        one.channel === delivery.channel &&
        one.version < delivery.version &&
        // A preliminary that waits for a person must not keep the final from the physician.
        one.state !== 'refused' &&
        one.state !== 'accepted' &&
        // It is safe there in its order; that its application takes its time must not hold up what follows.
        !isCommitted(one) &&
        isReleased(one),
    );
  const laterWentOut = (delivery: Delivery): boolean =>
    [...deliveries.values()].some(
      (one) =>
        one.reportId === delivery.reportId &&
        one.channel === delivery.channel &&
        one.version > delivery.version &&
        one.attempts > 0 &&
        isReleased(one),
    );
  /** The report is withdrawn by a later version that is released: whatever of it has not arrived must not go out any more. */
  const withdrawnSince = (delivery: Delivery): boolean =>
    signed
      .ofTask(delivery.taskId)
      .some(
        ({ signed: { content }, standing }) =>
          standing.kind === 'released' &&
          content.kind === 'withdrawal' &&
          content.reportId === delivery.reportId &&
          content.version > delivery.version,
      );
  const stopWithdrawn = async (): Promise<void> => {
    for (const delivery of [...open.values()]) {
      const held = withdrawnSince(delivery) ? heldOf(delivery) : null;
      if (held === null || held.standing.kind !== 'released') continue;
      const sent = delivery.attempts === 0 ? 'never sent' : 'not sent again';
      await step(delivery, { kind: 'withdrawn', proof: `${sent}: the report was withdrawn` }, held);
    }
  };
  const isReleased = (delivery: Delivery): boolean => heldOf(delivery)?.standing.kind === 'released';

  const file = async (delivery: Delivery, proof: string, held: HeldVersion): Promise<Delivery> => {
    const accepted = await step(delivery, { kind: 'accepted', proof }, held);
    ports.step?.(`accepted-${delivery.channel}`);
    return step(accepted, { kind: 'filed', proof }, held);
  };
  /** A commit was its last word, and a later version is there by now: the older one is never sent after it. */
  const followed = (delivery: Delivery): Delivery | null =>
    isCommitted(delivery) && laterWentOut(delivery)
      ? ([...deliveries.values()].find(
          (one) =>
            one.reportId === delivery.reportId &&
            one.channel === delivery.channel &&
            one.version > delivery.version &&
            (one.state === 'filed' || one.state === 'accepted'),
        ) ?? null)
      : null;
  const stopFollowed = async (): Promise<void> => {
    for (const delivery of [...open.values()]) {
      const later = followed(delivery);
      const held = later === null ? null : heldOf(delivery);
      if (later === null || held === null) continue;
      const proof = `${delivery.proof}; version ${later.version}, which follows it, is ${later.state} there`;
      await step(delivery, { kind: 'superseded', proof }, held);
    }
  };
  const fileHalf = async (): Promise<void> => {
    for (const id of half) {
      half.delete(id);
      const delivery = deliveries.get(id);
      const held = delivery === undefined ? null : heldOf(delivery);
      const oru = held?.signed.oru ?? null;
      if (delivery === undefined || held === null || oru === null || receiptOf(oru) === 'accepted') continue;
      await step(delivery, { kind: 'filed', proof: delivery.proof }, held);
    }
  };
  const answered = async (answer: LaterAnswer): Promise<AnswerNoted> => {
    const isIt = (one: Delivery): boolean =>
      one.channel === 'hl7' && heldOf(one)?.signed.oru?.controlId === answer.controlId;
    const delivery = [...open.values()].find(isIt) ?? [...deliveries.values()].find(isIt);
    const held = delivery === undefined ? null : heldOf(delivery);
    const oru = held?.signed.oru ?? null;
    if (delivery === undefined || held === null || oru === null) return 'unknown';
    if (held.standing.kind !== 'released') return 'unknown';
    if (answer.siteId !== null && answer.siteId !== oru.siteId) return 'unknown';
    const proof = answerWords(answer);
    const after = await (() => {
      switch (answer.code) {
        case 'AA':
          return receiptOf(oru) === 'accepted'
            ? step(delivery, { kind: 'accepted', proof }, held)
            : file(delivery, proof, held);
        case 'AE':
          // What the hop accepted does not go again by itself, and nothing goes after what follows it: a person sees that the application
          // would not have it.
          return delivery.state === 'accepted' || laterWentOut(delivery)
            ? step(delivery, { kind: 'refused', proof }, held)
            : step(delivery, { kind: 'failed', proof, jitter: 0 }, held);
        case 'AR':
          return step(delivery, { kind: 'refused', proof }, held);
      }
    })();
    return isOver(after) || after.proof === proof ? 'noted' : 'not-kept';
  };

  /** An older version that is committed there waits for its answer, and never goes again once a later one went. */
  const isToSend = (delivery: Delivery): boolean => !isCommitted(delivery) || !laterWentOut(delivery);

  const attempt = async (first: Delivery): Promise<void> => {
    const held = heldOf(first);
    // Withdrawn while this round was under way: the next one stops it.
    if (withdrawnSince(first)) return;
    if (held === null || held.standing.kind !== 'released' || parts.may?.() === false) return;
    const jitter = (ports.randomBytes(1)[0] ?? 0) / 255;
    const hindrance = parts.hindrance?.(first, held) ?? null;
    if (hindrance !== null) {
      await step(first, { kind: 'failed', proof: hindrance, jitter }, held);
      return;
    }
    ports.step?.(`before-${first.channel}`);
    let delivery = await step(first, { kind: 'sent' }, held);
    // Its application has answered by another way since this round began.
    if (!isOpen(delivery)) return;
    const came = await senders[delivery.channel](held, delivery, async (job) => {
      const isIts = ({ job: now }: Delivery): boolean =>
        now?.id === job.id && now.place === job.place && now.over !== true;
      if (!isIts(delivery)) delivery = await step(delivery, { kind: 'put', job }, held);
      if (!isIts(delivery)) return false;
      if (parts.tell === undefined) return true;
      if (!(await parts.tell(held))) return false;
      // What another host told of it meanwhile has been taken in; the duty may be that host's by now.
      delivery = deliveries.get(delivery.id) ?? delivery;
      return isOpen(delivery) && isIts(delivery) && parts.may?.() !== false;
    });
    ports.step?.(`after-${first.channel}`);
    switch (came.kind) {
      case 'wait':
        await step(delivery, { kind: 'failed', proof: came.proof, jitter }, held);
        return;
      case 'superseded':
        await step(delivery, { kind: 'superseded', proof: came.proof }, held);
        return;
      case 'refused':
        await step(
          delivery,
          { kind: 'refused', proof: came.proof, ...(came.jobIsOver === true ? { jobIsOver: true } : {}) },
          held,
        );
        return;
      case 'committed':
        await step(delivery, { kind: 'committed', proof: came.proof }, held);
        return;
      case 'accepted':
        if (delivery.state !== 'accepted')
          delivery = await step(delivery, { kind: 'accepted', proof: came.proof }, held);
        // Taken but not readable yet: it is looked for again with growing pauses, not in every round.
        if (isOpen(delivery)) await step(delivery, { kind: 'failed', proof: came.proof, jitter }, held);
        return;
      case 'filed':
        await file(delivery, came.proof, held);
    }
  };

  let running: Promise<void> | null = null;

  const round = async (): Promise<void> => {
    if (parts.may?.() !== false) {
      await stopWithdrawn();
      await stopFollowed();
      await fileHalf();
    }
    const now = ports.now();
    const due = [...open.values()].filter(
      (one) =>
        isOpen(one) &&
        isReleased(one) &&
        (one.nextAttemptAt ?? instant(0)) <= now &&
        isToSend(one) &&
        !earlierOpen(one),
    );
    // A few at a time: a record that comes back after a night is not met by all of the night's reports at once.
    const queue = due.values();
    const work = async (): Promise<void> => {
      for (const delivery of queue) await attempt(delivery);
    };
    await Promise.all(Array.from({ length: Math.min(attemptsAtOnce, due.length) }, work));
  };

  return {
    ofTask: (taskId) => [...deliveries.values()].filter((one) => one.taskId === taskId),
    newDeliveries: (taskId, { reportId, version, digest }, channels) =>
      channels.map(({ channel, name }) => ({
        id: deliveryId(reportId, version, digest, channel),
        reportId,
        version,
        taskId,
        channel,
        name,
        state: 'queued' as const,
        attempts: 0,
        nextAttemptAt: null,
        since: ports.now(),
        proof: '',
      })),
    took: (fresh) => {
      for (const delivery of fresh) keep(delivery);
    },
    all: () => [...deliveries.values()],
    adopt: async (theirs) => {
      const kept = await journal.append(
        theirs.map((delivery) => ({ kind: 'outbox' as const, key: delivery.id, body: { delivery } })),
      );
      if (!kept.ok) ports.log.warn('how far another host has come could not be kept; it is read again', {});
      for (const delivery of theirs) keep(delivery);
    },
    cycle: () => {
      running ??= round().finally(() => {
        running = null;
      });
      return running;
    },
    retry: async (deliveryId, by) => {
      const delivery = deliveries.get(deliveryId);
      const held = delivery === undefined ? null : heldOf(delivery);
      if (delivery === undefined || held === null) return err('unknown');
      // An older version that arrived after a newer one would be read as the latest word.
      if (laterWentOut(delivery) || withdrawnSince(delivery)) return err('superseded');
      return ok(await step(delivery, { kind: 'retry', by }, held));
    },
    answered,
    nextDue: () => {
      const waiting = [...open.values()].filter((one) => isOpen(one) && isReleased(one) && isToSend(one));
      return waiting.length === 0
        ? null
        : instant(waiting.reduce((least, one) => Math.min(least, one.nextAttemptAt ?? 0), Number.MAX_SAFE_INTEGER));
    },
    waiting: () => [...open.values()].filter((one) => isOpen(one) && isReleased(one)).length,
  };
}
