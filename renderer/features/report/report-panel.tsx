import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { checkedSections, criticalMention } from '../../../shared/domain/checks/index.ts';
import type { Draft } from '../../../shared/domain/report/index.ts';
import { useCommands } from '../../ui/index.ts';
import { ChecksList } from './checks-list.tsx';
import { hasWords, standingVersions } from './draft-words.ts';
import { useReportHistory } from './editor/use-report-history.ts';
import './report.css';
import { givenWordsOf } from './given-words.ts';
import { LastTime, lastReportOf } from './last-time.tsx';
import { LinkedExamsList } from './linked-exams.tsx';
import { givesToSign, issueLine, issueRefusal, rivalLine, useImagesOfOthers, useMayIssue } from './may-issue.ts';
import './pending-notice.css';
import { PendingNotice, PendingWords } from './pending-notice.tsx';
import { ReportActions, reportCommands } from './report-actions.tsx';
import type { ReportEditorHandle } from './report-editor.tsx';
import { ReportHead } from './report-head.tsx';
import { returnedVersion, waitingVersion } from './report-labels.ts';
import { ReportNotices } from './report-notices.tsx';
import type { ReportPanelProps } from './report-panel-props.ts';
import { ReportSent } from './report-sent.tsx';
import { ReportWords } from './report-words.tsx';
import { signBlock, startBlock } from './sign-blocks.ts';
import type { SignAnswer } from './sign-command.ts';
import { SignDialog } from './sign-dialog.tsx';
import { SiteReport } from './site-report.tsx';
import { OwnWordsDialog } from './spelling/own-words-dialog.tsx';
import { useSpelling } from './spelling/use-spelling.tsx';
import { TimelineList } from './timeline-list.tsx';
import { useCaseAsks } from './use-case-asks.ts';
import { useCaseReport } from './use-case-report.ts';
import { useCommunication } from './use-communication.ts';
import { useDraftDesk } from './use-draft-desk.ts';
import { useDraftMarks } from './use-draft-marks.ts';
import { useKeptWords } from './use-kept-words.ts';
import { useLaterVersion } from './use-later-version.ts';
import { useLinkedExams } from './use-linked-exams.ts';
import { useReportChecks } from './use-report-checks.ts';
import { type SigningOpen, useSigning } from './use-signing.ts';

/** The report of one case: its words, their two copies, signature, versions, delivery and timeline. */
export function ReportPanel(props: ReportPanelProps) {
  return <CaseReportPanel key={props.detail.context.epoch} {...props} />;
}

