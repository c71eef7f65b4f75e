import { useMemo } from 'react';
import type { CaseDetail, LinkedExams } from '../../../shared/api/index.ts';
import {
  type Draft,
  examHeading,
  isTogether,
  nextSections,
  type ReleaseKind,
  type ReportVersion,
} from '../../../shared/domain/report/index.ts';
import { ageAt } from '../../../shared/domain/study/index.ts';
import { dateInZone } from '../../../shared/domain/turnaround/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { shownLeft, shownTime } from '../../case/index.ts';
import { Mark, unbroken, useNow } from '../../ui/index.ts';
import { changedSections } from './changed-sections.ts';
import { DiffParts } from './diff-parts.tsx';
import type { GivenWords } from './given-words.ts';
import { kindWords } from './report-labels.ts';
import { coveredBy, type IdentityRow, patientOf, type shownTuple } from './sign-command.ts';
import { ownHeading } from './together-words.ts';

const sexWords = { M: 'male', F: 'female', O: 'other' } as const;

export function SignHead(props: {
  readonly kind: ReleaseKind;
  readonly give: boolean;
  readonly detail: CaseDetail;
  readonly shown: ReturnType<typeof shownTuple>;
  readonly zone: string;
}) {
  const { detail, shown } = props;
  const patient = patientOf(detail);
  const today = dateInZone(instant(Date.now()), props.zone);
  const age = ageAt(patient?.birthDate ?? null, today);
  const sex = patient?.sex == null ? 'sex not given' : sexWords[patient.sex];
  return (
    <header className="sign-head">
      <div className="sign-who">
        <p className="mute small">{props.give ? 'Give report to be signed' : `Sign ${signedWhat(props.kind)}`} for</p>
        <h2 className="sign-name">{shown.name}</h2>
        <p className="dim">
          born <b className="unbroken">{shown.birthDate === '' ? 'not given' : shown.birthDate}</b>,{' '}
          {[age, sex].filter((part) => part !== '').join(', ')} ·{' '}
          <b className="mono unbroken">{shown.accession === '' ? 'no accession' : shown.accession}</b> ·{' '}
          {shown.exam === '' ? 'exam not named' : shown.exam}
        </p>
        {detail.notForClinicalUse ? <p className="small dim">NOT FOR CLINICAL USE</p> : null}
      </div>
      {props.kind === 'addendum' || props.kind === 'correction' ? null : <Due row={detail.row} zone={props.zone} />}
    </header>
  );
}

const signedWhat = (kind: ReleaseKind): string =>
  kind === 'addendum' || kind === 'correction' ? kindWords[kind] : `${kindWords[kind]} report`;

/** The clock of this report, as far as one runs. */
function Due({ row, zone }: { readonly row: CaseDetail['row']; readonly zone: string }) {
  const now = useNow(10_000);
  if (row.dueAt === null || row.state === 'completed') return null;
  const left = Math.floor((row.dueAt - now) / 60_000);
  return (
    <p className="sign-due">
      <span className="mute small">Due {shownTime(row.dueAt, zone)}</span>
      <b className={left < 0 ? 'danger' : left < 15 ? 'signal' : ''}>
        {left < 0 ? `${shownLeft(now - row.dueAt)} late` : `${shownLeft(row.dueAt - now)} left`}
      </b>
    </p>
  );
}

/** Every exam of a report over several, before anything else is read: one signature is given for each of them. */
export function ExamsCovered(props: {
  readonly kind: ReleaseKind;
  readonly draft: Draft;
  readonly detail: CaseDetail;
  readonly linked: LinkedExams | null;
}) {
  const { kind, draft, detail, linked } = props;
  const later = kind === 'addendum' || kind === 'correction';
  const others = later
    ? (linked?.reported ?? []).map(({ context, exam }) =>
        examHeading({ exam, accession: context.accession, studyDate: null }),
      )
    : (draft.together ?? []).map(examHeading);
  if (others.length === 0) return null;
  return (
    <section aria-label="Exams of this report">
      <h3 className="mute small">One report over {others.length + 1} exams, signed for each</h3>
      <ul className="sign-exams">
        {[ownHeading(detail), ...others].map((heading) => (
          <li key={heading}>{unbroken(heading)}</li>
        ))}
      </ul>
    </section>
  );
}

