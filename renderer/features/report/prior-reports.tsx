import type { Prior } from '../../../shared/api/index.ts';
import { displayDate } from '../../../shared/domain/study/index.ts';
import type { HostClient } from '../../host/index.ts';
import { SaveDocument } from './save-document.tsx';

/** Reports of earlier studies, closed until asked for. Dashed and named PRIOR, so that none is read as the current one. */
export function PriorReports({
  host,
  taskId,
  ...props
}: {
  readonly priors: readonly Prior[];
  readonly host: Pick<HostClient, 'call'>;
  readonly taskId: string;
}) {
  // What is read together with this exam is no prior of it.
  const priors = props.priors.filter((prior) => prior.linked === undefined);
  if (priors.length === 0) return null;
  return (
    <section className="report-block" aria-label="Prior reports">
      <div className="report-block-head">
        <h3>Prior reports</h3>
      </div>
      {priors.map(({ study, reason, report }) => (
        <details key={study.studyUid} className="report-prior">
          <summary>
            <b className="prior-word">PRIOR</b> {displayDate(study.studyDate ?? '')} {study.modalities.join(', ')}{' '}
            {study.description}
          </summary>
          <p className="mute small">{reason}</p>
          {report === null || report.sections.length === 0 ? (
            <p className="mute">No report of it is in the record.</p>
          ) : (
            report.sections.map((section) => (
              <div key={section.title}>
                <h4 className="mute small">{section.title}</h4>
                <p className="report-text">{section.text}</p>
              </div>
            ))
          )}
          {report === null || report.documentId === null ? null : (
            <SaveDocument host={host} taskId={taskId} reportId={report.documentId} />
          )}
        </details>
      ))}
    </section>
  );
}
