import { type Ref, useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { CallOutput, ReportView } from '../../../shared/api/index.ts';
import { type Draft, reportSections } from '../../../shared/domain/report/index.ts';
import { formatInZone } from '../../../shared/domain/turnaround/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import type { HostClient } from '../../host/index.ts';
import { Button, Mark, Message } from '../../ui/index.ts';
import { DiffSide } from './diff-side.tsx';
import { hasWords, standingVersions } from './draft-words.ts';
import { SaveDocument } from './save-document.tsx';
import './site-report.css';
import { wordDiff } from '../../../shared/lib/word-diff.ts';

type SiteReports = CallOutput<'siteReports'>['reports'];
type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly reports: SiteReports }
  | { readonly kind: 'failed'; readonly message: string };

function wordsOf(sections: readonly { readonly title: string; readonly text: string }[]): string {
  return sections
    .filter((section) => section.text.trim() !== '')
    .map((section) => `${section.title}\n${section.text.trim()}`)
    .join('\n\n');
}

function draftSections(draft: Draft): readonly (Section & { readonly code: string })[] {
  return reportSections.map(({ code, title }) => ({ code, title, text: draft.sections[code] }));
}

type Section = { readonly title: string; readonly text: string };

/** What of our report is set beside the site's: where the site tells no technique or history, ours would only drown what matters. */
function judgedBeside(
  own: readonly (Section & { readonly code: string })[],
  theirs: readonly Section[],
): readonly Section[] {
  const heads = theirs.map((one) => one.title.toLowerCase());
  const judged = own.filter(
    (one) => one.code === '59776-5' || one.code === '19005-8' || heads.includes(one.title.toLowerCase()),
  );
  return judged.some((one) => one.text.trim() !== '') ? judged : own;
}

/**
 * The site's own report of this order. Beside a report of ours it opens as a comparison, word by word: a discrepancy is seen by a
 * person, and what is signed stays as it is until its signer adds to it.
 */
export function SiteReport(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly taskId: string;
  readonly report: ReportView;
  readonly zone: string;
  /** Grows with each report of the site that the timeline tells of; nothing is asked while it is 0. */
  readonly told: number;
  /** Words that are not signed yet: compared where nothing of ours is signed. */
  readonly draft: Draft | null;
  readonly ref?: Ref<HTMLElement>;
}) {
  const { host, taskId, report, zone, told } = props;
  const [state, setState] = useState<State>({ kind: 'asking' });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `told` and `turn` say that there is something new to ask for
  useEffect(() => {
    if (told === 0) return;
    const ended = new AbortController();
    void host.call('siteReports', { params: { taskId }, signal: ended.signal }).then((answered) => {
      if (ended.signal.aborted) return;
      setState(
        answered.ok
          ? { kind: 'known', reports: answered.value.reports }
          : { kind: 'failed', message: answered.error.message },
      );
    });
    return () => ended.abort();
  }, [host, taskId, told, turn]);

  const own = standingVersions(report.versions).at(-1) ?? null;
  const newest = state.kind === 'known' ? (state.reports[0] ?? null) : null;
  // Typing goes first: the comparison follows when there is time.
  const draft = useDeferredValue(props.draft);
  const written = own === null && draft !== null && hasWords(draft) ? draftSections(draft) : null;
  const ours = own?.content.sections ?? written;
  const parts = useMemo(
    () =>
      ours === null || newest === null
        ? null
        : wordDiff(wordsOf(judgedBeside(ours, newest.sections)), wordsOf(newest.sections)),
    [ours, newest],
  );
  if (told === 0 || (state.kind === 'known' && newest === null)) return null;
  if (state.kind === 'asking') return <p className="report-line mute">Fetching the site’s own report…</p>;
  if (state.kind === 'failed')
    return (
      <Message
        tone="ask"
        title="The site’s own report could not be fetched."
        action={<Button onClick={() => setTurn((before) => before + 1)}>Try again</Button>}
      >
        {state.message}
      </Message>
    );
  if (newest === null) return null;
  const when = newest.issued === null ? '' : `, ${formatInZone(instant(newest.issued), zone)}`;
  const who = `${newest.status} by ${newest.by === '' ? 'the site' : newest.by}${when}`;
  const differs = parts?.some((part) => part.kind !== 'same' && part.text.trim() !== '') === true;
  return (
    <section
      ref={props.ref}
      tabIndex={-1}
      className="report-block site-report"
      aria-label={parts === null ? 'Report of the site' : 'Discrepancy comparison'}
    >
      <div className="report-block-head">
        <h3>{parts === null ? 'The site’s own report' : 'The site’s report beside ours'}</h3>
        <span className="grow" />
        <span className={differs ? 'signal small' : 'dim small'}>
          {parts === null ? null : differs ? (
            <>
              <Mark shape="diamond" /> words differ
            </>
          ) : (
            <>
              <Mark shape="tick" /> the same words
            </>
          )}
        </span>
      </div>
      {parts === null ? (
        <>
          <p className="mute small">{who}</p>
          <p className="report-text">{wordsOf(newest.sections)}</p>
          {newest.hasPdf ? <SaveDocument host={host} taskId={taskId} reportId={newest.id} /> : null}
        </>
      ) : (
        <>
          <div className="site-report-sides">
            <DiffSide
              title={
                own === null
                  ? 'Ours: your words, not signed'
                  : `Ours: ${own.content.kind}, version ${own.content.version}`
              }
              parts={parts}
              drop="new"
            />
            <DiffSide title={`The site: ${who}`} parts={parts} drop="gone" />
          </div>
          {newest.hasPdf ? <SaveDocument host={host} taskId={taskId} reportId={newest.id} /> : null}
          {differs && own !== null ? (
            <p className="mute small">
              Nothing that is signed was changed. If the difference matters for the patient, phone the site and sign an
              addendum or a correction.
            </p>
          ) : null}
        </>
      )}
    </section>
  );
}