/** The impression, because it is what the orderer reads first; an addendum's own words where there is one. */
export function FirstRead(props: { readonly kind: ReleaseKind; readonly draft: Draft; readonly detail: CaseDetail }) {
  const { kind, draft } = props;
  const several = isTogether(draft);
  const impression = [
    several ? `${ownHeading(props.detail)}: ${draft.sections['19005-8'].trim()}` : draft.sections['19005-8'].trim(),
    ...(draft.together ?? []).map((exam) => `${examHeading(exam)}: ${exam.texts['19005-8'].trim()}`),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
  const text =
    kind === 'addendum' ? draft.addendum.trim() : impression === '' ? draft.sections['59776-5'].trim() : impression;
  return (
    <section>
      <h3 className="mute small">
        {kind !== 'addendum' && impression === ''
          ? 'What will be read first: Findings, no Impression'
          : 'What will be read first'}
      </h3>
      <p className="sign-first report-text">{unbroken(text)}</p>
    </section>
  );
}

/** What a final says otherwise than the preliminary, or than who dictated it, or a correction than the version it replaces. */
export function Changes({
  kind,
  draft,
  before,
  given,
}: {
  readonly kind: ReleaseKind;
  readonly draft: Draft;
  readonly before: ReportVersion | null;
  readonly given: GivenWords | null;
}) {
  const from = before?.content ?? given?.report ?? null;
  const sections = useMemo(
    () =>
      from === null || kind === 'addendum'
        ? []
        : changedSections(from, nextSections(kind, draft, before === null ? null : from.sections)),
    [from, before, kind, draft],
  );
  if (from === null || kind === 'addendum') return null;
  return (
    <section className="sign-changes">
      <h3 className="mute small">
        {before === null
          ? `Changed in the report that ${given?.writer.name ?? ''} dictated`
          : `Changed since version ${before.version}, ${kindWords[before.kind]}`}
      </h3>
      {sections.length === 0 ? <p className="dim">No word is changed.</p> : null}
      {sections.map((section) => (
        <p key={section.title} className="report-text">
          <span className="mute">{unbroken(section.title)}: </span>
          <DiffParts parts={section.parts} />
        </p>
      ))}
    </section>
  );
}

export function IdentityTable({ rows }: { readonly rows: readonly IdentityRow[] }) {
  return (
    <table className="sign-identity">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Field</span>
          </th>
          <th scope="col">Order</th>
          <th scope="col">Images</th>
          <th scope="col">
            <span className="visually-hidden">Agree</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label} className={row.standing}>
            <th scope="row">{row.label}</th>
            <td>{row.order === '' ? <span className="mute">not given</span> : unbroken(row.order)}</td>
            <td>{row.images === '' ? <span className="mute">not given</span> : unbroken(row.images)}</td>
            <td className="verdict">
              <Verdict row={row} />
            </td>
          </tr>
        ))}
        {rows
          .filter((row) => row.words !== '')
          .map((row) => (
            <tr key={`${row.label} why`} className={`why ${row.standing}`}>
              <td colSpan={4}>{unbroken(row.words)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function Verdict({ row }: { readonly row: IdentityRow }) {
  if (row.standing === 'same') {
    return (
      <>
        <Mark shape="tick" />
        <span className="visually-hidden">agree</span>
      </>
    );
  }
  if (row.standing === 'one-sided') return <span className="mute">not compared</span>;
  if (row.standing === 'tell') return <span className="dim">differs</span>;
  return (
    <>
      <Mark shape={row.standing === 'stop' ? 'octagon' : 'diamond'} /> differs
    </>
  );
}

export function CoverLine(props: {
  readonly kind: ReleaseKind;
  readonly draft: Draft;
  readonly detail: CaseDetail;
  readonly comparisons: readonly string[];
  readonly before: ReportVersion | null;
  readonly linked: LinkedExams | null;
}) {
  const covered = coveredBy(props.kind, props.draft, props.detail, props.comparisons, props.before, props.linked);
  const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
  return (
    <p className="sign-covers">
      Your signature covers the identity above, <b>{count(covered.words, 'word', 'words')}</b>
      {covered.ofBefore === 0 ? null : <> ({covered.ofBefore} of them already signed)</>}
      {covered.measurements === 0 ? null : <>, {count(covered.measurements, 'measurement', 'measurements')}</>}
      {covered.comparisons === 0 ? null : <>, {count(covered.comparisons, 'comparison', 'comparisons')} opened</>} and
      the list of the{' '}
      <b>
        {covered.atMost ? 'at most ' : ''}
        {count(covered.images, 'image', 'images')}
      </b>{' '}
      that the archive holds when you sign.
    </p>
  );
}
