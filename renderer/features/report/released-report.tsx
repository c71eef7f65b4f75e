import { useState } from 'react';
import type { CallOutput, CaseDetail, ReportView } from '../../../shared/api/index.ts';
import { type PendingReport, type ReportVersion, sectionTitle } from '../../../shared/domain/report/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, Tag, unbroken } from '../../ui/index.ts';
import { changedSections } from './changed-sections.ts';
import { DiffParts } from './diff-parts.tsx';
import { kindWords, timeInZone, verdictWord } from './report-labels.ts';

/** The words of one signed version, or of what was given to be signed, as they were signed. */
export function VersionText({ content }: { readonly content: ReportVersion['content'] | PendingReport }) {
  return (
    <div className="report-signed-text">
      {content.reason === null || content.reason.trim() === '' ? null : (
        <section>
          <h4>Reason</h4>
          <p className="report-text">{unbroken(content.reason)}</p>
        </section>
      )}
      {content.sections.map((section, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a signed version never changes; two addenda share a code.
        <section key={`${section.code}-${at}`}>
          <h4>{unbroken(sectionTitle(content, section))}</h4>
          <p className="report-text">{unbroken(section.text)}</p>
        </section>
      ))}
    </div>
  );
}

/** Who dictated what another signed, and what was changed in it; nothing for a report of one reader. */
function Dictated(props: {
  readonly version: ReportVersion;
  readonly pending: CaseDetail['pending'];
  readonly zone: string;
}) {
  const { dictatedBy, sections } = props.version.content;
  if (dictatedBy === undefined) return null;
  const given = props.pending?.digest === dictatedBy.digest ? props.pending.report : null;
  const changed = given === null || !dictatedBy.changed ? [] : changedSections(given, sections);
  return (
    <>
      <p className="report-line">
        Dictated by {dictatedBy.name}, given to be signed {unbroken(timeInZone(dictatedBy.givenAt, props.zone))};{' '}
        {dictatedBy.changed ? 'words changed before it was signed' : 'signed without a change'}
      </p>
      {changed.map((section) => (
        <p key={section.title} className="report-line sign-changes">
          <span className="mute">{section.title}: </span>
          <DiffParts parts={section.parts} />
        </p>
      ))}
    </>
  );
}

type Verified = CallOutput<'verifyReport'>['versions'];

/** Signed versions, newest first: the one that stands is open, those that it replaced are marked and closed. */
export function SignedVersions(props: {
  readonly report: ReportView;
  /** What was given to be signed; absent where nothing was. */
  readonly pending: CaseDetail['pending'];
  readonly taskId: string;
  readonly zone: string;
  readonly host: Pick<HostClient, 'call'>;
  /** False while an editor is open: the words stand there, and the list is only what went before. */
  readonly openNewest: boolean;
}) {
  const { report, zone } = props;
  const [verified, setVerified] = useState<Verified | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const newest = report.versions.filter((one) => one.returned === null).at(-1) ?? null;

  async function verify(): Promise<void> {
    setAsking(true);
    const answered = await props.host.call('verifyReport', { params: { taskId: props.taskId } });
    setAsking(false);
    setTrouble(answered.ok ? null : answered.error.message);
    if (answered.ok) setVerified(answered.value.versions);
  }

  return (
    <section className="report-block" aria-label="Signed versions">
      <div className="report-block-head">
        <h3>Signed versions</h3>
        <span className="grow" />
        <Button kind="quiet" onClick={() => void verify()} disabled={asking}>
          Verify signatures
        </Button>
      </div>
      {trouble === null ? null : (
        <p className="report-line signal" role="status">
          Not verified: {trouble}
        </p>
      )}
      <ul className="report-versions" aria-label="Versions">
        {[...report.versions].reverse().map((version) => {
          const withdrawn = newest?.kind === 'withdrawal';
          const superseded = newest !== null && version.version < newest.version;
          const mark =
            version.returned !== null
              ? 'given back'
              : superseded
                ? withdrawn
                  ? 'withdrawn'
                  : 'superseded'
                : version.state === 'signed-not-released'
                  ? 'not released'
                  : null;
          const check = verified?.find((one) => one.version === version.version && version.returned === null) ?? null;
          return (
            <li key={version.digest} className={superseded || version.returned !== null ? 'superseded' : ''}>
              <details open={version === newest && props.openNewest}>
                <summary>
                  <b>
                    Version {version.version}, {kindWords[version.kind]}
                  </b>
                  {mark === null ? null : <Tag form={version === newest ? 'boxed' : 'plain'}>{mark}</Tag>}
                  <span className="when">
                    <span>{version.content.signer.name}</span>{' '}
                    <span className="unbroken">{timeInZone(version.content.signedAt, zone)}</span>
                  </span>
                </summary>
                {version.content.finalisation === undefined ? null : (
                  <p className="report-line signal">
                    Final report by {version.content.finalisation.by},{' '}
                    {version.content.finalisation.due === null
                      ? 'no time agreed'
                      : unbroken(`due ${formatInZone(version.content.finalisation.due, zone)}`)}
                  </p>
                )}
                {version.returned === null ? null : <p className="report-line">Given back: {version.returned}</p>}
                <Dictated version={version} pending={props.pending} zone={zone} />
                <VersionText content={version.content} />
              </details>
              {check === null ? null : (
                <p className={`report-line ${check.verdict === 'verified' ? 'dim' : 'danger'}`} role="status">
                  <Mark
                    shape={check.verdict === 'verified' ? 'tick' : check.verdict === 'missing' ? 'ring' : 'cross'}
                  />{' '}
                  {verdictWord(check.verdict)}. {check.words}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      {verified !== null && verified.length === 0 ? (
        <p className="report-line">The record holds no signature of this report.</p>
      ) : null}
    </section>
  );
}