function CaseReportPanel(props: ReportPanelProps) {
  const { detail, reader, host, mirror, caseStore } = props;
  const { epoch, taskId } = detail.context;
  const [signing, setSigning] = useState<SigningOpen | null>(null);
  const found = useCaseReport({ detail, host, caseStore, changes: props.changes ?? 0, hold: signing !== null });
  const { report } = found;
  const linked = useLinkedExams({ detail, host, caseStore });
  const siteReports = found.timeline?.events.filter((event) => event.type === 'site.report').length ?? 0;
  const { issue, rival, weights, ask: askRequirements } = useMayIssue(detail, host, siteReports);
  const waiting = waitingVersion(report);
  const site = detail.order?.site ?? detail.row.site;
  const zone = site?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const mayWrite = detail.mode === 'read' && waiting === null && report.state !== 'entered-in-error';
  const { desk, state, saver } = useDraftDesk({ detail, report, readerId: reader.id, host, mirror, open: mayWrite });
  const finalExists = report.state === 'final' || report.state === 'appended' || report.state === 'corrected';

  const [note, setNote] = useState<string | null>(null);
  const editor = useRef<ReportEditorHandle>(null);
  const timeline = useRef<HTMLElement>(null);
  const siteReport = useRef<HTMLElement>(null);
  const focusEditor = useRef(false);

  const draft = saver?.draft ?? (state.phase.kind === 'following' ? state.phase.draft : null);
  const later = useLaterVersion({
    phase: state.phase,
    draft,
    finalExists,
    blockOf: useCallback((kind) => startBlock(kind, { detail, report }), [detail, report]),
    tell: setNote,
    focus: useCallback(() => editor.current?.focusFirst(), []),
  });
  // After the final the editor opens on demand, or because an addendum was left unfinished.
  const editorOpen =
    draft !== null &&
    (!finalExists || later.opens || ((draft.revision > 0 || hasWords(draft)) && draft.kind !== 'report'));
  const shownSaver = editorOpen ? saver : null;
  useDraftMarks(caseStore.marks, epoch, state.phase, editorOpen || !finalExists);
  const facts = useMemo(
    () => ({
      detail,
      report,
      saver,
      opening: state.phase.kind === 'opening',
      storeless: mirror === null,
      linked: linked.view,
    }),
    [detail, report, saver, state.phase.kind, mirror, linked.view],
  );

  const edit = useCallback(
    (change: (before: Draft) => Draft) => {
      if (state.phase.kind === 'writing') state.phase.saver.edit(change);
    },
    [state.phase],
  );
  const writer = state.phase.kind === 'writing' ? state.phase.saver : null;
  const history = useReportHistory(writer);
  const spelling = useSpelling({ detail, reader, host });
  const [wordsOpen, setWordsOpen] = useState(false);
  const { flush, unsaved } = useKeptWords({ desk, saver, storeless: mirror === null, caseStore, epoch });
  const latest = useRef(unsaved);
  latest.current = unsaved;
  useImperativeHandle(props.ref, () => ({
    flush,
    unsaved: () => latest.current,
    focusEditor: () => editor.current?.focusFirst(),
  }));

  const writes = state.phase.kind === 'writing';
  const askOthers = useImagesOfOthers(draft, host);
  const { trySign } = useSigning({
    signing,
    setSigning,
    facts,
    writes,
    flush,
    askRequirements,
    askOthers,
    tell: setNote,
  });
  useEffect(() => {
    if (!focusEditor.current || !editorOpen) return;
    focusEditor.current = false;
    editor.current?.focusFirst();
  });
  const startLater = useCommunication({
    ...{ draft, edit, startLater: later.start },
    communication: props.communication ?? null,
    writes: writes && editorOpen && signing === null,
  });
  const comparisons = useCaseAsks({
    caseStore,
    epoch,
    editor,
    timeline,
    trySign,
    startLater,
    insert: (measurement) => {
      if (editorOpen && writes && signing === null) editor.current?.insert(measurement);
      else
        setNote(
          `${measurement.text} was not put in: ${detail.mode === 'look' ? 'opened with Look' : 'no editor is open in this window'}.`,
        );
    },
    dictation: {
      put: (text, doubtful) => {
        if (!editorOpen || !writes || signing !== null || editor.current?.putDictated({ text, doubtful }) !== true)
          setNote(`“${text}” was not written: no editor is open in this window. Open the report, then say it again.`);
      },
      scratch: () => {
        if (!editorOpen || !writes || signing !== null || editor.current?.scratchDictated() !== true)
          setNote('Nothing was scratched: the words that you said last were changed since. Select and delete them.');
      },
    },
  });

  const panel = useRef<HTMLElement>(null);
  const events = found.timeline?.events ?? null;
  const written = editorOpen && writes && signing === null ? draft : null;
  const checks = useReportChecks({ detail, written, comparisons, events, caseStore, weights, panel });

  const gives = givesToSign(issue) && report.state === 'draft';
  const blocks = {
    preliminary: signBlock('preliminary', facts),
    final: signBlock('final', facts),
    later: draft !== null && draft.kind !== 'report' ? signBlock(draft.kind, facts) : null,
    addendum: startBlock('addendum', facts),
    correction: startBlock('correction', facts),
  };
  useCommands(
    reportCommands({
      blocks,
      finalExists,
      laterKind: editorOpen && finalExists ? (draft?.kind ?? null) : null,
      gives,
      trySign,
      startLater: later.start,
      caseStore,
      toNextCheck: checks.findings.some(({ at }) => at !== null) ? checks.toNextWords : null,
      showOwnWords: editorOpen && signing === null ? () => setWordsOpen(true) : null,
      editor: editorOpen && writes && signing === null ? editor : null,
    }),
  );

  function signed(answer: SignAnswer): void {
    const given = signing?.give === true;
    setSigning(null);
    if (given) {
      props.onPending?.('look');
      return;
    }
    later.done();
    const returned = returnedVersion(answer.report);
    if (returned !== null) focusEditor.current = true;
    found.took(answer.report, answer.deliveries);
    // The host files what the draft held. Marks that no draft holds would end with this window.
    const { marks, keeping } = caseStore.marks.state.getState();
    if (keeping === 'window' && marks.measurements.length + marks.keyImages.length > 0)
      caseStore.send({ type: 'save-marks' });
  }
  function back(standingNow: 'not-signed' | 'unknown'): void {
    setSigning(null);
    focusEditor.current = true;
    if (standingNow === 'unknown') {
      setNote('It is not known whether the report was signed; the host is asked again.');
      found.refresh();
    }
  }
  function compare(): void {
    siteReport.current?.scrollIntoView({ block: 'start' });
    siteReport.current?.focus({ preventScroll: true });
  }

  const last = useMemo(() => lastReportOf(detail), [detail]);
  const before = standingVersions(report.versions).at(-1) ?? null;
  const laterKind = finalExists && draft !== null && draft.kind !== 'report' ? draft.kind : null;
  return (
    <section
      className={props.alone === true ? 'report-panel report-alone' : 'report-panel'}
      aria-label="Report"
      ref={panel}
    >
      <ReportHead report={report} saver={shownSaver} zone={zone} />
      <ReportNotices
        detail={detail}
        report={report}
        desk={desk}
        state={state}
        saver={saver}
        readerId={reader.id}
        sitePhone={site?.phone ?? null}
        siteName={site?.name ?? null}
        trouble={found.trouble}
        note={note}
        onLoadNewer={() => {
          void desk?.loadNewer();
          found.refresh();
        }}
        onCloseNote={() => setNote(null)}
      />
      <PendingNotice
        {...{ detail, zone, host, flush, linked }}
        role={reader.role}
        signed={waiting !== null || finalExists}
        onDone={(next) => props.onPending?.(next)}
      />
      <div className="report-body">
        {props.above?.(editorOpen ? draft : null)}
        {editorOpen && draft !== null ? (
          <ReportWords
            {...{ detail, report, draft, edit, laterKind, editor, history, spelling, caseStore }}
            current={() => writer?.state.getState().draft ?? draft}
            writes={saver !== null && signing === null}
            signing={signing !== null}
            versionBefore={before?.version ?? 0}
            templates={props.templates}
            onLeave={() => void desk?.flush()}
          />
        ) : detail.mode === 'look' && detail.pending !== undefined && report.versions.length === 0 ? (
          <PendingWords pending={detail.pending} />
        ) : report.versions.length === 0 ? (
          <p className="report-line mute">
            {detail.mode === 'look' ? 'No report is signed yet. Read the study to write one.' : 'Opening your draft'}
          </p>
        ) : null}
        {written === null || !hasWords(written) ? null : (
          <ChecksList findings={checks.findings} onWords={checks.toWords} />
        )}
        {editorOpen && draft?.kind === 'report' && last !== null ? (
          <LastTime last={last} draft={draft} readOnly={saver === null || signing !== null} edit={edit} />
        ) : null}
        <LinkedExamsList
          linked={linked}
          mayClaim={detail.mode === 'read' && detail.claim !== null}
          host={host}
          draft={editorOpen && saver !== null && signing === null ? draft : null}
          edit={edit}
        />
        <SiteReport
          host={host}
          taskId={taskId}
          report={report}
          zone={zone}
          // A final that came before anybody told of it on the timeline is asked for all the same.
          told={siteReports === 0 && rival !== null ? 1 : siteReports}
          draft={editorOpen ? draft : null}
          ref={siteReport}
        />
        <ReportSent
          {...{ detail, report, reader, host, zone }}
          deliveries={found.deliveries}
          openNewest={!editorOpen}
          onDelivery={(delivery) => {
            found.tookDelivery(delivery);
            found.refresh();
          }}
        />
        {props.priors}
        <TimelineList timeline={found.timeline} ref={timeline} />
      </div>
      {editorOpen ? props.dictation : null}
      <ReportActions
        finalExists={finalExists}
        laterKind={editorOpen ? laterKind : null}
        blocks={blocks}
        hasPreliminary={report.state === 'preliminary'}
        gives={gives}
        issueLine={finalExists ? null : issueLine(issue)}
        rivalLine={rivalLine(rival, { finalExists })}
        onCompare={compare}
        onSign={trySign}
        onStart={later.start}
        onCloseLater={() => {
          void desk?.flush();
          later.close();
        }}
      />
      {wordsOpen ? <OwnWordsDialog spelling={spelling} onClose={() => setWordsOpen(false)} /> : null}
      {signing === null || draft === null || state.phase.kind !== 'writing' ? null : (
        <SignDialog
          key={signing.kind}
          kind={signing.kind}
          give={signing.give}
          given={givenWordsOf(detail)}
          refusal={
            signing.give
              ? null
              : issueRefusal(signing.kind, signing.issue, {
                  requested: detail.order?.requestedReport ?? 'final',
                  state: report.state,
                })
          }
          onOther={(kind) => setSigning({ ...signing, kind, give: false })}
          rival={signing.kind === 'addendum' || signing.kind === 'correction' ? null : signing.rival}
          images={signing.images}
          imagesOfOthers={signing.imagesOfOthers}
          coverage={caseStore.coverage.state}
          keyPictures={async ({ marks }) => (marks ? caseStore.marks.pictures(detail.context.epoch, marks) : [])}
          onImages={(type) => {
            setSigning(null);
            if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
            caseStore.send({ type });
          }}
          onCompare={() => {
            setSigning(null);
            compare();
          }}
          detail={detail}
          draft={draft}
          before={before}
          comparisons={comparisons}
          linked={linked.view}
          others={checks.others}
          events={events}
          weights={weights}
          answers={checks.answers}
          onWords={(at) => {
            setSigning(null);
            checks.toWords(at);
          }}
          onCritical={(at) => {
            setSigning(null);
            const said = at === null ? null : criticalMention(checkedSections(signing.kind, draft), at);
            const { level, words } = said ?? { level: null, words: '' };
            caseStore.send({ type: 'start-critical', origin: 'check', level, words });
          }}
          passwordNeeded={signing.passwordNeeded}
          userName={reader.userName}
          doubtful={editor.current?.doubtful() ?? []}
          zone={zone}
          host={host}
          onReason={(reason) => edit((now) => ({ ...now, reason }))}
          flush={flush}
          currentDraft={() => writer?.state.getState().draft ?? draft}
          onSigned={signed}
          onBack={back}
        />
      )}
    </section>
  );
}
