import type { ReportView } from '../../../shared/api/index.ts';
import { Mark, Tag } from '../../ui/index.ts';
import type { SaverState } from './draft-saver.ts';
import { standingVersions } from './draft-words.ts';
import { stateWord, statusWord, timeInZone } from './report-labels.ts';

/** The head of the panel: what the report is, and how its words stand. */
export function ReportHead(props: {
  readonly report: ReportView;
  readonly saver: SaverState | null;
  readonly zone: string;
}) {
  const { report, saver, zone } = props;
  const word = statusWord(report.state, saver);
  const state = stateWord(report.state);
  const amber = word === 'Not saved' || word === 'Signed not released';
  return (
    <div className="report-head">
      <h2>Report</h2>
      {state === word ? null : <Tag form="boxed">{state}</Tag>}
      <span className="grow" />
      {amber ? <Mark shape="diamond" /> : null}
      <span role="status" aria-label="Report status" className={amber ? 'signal' : 'status-word'}>
        {word}
      </span>
      <span className="detail">{detailOf(word, props, zone)}</span>
      {word === 'Saved' ? <Mark shape="tick" /> : null}
    </div>
  );
}

function detailOf(
  word: string,
  { report, saver }: { readonly report: ReportView; readonly saver: SaverState | null },
  zone: string,
): string {
  if (word === 'Saved' && saver?.savedAt != null) return `${timeInZone(saver.savedAt, zone)}, both places`;
  if (word === 'Not saved' && saver !== null && saver.hostTrouble !== null && saver.localTrouble === null)
    return 'this machine only';
  const last = standingVersions(report.versions).at(-1);
  if (last === undefined || saver !== null) return '';
  return timeInZone(last.releasedAt ?? last.content.signedAt, zone);
}
