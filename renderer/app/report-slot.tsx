import type { CaseDetail } from '../../shared/api/index.ts';
import type { Reader } from '../../shared/domain/reader/index.ts';
import type { CaseStore } from '../case/index.ts';
import type { Mirror } from '../data/index.ts';
import type { HostClient } from '../host/index.ts';
import { Message } from '../ui/index.ts';

/** What the report panel is given. It is mounted anew for each epoch. */
export type ReportPanelProps = {
  readonly host: HostClient;
  readonly caseStore: CaseStore;
  readonly detail: CaseDetail;
  readonly reader: Reader;
  /** Null where this machine's store could not be opened: words are then kept by the host alone. */
  readonly mirror: Mirror | null;
  /** The identity stop is not resolved: signing waits. */
  readonly identityBlocked: boolean;
  /** Why the claim is gone; null while it holds. Signing waits, words are kept. */
  readonly claimLapsed: string | null;
  /** The host cannot be reached: a signature is "Signed, not released". */
  readonly offline: boolean;
};

/** Where the report panel will stand until `renderer/features/report` is built. */
export function ReportSlot(props: ReportPanelProps) {
  return (
    <section className="report-slot" aria-label="Report">
      <Message form="block" tone="tell" title="The report panel is not in this build.">
        {props.detail.order?.reason ?? props.detail.row.reason}
      </Message>
    </section>
  );
}
