import { type Instant, instant, millis, after as timeAfter } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Delivery, DeliveryState, GatewayJobPlace } from './delivery.ts';

/** What befell a delivery. Proofs are words for people, with what proves them. */
export type DeliveryHappening =
  /** Handed to the wire, or handed again after a crash: the same ids, the same bytes. */
  | { readonly kind: 'sent' }
  /** A gateway is about to be given the job there: known before it is done, so that it is not done elsewhere too. */
  | { readonly kind: 'put'; readonly job: GatewayJobPlace }
  /** The hop that answered took it: 201, MSA-1 AA. */
  | { readonly kind: 'accepted'; readonly proof: string }
  /** The hop that answered keeps it (MSA-1 CA), and its application is still to say what became of it. No receipt. */
  | { readonly kind: 'committed'; readonly proof: string }
  /** Read back equal, or a status from the destination. */
  | { readonly kind: 'filed'; readonly proof: string }
  /** The receiver will not have it as it is: AR, CR, 4xx. Repeating cannot help; a person must look. */
  | { readonly kind: 'refused'; readonly proof: string; readonly jobIsOver?: true }
  /** No answer, a broken line, 5xx, AE, CA and no more, or not yet visible when read back. The same bytes go again. */
  | { readonly kind: 'failed'; readonly proof: string; readonly jitter: number }
  /** The report was withdrawn: wrong words are not sent any more, nor again. */
  | { readonly kind: 'withdrawn'; readonly proof: string }
  /** A later version of our own stands at the receiver already, where this one would have been read back. */
  | { readonly kind: 'superseded'; readonly proof: string }
  /** A person puts a refused one back. */
  | { readonly kind: 'retry'; readonly by: string };

/** From which states a happening is possible and to which it leads (DESIGN 4). `filed`, `withdrawn` and `superseded` are ends. */
export const legalDeliveryMoves = {
  sent: { from: ['queued', 'sent'], to: { queued: 'sent', sent: 'sent' } },
  put: { from: ['sent', 'accepted'], to: { sent: 'sent', accepted: 'accepted' } },
  committed: { from: ['sent'], to: { sent: 'sent' } },
  // From `queued` too: an application's answer may come after the wait for it was given up.
  accepted: {
    from: ['queued', 'sent', 'accepted'],
    to: { queued: 'accepted', sent: 'accepted', accepted: 'accepted' },
  },
  filed: { from: ['queued', 'sent', 'accepted'], to: { queued: 'filed', sent: 'filed', accepted: 'filed' } },
  refused: { from: ['queued', 'sent', 'accepted'], to: { queued: 'refused', sent: 'refused', accepted: 'refused' } },
  failed: { from: ['queued', 'sent', 'accepted'], to: { queued: 'queued', sent: 'queued', accepted: 'accepted' } },
  withdrawn: {
    from: ['queued', 'sent', 'accepted', 'refused'],
    to: { queued: 'withdrawn', sent: 'withdrawn', accepted: 'withdrawn', refused: 'withdrawn' },
  },
  superseded: { from: ['sent', 'accepted'], to: { sent: 'superseded', accepted: 'superseded' } },
  retry: { from: ['refused'], to: { refused: 'queued' } },
} as const satisfies Record<
  DeliveryHappening['kind'],
  { readonly from: readonly DeliveryState[]; readonly to: Partial<Readonly<Record<DeliveryState, DeliveryState>>> }
>;

/**
 * One step of a delivery. Id, report and version never change, so every attempt is the same one to the receiver. `attempts` counts
 * what went on the wire or could not; `since` moves only when the state does.
 */
export function stepDelivery(
  delivery: Delivery,
  happening: DeliveryHappening,
  now: Instant,
): Result<Delivery, 'not-a-legal-move'> {
  const to: Partial<Readonly<Record<DeliveryState, DeliveryState>>> = legalDeliveryMoves[happening.kind].to;
  const state = to[delivery.state];
  if (state === undefined) return err('not-a-legal-move');
  const stepped = { ...delivery, state, since: state === delivery.state ? delivery.since : now };
  switch (happening.kind) {
    case 'sent':
      return ok({ ...stepped, attempts: delivery.attempts + 1, nextAttemptAt: null });
    case 'committed':
      return ok({ ...stepped, nextAttemptAt: timeAfter(now, commitWait), proof: happening.proof });
    case 'put':
      return ok({ ...stepped, job: happening.job });
    case 'refused':
      return ok({
        ...stepped,
        nextAttemptAt: null,
        proof: happening.proof,
        ...(happening.jobIsOver === true && delivery.job !== undefined ? { job: { ...delivery.job, over: true } } : {}),
      });
    case 'accepted':
    case 'filed':
    case 'withdrawn':
    case 'superseded':
      return ok({ ...stepped, nextAttemptAt: null, proof: happening.proof });
    case 'failed': {
      // Counted when it was sent; a line that could not be opened, or a read-back, is counted here.
      const attempts = delivery.state === 'sent' ? delivery.attempts : delivery.attempts + 1;
      return ok({
        ...stepped,
        attempts,
        nextAttemptAt: nextAttempt(attempts, now, happening.jitter),
        proof: happening.proof,
      });
    }
    case 'retry': {
      const { job, ...rest } = stepped;
      return ok({
        ...rest,
        // What may still be on its way is asked for again, and not sent a second time.
        ...(job === undefined || job.over === true ? {} : { job }),
        nextAttemptAt: now,
        proof: `put back in the queue by ${happening.by}`,
        again: (delivery.again ?? 0) + 1,
      });
    }
  }
}

/** After a commit the bytes are safe there: they go again only when the application's answer must be taken for lost. */
export const commitWait = millis(5 * 60_000);
const firstWait = 1_000;
const longestWait = 5 * 60_000;

/**
 * When to try again after `attempts` failures: 1 s, doubling to 5 min, plus up to a quarter by `jitter` (0 to 1) so that many
 * reports do not knock together when a receiver comes back; never more than 5 min.
 */
export function nextAttempt(attempts: number, now: Instant, jitter: number): Instant {
  const doublings = Math.min(Math.max(attempts - 1, 0), 30);
  const wait = Math.min(firstWait * 2 ** doublings, longestWait);
  const spread = wait * 0.25 * Math.min(Math.max(jitter, 0), 1);
  return instant(now + Math.round(Math.min(wait + spread, longestWait)));
}
