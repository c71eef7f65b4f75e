import { useCallback, useEffect, useState } from 'react';
import type { CallOutput, CaseDetail } from '../../../shared/api/index.ts';
import type { CheckWeights } from '../../../shared/domain/checks/index.ts';
import type { TaskId } from '../../../shared/domain/reading/index.ts';
import {
  type Draft,
  isLaterKind,
  mayRelease,
  type ReleaseKind,
  type ReportState,
} from '../../../shared/domain/report/index.ts';
import type { HostClient } from '../../host/index.ts';

/** Where no group has said anything. */
const asShipped: CheckWeights = {};

type Requirements = CallOutput<'signRequirements'>;
/** Which kinds she may issue; null while nobody has told. */
export type Issue = Requirements['issue'];
/** Somebody else's final of the order; null where there is none or nobody has told. */
export type Rival = Requirements['rival'];
/** The images as they were at the press; null where nobody has told. */
export type ImagesNow = Requirements['images'];

/** Why she may not sign that kind, and which kind she may sign instead. */
export type IssueRefusal = { readonly words: string; readonly offer: 'preliminary' | 'final' | null };

/** A reason within a sentence: "by its contract…"; what begins with a name or an abbreviation keeps its capital. */
function within(reason: string): string {
  return /^(?:By|No|Not|The|It)\b/.test(reason) ? reason.charAt(0).toLowerCase() + reason.slice(1) : reason;
}

/** What her credentials, the contract and her place say of signing a version of that kind; null where nothing is against it. */
export function issueRefusal(
  kind: ReleaseKind,
  issue: Issue,
  of: { readonly requested: 'preliminary' | 'final'; readonly state: ReportState },
): IssueRefusal | null {
  if (issue === null) return null;
  const later = isLaterKind(kind);
  // An addendum or a correction is of the standing of what it changes.
  const asked = later ? of.requested : kind;
  const verdict = issue[asked];
  if (verdict.allowed) return null;
  const other = asked === 'final' ? 'preliminary' : 'final';
  const offer = !later && issue[other].allowed && mayRelease(of.state, other).ok ? other : null;
  return { words: `${within(verdict.reason)}.`, offer };
}

/** Whether she gives her report to be signed instead of signing it. */
export function givesToSign(issue: Issue): boolean {
  return issue?.give?.allowed === true;
}

/** One line for the foot of the report, so that it is known before the words are finished; null where a final may be signed. */
export function issueLine(issue: Issue): string | null {
  if (issue === null || issue.final.allowed) return null;
  if (givesToSign(issue)) return `You give your report to be signed: ${within(issue.final.reason)}.`;
  return issue.preliminary.allowed
    ? `You may sign a preliminary only: ${within(issue.final.reason)}.`
    : `You may sign nothing here: ${within(issue.final.reason)}.`;
}

/** One line for the foot of the report: what a signature would come to while a final of somebody else is there. */
export function rivalLine(rival: Rival, kind: { readonly finalExists: boolean }): string | null {
  return rival === null || kind.finalExists ? null : `${rival.words} Compare the two before you sign.`;
}

/** Asks what signing needs and allows: when the case opens to be read, and again at each press of Sign. */
export function useMayIssue(
  detail: CaseDetail,
  host: Pick<HostClient, 'call'>,
  /** Grows with each report of the site that has come: what may be signed is then asked anew. */
  siteReports: number,
): {
  readonly issue: Issue;
  readonly rival: Rival;
  /** What the group has turned the checks before signing down to. */
  readonly weights: CheckWeights;
  readonly ask: () => Promise<Requirements | null>;
} {
  const { taskId, epoch } = detail.context;
  const [known, setKnown] = useState<{
    readonly epoch: number;
    readonly issue: Issue;
    readonly rival: Rival;
    readonly weights: CheckWeights;
  }>({
    epoch,
    issue: null,
    rival: null,
    weights: asShipped,
  });
  const ask = useCallback(async (): Promise<Requirements | null> => {
    const asked = await host.call('signRequirements', { params: { taskId } });
    if (!asked.ok) return null;
    setKnown({ epoch, issue: asked.value.issue, rival: asked.value.rival, weights: asked.value.checks ?? asShipped });
    return asked.value;
  }, [host, taskId, epoch]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `siteReports` says that there is something new to ask for
  useEffect(() => {
    if (detail.mode === 'read') void ask();
  }, [detail.mode, ask, siteReports]);
  const current = known.epoch === epoch ? known : null;
  return { issue: current?.issue ?? null, rival: current?.rival ?? null, weights: current?.weights ?? asShipped, ask };
}

/** The images of the other exams of a report over several, as they are now; those of which nobody answers are left out. */
export function useImagesOfOthers(
  draft: Pick<Draft, 'together'> | null,
  host: Pick<HostClient, 'call'>,
): () => Promise<{ readonly [taskId: string]: ImagesNow }> {
  const names = (draft?.together ?? []).map((one) => one.taskId).join(' ');
  return useCallback(async () => {
    const taskIds = names === '' ? [] : names.split(' ');
    const answers = await Promise.all(
      taskIds.map(async (taskId) => {
        const asked = await host.call('signRequirements', { params: { taskId: taskId as TaskId } });
        return [taskId, asked.ok ? asked.value.images : null] as const;
      }),
    );
    return Object.fromEntries(answers);
  }, [names, host]);
}
