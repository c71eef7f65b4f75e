import { type FormEvent, type ReactNode, useState } from 'react';
import { type CaseDetail, type Failure, type FoundPrior, fewestConfirmLetters } from '../../../shared/api/index.ts';
import type { PatientIdentity } from '../../../shared/domain/study/index.ts';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';
import { shownDate, shownName } from '../../case/index.ts';
import { Button, Mark, type MarkShape, Tag, TextField, unbroken } from '../../ui/index.ts';

type Props = {
  readonly prior: FoundPrior;
  readonly here: CaseDetail;
  readonly zone: string;
  readonly busy: boolean;
  readonly mayConfirm: boolean;
  readonly onHang: () => void;
  readonly onConfirm: (reason: string) => Promise<Failure | null>;
  readonly onWithdraw: () => Promise<Failure | null>;
  readonly document: (reportId: string) => ReactNode;
};

const marks: Readonly<Record<FoundPrior['evidence'][number]['weight'], readonly [MarkShape, string]>> = {
  for: ['tick', 'for'],
  neither: ['ring', 'no evidence'],
  against: ['cross', 'against'],
};

const sexes = { M: 'male', F: 'female', O: 'other' } as const;

/** "F 1952-03-09 · M123 (ST-X)": an id never stands without who gave it. */
function identityWords({ sex, birthDate, id, issuer }: PatientIdentity): string {
  const number = id === null ? 'no patient id' : `${id} (${issuer ?? 'issuer not given'})`;
  return [sex === null ? 'sex not given' : sexes[sex], `born ${shownDate(birthDate)}`, number].join(' · ');
}

/** One earlier exam: closed to a line with its date, exam and place; opened, whose it is, why, and its report as text. */
export function PriorItem(props: Props) {
  const { prior, here, zone } = props;
  const [failed, setFailed] = useState<string | null>(null);
  const closed = prior.standing === 'closed';
  const exam = [prior.modalities.join(', '), examWords(prior)].filter((one) => one !== '').join(' ');
  const current = here.order?.patient ?? here.study?.patient ?? here.row.patient;
  const withdraw = async (): Promise<void> => setFailed((await props.onWithdraw())?.message ?? null);
  return (
    <details className={`prior-item ${prior.standing}`}>
      <summary>
        <Tag form="prior">PRIOR</Tag>
        <span className="prior-exam">
          <b>{prior.when}</b>
          <span>
            {exam}
            {prior.laterality === null ? '' : ` ${prior.laterality}`}
          </span>
          <small className="mute">
            {[
              prior.site === '' ? 'place not given' : prior.site,
              prior.patient.issuer ?? 'issuer not given',
              prior.reason,
            ].join(' · ')}
          </small>
        </span>
      </summary>
      <dl className="prior-identity">
        {closed ? (
          <>
            <dt>This exam</dt>
            <dd>
              <b>{shownName(current.name).whole}</b>
              <span>{identityWords(current)}</span>
            </dd>
          </>
        ) : null}
        <dt>{closed ? 'That exam' : 'As that exam names the patient'}</dt>
        <dd>
          <b>{shownName(prior.patient.name).whole}</b>
          <span>{identityWords(prior.patient)}</span>
          <span>Accession {prior.accession ?? 'not given'}</span>
        </dd>
      </dl>
      <ul className="prior-evidence" aria-label="Evidence">
        {prior.evidence.map(({ field, weight, words }) => (
          <li key={`${field}${words}`} className={weight === 'against' ? 'signal' : weight === 'neither' ? 'dim' : ''}>
            <Mark shape={marks[weight][0]} />
            <span>
              <span className="visually-hidden">{marks[weight][1]}: </span>
              {unbroken(words)}
            </span>
          </li>
        ))}
      </ul>
      {prior.confirmation === null ? null : (
        <p className="prior-confirmed small">
          Confirmed by {prior.confirmation.by}, {unbroken(formatInZone(prior.confirmation.at, zone))}.{' '}
          {prior.confirmation.words}
        </p>
      )}
      <div className="prior-actions">
        {prior.study === null ? (
          <span className="mute small">
            {closed
              ? `${prior.images === null ? 'No images here' : prior.images === 1 ? '1 image' : `${prior.images} images`}, ${prior.hasReport ? 'with a report' : 'no report in the record'}`
              : 'Report alone: its images are in no archive here.'}
          </span>
        ) : (
          <Button label={`Show beside: ${exam}, ${prior.when}`} onClick={props.onHang}>
            Show beside
          </Button>
        )}
        {prior.standing === 'confirmed' && props.mayConfirm ? (
          <Button kind="quiet" disabled={props.busy} onClick={() => void withdraw()}>
            {props.busy ? 'Taking back…' : 'Take the confirmation back'}
          </Button>
        ) : null}
      </div>
      {closed ? (
        <ConfirmForm {...props} onFailed={setFailed} />
      ) : (
        <PriorWords prior={prior} document={props.document} />
      )}
      {failed === null ? null : (
        <p className="signal small prior-confirmed" role="alert">
          {failed}
        </p>
      )}
    </details>
  );
}

/** Many descriptions begin with their modality already, and a line should not say it twice. */
function examWords({ modalities, exam }: FoundPrior): string {
  const [modality] = modalities;
  return modality !== undefined && exam.startsWith(`${modality} `) ? exam.slice(modality.length + 1) : exam;
}

/** The report as text and nothing but text: a word of it enters the draft only by the reader's own hand. */
function PriorWords({ prior, document }: Pick<Props, 'prior' | 'document'>) {
  const { report } = prior;
  if (report === null || report.sections.length === 0)
    return <p className="mute small prior-confirmed">No report of it is in the record.</p>;
  return (
    <section className="prior-report" aria-label={`Report of ${prior.when}`}>
      {report.sections.map((section) => (
        <div key={`${section.title}${section.text}`}>
          <h5 className="mute small">{section.title}</h5>
          <p className="prior-text">{section.text}</p>
        </div>
      ))}
      {report.documentId === null ? null : document(report.documentId)}
    </section>
  );
}

function ConfirmForm(props: Props & { readonly onFailed: (words: string | null) => void }) {
  const [reason, setReason] = useState('');
  const missing = reason.trim().length < fewestConfirmLetters;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (missing) return props.onFailed('Say in a few words how you know: who told you, or what you compared.');
    props.onFailed((await props.onConfirm(reason.trim()))?.message ?? null);
  };
  if (!props.mayConfirm)
    return (
      <p className="mute small prior-confirmed">A radiologist or a lead may confirm that it is the same patient.</p>
    );
  return (
    <form className="prior-confirm" onSubmit={(event) => void submit(event)}>
      <TextField
        label="How do you know that it is the same patient?"
        hint="Kept on the timeline with your name. You can take it back."
        value={reason}
        onChange={setReason}
        rows={2}
        maxLength={400}
      />
      <Button type="submit" disabled={props.busy}>
        {props.busy ? 'Confirming…' : 'Confirm: same patient'}
      </Button>
    </form>
  );
}
