import type { CaseDetail, WorklistRow } from '../../shared/api/index.ts';
import { claimWords, lastConfirmed, type Silent } from '../../shared/domain/reading/index.ts';
import { timeLeft } from '../../shared/domain/turnaround/index.ts';
import { instant } from '../../shared/lib/instant.ts';
import { shownAge, shownDate, shownExam, shownLeft, shownName, shownTime } from '../case/index.ts';
import { Mark, Tag, useNow } from '../ui/index.ts';

/** How far the clock has run between its start and what is due: the horizon's mark, here as a fuse. */
function Fuse({ startedAt, dueAt, now }: { readonly startedAt: number; readonly dueAt: number; readonly now: number }) {
  const part = Math.max(0, Math.min(1, (now - startedAt) / Math.max(1, dueAt - startedAt)));
  return (
    <span className={`fuse ${now > dueAt ? 'late' : ''}`} aria-hidden="true">
      <b className="track" />
      <b className="used" style={{ width: `${part * 100}%` }} />
      <b className="here" style={{ left: `${part * 100}%` }} />
      <b className="due" />
    </span>
  );
}

/** Who and which case, always in sight and always in this place (look, principle 12). */
export function PatientBar(props: {
  readonly detail: CaseDetail;
  /** The list's newest word on state and clock. Who the patient is comes from the opened case alone. */
  readonly live: WorklistRow;
  /** Who does not answer; null while all do. */
  readonly silent: Silent;
  /** When the list's word on this study was last confirmed; null before the first. */
  readonly asOf: number | null;
}) {
  const { detail, live, silent } = props;
  const now = useNow(5_000);
  const { row, claim, mode } = detail;
  const patient = detail.order?.patient ?? row.patient;
  const zone = row.site?.zone ?? null;
  const shownZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const mine = claim === null || mode === 'look' ? null : claimWords(claim, silent, shownZone, instant(now));
  const heard =
    silent === null ? null : lastConfirmed(props.asOf === null ? null : instant(props.asOf), shownZone, instant(now));
  const name = shownName(patient.name);
  const left = live.dueAt === null ? null : timeLeft(live.dueAt, live.clockPausedAt, now);
  const done = live.state === 'completed' || live.state === 'cancelled';
  return (
    <section className="patient-bar" aria-label="Patient">
      <div className="patient-who">
        <span className="patient-name">{name.whole}</span>
        <span className="patient-exam">
          <span className="visually-hidden">Exam: </span>
          {shownExam(row)}
          {row.laterality === null ? null : (
            <>
              {' '}
              <Tag form="boxed">{row.laterality === 'B' ? 'L R' : row.laterality}</Tag>
            </>
          )}
          {detail.notForClinicalUse ? <span className="small mute unbroken"> NOT FOR CLINICAL USE</span> : null}
        </span>
      </div>
      <div>
        <span className="label">Born, age, sex</span>
        <b>{shownDate(patient.birthDate)}</b> · {shownAge(patient.birthDate, new Date(now)) || 'age ?'} ·{' '}
        {patient.sex ?? '?'}
      </div>
      <div className="patient-id">
        <span className="label">Patient id, issuer</span>
        <span className="mono">{patient.id ?? 'none'}</span> <span className="issuer">{patient.issuer ?? ''}</span>
      </div>
      <div>
        <span className="label">Accession</span>
        <b className="mono">{row.accession ?? 'none'}</b>
      </div>
      <span className="grow" />
      <div className="right patient-claim">
        {done ? (
          <>
            <span className="label">{live.reader === null ? 'Finished' : `Read by ${live.reader.name}`}</span>
            No clock runs{heard === null ? '' : `, ${heard}`}
          </>
        ) : mine === null ? (
          <>
            <span className="label">{live.reader === null ? 'Not claimed' : `With ${live.reader.name}`}</span>
            {heard === null ? (
              'Looking only'
            ) : (
              <span className="signal">
                <Mark shape="diamond" /> Looking only, {heard}
              </span>
            )}
          </>
        ) : (
          <>
            <span className="label">{mine.until}</span>
            {mine.sure ? (
              <>
                {mine.standing} <Mark shape="tick" />
              </>
            ) : (
              <span className="signal">
                <Mark shape="diamond" /> {mine.standing}
              </span>
            )}
          </>
        )}
      </div>
      {live.dueAt === null || left === null || done ? null : (
        <>
          <div className="right patient-clock">
            <span className="label">
              {live.clockPausedAt === null
                ? `Due ${shownTime(live.dueAt, zone)}`
                : `Clock stands since ${shownTime(live.clockPausedAt, zone)}`}
            </span>
            <b className={left < 0 ? 'danger' : left < 15 * 60_000 ? 'signal' : undefined}>
              {left < 0 ? `${shownLeft(-left)} late` : `${shownLeft(left)} left`}
            </b>
          </div>
          <Fuse startedAt={live.clockStartedAt ?? live.dueAt - 3_600_000} dueAt={live.dueAt} now={now} />
        </>
      )}
    </section>
  );
}
