import type { CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { can } from '../../shared/domain/reader/index.ts';
import type { Draft } from '../../shared/domain/report/index.ts';
import type { CaseStore } from '../case/index.ts';
import { CaseCritical } from '../features/critical-results/index.ts';
import { CaseFollowUps } from '../features/follow-up/index.ts';
import { CaseAfterReport } from '../features/images-after-report/index.ts';
import type { HostClient } from '../host/index.ts';
import type { SignedIn } from './signed-in.ts';

/** What stands above the words of the report: findings that somebody has to be told of, exams that it recommends, and images that came after it. */
export function AboveReport(props: {
  readonly host: HostClient;
  readonly signedIn: SignedIn;
  readonly caseStore: CaseStore;
  readonly detail: CaseDetail;
  readonly live: WorklistRow;
  /** What is being written; null where nobody writes. */
  readonly draft: Draft | null;
  /** Opens the case so that it can be written. */
  readonly onRead: () => void;
  readonly onCommunication: (words: string) => void;
}) {
  const { host, signedIn, caseStore, detail, live } = props;
  const { reader } = signedIn.session;
  const { epoch, taskId } = detail.context;
  const site = detail.order?.site ?? live.site;
  const addendum = (words?: string): void => {
    if (detail.mode !== 'read') props.onRead();
    else caseStore.send({ type: 'add-addendum', ...(words === undefined ? {} : { words }) });
  };
  const standing = detail.report.versions.filter((one) => one.returned === null).at(-1);
  return (
    <>
      {can(reader.role, 'see-criticals') ? (
        <CaseCritical
          host={host}
          caseStore={caseStore}
          outbox={signedIn.criticalOutbox}
          epoch={epoch}
          taskId={taskId}
          together={(props.draft?.together ?? []).map((one) => one.taskId)}
          reader={reader}
          site={site}
          orderedBy={detail.order?.orderedBy?.name ?? null}
          signed={standing === undefined || standing.kind === 'preliminary' ? null : standing.content.sections}
          onCommunication={props.onCommunication}
          onAddendum={addendum}
        />
      ) : null}
      {can(reader.role, 'see-follow-ups') ? (
        <CaseFollowUps
          host={host}
          caseStore={caseStore}
          outbox={signedIn.followUpOutbox}
          epoch={epoch}
          taskId={taskId}
          draft={props.draft}
          versions={detail.report.versions}
        />
      ) : null}
      {can(reader.role, 'see-images-after-report') ? (
        <CaseAfterReport
          host={host}
          caseStore={caseStore}
          epoch={epoch}
          taskId={taskId}
          zone={site?.zone ?? null}
          onAddendum={() => addendum()}
        />
      ) : null}
    </>
  );
}
