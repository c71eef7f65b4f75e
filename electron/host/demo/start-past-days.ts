import type { AuditEvent } from '@medplum/fhirtypes';
import { eventToAuditEvent } from '../../../shared/interop/fhir/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import type { Journal } from '../journal/types.ts';
import type { Ports } from '../ports.ts';
import type { AddToRecord } from '../record/index.ts';
import { pastDays } from './past-days.ts';

const usualDays = 90;
const studiesPerDay = 12;
/** Studies written at one time, in one transaction of the record. */
const studiesAtOnce = 4;

/** Milliseconds after the start before anything is written: the day's own rows and images come first. */
const startsAfter = 30_000;
/** Between two writings: some four minutes for all, of which a reader on a small computer feels nothing. */
const writesEvery = 1_000;

/** How far it is, so that a restart goes on there. */
type PastState = { readonly studies: number };

/**
 * Writes the ninety days before the demo day into the embedded record, behind everything else: the events of some nine hundred invented
 * studies that the invented group read. Only events: none of them stands on the list.
 */
export async function startPastDays(parts: {
  readonly launchedAt: Instant;
  readonly seed: number;
  readonly add: AddToRecord;
  readonly journal: Journal;
  readonly ports: Ports;
  /** Ninety unless told. */
  readonly days?: number;
  /** Milliseconds; tests do not wait. */
  readonly after?: number;
  readonly every?: number;
}): Promise<{ stop(): Promise<void>; readonly done: Promise<void> }> {
  const { journal, ports } = parts;
  const before = (await journal.latest('command', 'demo-past'))?.body as PastState | undefined;
  let written = before?.studies ?? 0;
  let stopped = false;
  let wake: () => void = () => undefined;
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const write = async (): Promise<void> => {
    await pause(parts.after ?? startsAfter);
    const studies = pastDays({
      now: parts.launchedAt,
      seed: parts.seed,
      days: parts.days ?? usualDays,
      studiesPerDay,
    });
    let number = 0;
    let events: AuditEvent[] = [];
    for (const study of studies) {
      if (stopped) return;
      number += 1;
      if (number <= written) continue;
      events.push(...study.events.map(eventToAuditEvent));
      if (number % studiesAtOnce !== 0) continue;
      await put(events, number);
      events = [];
      await pause(parts.every ?? writesEvery);
    }
    if (events.length > 0 && !stopped) await put(events, number);
  };
  const put = async (events: readonly AuditEvent[], number: number): Promise<void> => {
    await parts.add(events as readonly (AuditEvent & { id: string })[]);
    written = number;
    // Not kept or not known: after a restart these are written again, and the record has them already.
    await journal.append([{ kind: 'command', key: 'demo-past', body: { studies: written } satisfies PastState }]);
  };

  const done = write().catch((reason: unknown) => {
    if (!stopped)
      ports.log.error('the days before the demo day could not be written', {
        why: reason instanceof Error ? reason.name : 'unknown',
      });
  });
  return {
    stop: async () => {
      stopped = true;
      wake();
      await done;
    },
    done,
  };
}
