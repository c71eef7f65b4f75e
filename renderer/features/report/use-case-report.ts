import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallOutput, CaseDetail, ReportView } from '../../../shared/api/index.ts';
import type { Delivery } from '../../../shared/domain/delivery/index.ts';
import type { CaseStore } from '../../case/index.ts';
import type { HostClient } from '../../host/index.ts';
import { waitingVersion } from './report-labels.ts';

export type Timeline = CallOutput<'timeline'>;

export type CaseReport = {
  readonly report: ReportView;
  readonly deliveries: readonly Delivery[];
  readonly timeline: Timeline | null;
  /** What could not be asked for just now; what is shown is then older. */
  readonly trouble: string | null;
  readonly refresh: () => void;
  /** Takes what an answer of the host has just said. */
  readonly took: (report: ReportView, deliveries: readonly Delivery[]) => void;
  readonly tookDelivery: (delivery: Delivery) => void;
};

/** The host tells of each change; this is for when its word was missed. */
const pollEvery = 10_000;

/** The report's versions, deliveries and timeline as the host has them; asked again on its word, and while something is on its way. */
export function useCaseReport(options: {
  readonly detail: CaseDetail;
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: Pick<CaseStore, 'amend' | 'onEvent' | 'signalOf'>;
  readonly changes: number;
  /** While the dialog is open the report stands still under it: a press of Sign is answered before anything else is shown. */
  readonly hold: boolean;
}): CaseReport {
  const { detail, host, caseStore, changes, hold } = options;
  const { taskId, epoch } = detail.context;
  const [report, setReport] = useState(detail.report);
  const [deliveries, setDeliveries] = useState<readonly Delivery[]>([]);
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = useRef(0);
  const held = useRef(hold);
  held.current = hold;

  const keepReport = useCallback(
    (next: ReportView): void => {
      setReport((before) => (sameReport(before, next) ? before : next));
      caseStore.amend(epoch, (one) => (sameReport(one.report, next) ? one : { ...one, report: next }));
    },
    [caseStore, epoch],
  );

  const refresh = useCallback((): void => {
    asked.current += 1;
    const own = asked.current;
    const signal = caseStore.signalOf(epoch);
    const params = { taskId };
    void Promise.all([
      host.call('report', { params, signal }),
      host.call('deliveries', { params, signal }),
      host.call('timeline', { params, signal }),
    ]).then(([found, sent, events]) => {
      // A later question has a later answer.
      if (own !== asked.current || signal.aborted) return;
      if (found.ok && !held.current) keepReport(found.value.report);
      if (sent.ok) setDeliveries(sent.value.deliveries);
      if (events.ok) setTimeline(events.value);
      const failed = [found, sent, events].find((one) => !one.ok);
      setTrouble(failed === undefined || failed.ok ? null : failed.error.message);
    });
  }, [host, caseStore, taskId, epoch, keepReport]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` is the host's word that there is something new, and the end of `hold` lets it in.
  useEffect(refresh, [refresh, changes, hold]);
  useEffect(
    () =>
      caseStore.onEvent((event) => {
        if (event.type === 'case-changed') refresh();
      }),
    [caseStore, refresh],
  );

  // An HL7 receiver that has accepted says no more: that is the end there, not a wait.
  const onItsWay =
    waitingVersion(report) !== null ||
    deliveries.some(
      ({ state, channel }) => state === 'queued' || state === 'sent' || (state === 'accepted' && channel !== 'hl7'),
    );
  // A history that is still being read is asked for again until it is whole.
  const polls = onItsWay || timeline?.filling === true;
  useEffect(() => {
    if (!polls) return;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, pollEvery);
    return () => clearInterval(timer);
  }, [polls, refresh]);

  const took = useCallback(
    (next: ReportView, sent: readonly Delivery[]): void => {
      asked.current += 1;
      keepReport(next);
      setDeliveries(sent);
      refresh();
    },
    [keepReport, refresh],
  );
  const tookDelivery = useCallback((delivery: Delivery): void => {
    setDeliveries((before) => before.map((one) => (one.id === delivery.id ? delivery : one)));
  }, []);
  return { report, deliveries, timeline, trouble, refresh, took, tookDelivery };
}

function sameReport(left: ReportView, right: ReportView): boolean {
  const key = (view: ReportView): string =>
    view.versions.map((one) => `${one.digest}:${one.state}:${one.returned ?? ''}:${one.releasedAt ?? ''}`).join('|');
  return left.reportId === right.reportId && left.state === right.state && key(left) === key(right);
}
