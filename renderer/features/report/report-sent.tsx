import type { CaseDetail, ReportView } from '../../../shared/api/index.ts';
import type { Delivery } from '../../../shared/domain/delivery/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import type { HostClient } from '../../host/index.ts';
import { DeliveryList } from './delivery-list.tsx';
import { MarksSaved } from './marks-saved.tsx';
import { OtherDeliveries } from './other-deliveries.tsx';
import { PhysicianLinks } from './physician-links.tsx';
import { SignedVersions } from './released-report.tsx';

/** What was signed of this case, and where it went. */
export function ReportSent(props: {
  readonly detail: CaseDetail;
  readonly report: ReportView;
  readonly deliveries: readonly Delivery[];
  readonly reader: Reader;
  readonly host: Pick<HostClient, 'call'>;
  readonly zone: string;
  /** The newest version stands open while nothing is written. */
  readonly openNewest: boolean;
  readonly onDelivery: (delivery: Delivery) => void;
}) {
  const { detail, report, deliveries, reader, host, zone } = props;
  const { taskId } = detail.context;
  const mayAct = reader.role === 'radiologist' || reader.role === 'lead';
  async function retry(delivery: Delivery): Promise<string | null> {
    const answered = await host.call('retryDelivery', { params: { deliveryId: delivery.id } });
    if (!answered.ok) return answered.error.message;
    props.onDelivery(answered.value);
    return null;
  }
  return (
    <>
      {report.versions.length === 0 ? null : (
        <SignedVersions {...{ report, taskId, zone, host }} pending={detail.pending} openNewest={props.openNewest} />
      )}
      {report.versions.length === 0 && deliveries.length === 0 ? null : (
        <DeliveryList deliveries={deliveries} zone={zone} canRetry={mayAct} onRetry={retry} />
      )}
      <PhysicianLinks
        taskId={taskId}
        host={host}
        stamp={deliveries}
        zone={zone}
        released={report.versions.some((one) => one.returned === null && one.releasedAt !== null)}
        mayMake={mayAct}
        orderedBy={detail.order?.orderedBy?.name ?? ''}
      />
      <MarksSaved taskId={taskId} host={host} stamp={deliveries} versions={report.versions.length} />
      <OtherDeliveries report={report} taskId={taskId} stamp={deliveries} zone={zone} host={host} canRetry={mayAct} />
    </>
  );
}
