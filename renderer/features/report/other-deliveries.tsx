import { useEffect, useState } from 'react';
import type { ReportView } from '../../../shared/api/index.ts';
import type { Delivery } from '../../../shared/domain/delivery/index.ts';
import { otherExams, type ReportExam } from '../../../shared/domain/report/index.ts';
import type { HostClient } from '../../host/index.ts';
import { DeliveryList } from './delivery-list.tsx';
import { standingVersions } from './draft-words.ts';

/** The host tells of this case's changes alone; what is on its way under the others is asked again. */
const askEvery = 5_000;

function isOver({ state, channel }: Delivery): boolean {
  return (
    state === 'filed' || state === 'refused' || state === 'withdrawn' || (state === 'accepted' && channel === 'hl7')
  );
}

type Under = { readonly exam: ReportExam; readonly deliveries: readonly Delivery[] };

/** Where a report over several exams went under the accessions of the others. */
export function OtherDeliveries(props: {
  readonly report: ReportView;
  readonly taskId: string;
  /** Changes whenever the open exam's own deliveries were asked for. */
  readonly stamp: unknown;
  readonly zone: string;
  readonly host: Pick<HostClient, 'call'>;
  readonly canRetry: boolean;
}) {
  const { host, stamp } = props;
  const standing = standingVersions(props.report.versions).at(-1);
  const exams = standing === undefined ? [] : otherExams(standing.content);
  const key = exams.map((exam) => exam.taskId).join(' ');
  const [found, setFound] = useState<readonly Under[]>([]);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the exams, `stamp` and `round` for the moments to ask.
  useEffect(() => {
    let here = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const all = await Promise.all(
        exams.map(async (exam): Promise<Under> => {
          const answered = await host.call('deliveries', { params: { taskId: exam.taskId } });
          return { exam, deliveries: answered.ok ? answered.value.deliveries : [] };
        }),
      );
      if (!here) return;
      setFound(all);
      const open = all.some(({ deliveries }) => deliveries.length === 0 || !deliveries.every(isOver));
      if (open) timer = setTimeout(() => setRound((before) => before + 1), askEvery);
    };
    if (exams.length > 0) void ask();
    else setFound([]);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [host, key, stamp, round]);

  return found.map(({ exam, deliveries }) => (
    <DeliveryList
      key={exam.taskId}
      under={exam.accession ?? exam.exam}
      deliveries={deliveries}
      zone={props.zone}
      canRetry={props.canRetry}
      onRetry={async (delivery) => {
        const answered = await host.call('retryDelivery', { params: { deliveryId: delivery.id } });
        setRound((before) => before + 1);
        return answered.ok ? null : answered.error.message;
      }}
    />
  ));
}
