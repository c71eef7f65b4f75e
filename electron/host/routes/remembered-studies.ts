import { createRunningAnswers } from '../identity/running-answers.ts';
import type { Sessions } from '../identity/types.ts';

/** A study whose description and first images a window of its reader may have before she opens the case. */
export type RememberedStudy = { readonly taskId: string; readonly studyUid: string; readonly patient: string | null };

/** Which studies windows may remember just now: what is remembered is shown to nobody until the host has opened the case in that window. */
export type RememberedStudies = {
  allow(token: string, study: RememberedStudy): void;
  /** Null where the session was not allowed to, or too long ago. */
  find(token: string, taskId: string, studyUid: string): RememberedStudy | null;
  /** Ties a running answer to its session: it ends when that is locked or ends. The returned function unties it. */
  hold(token: string, aborter: AbortController): () => void;
  stop(): void;
};

/** What the access log says of each taking. */
export const rememberedDetail = 'into the memory of the reader’s window, not shown';

/** Milliseconds in which a window fetches what it was allowed to. */
const allowedFor = 60_000;

export function createRememberedStudies(sessions: Pick<Sessions, 'onChange'>, now: () => number): RememberedStudies {
  const allowed = new Map<string, { readonly study: RememberedStudy; readonly at: number }[]>();
  const running = createRunningAnswers(sessions);
  const stopListening = sessions.onChange((token) => void allowed.delete(token));
  const isFresh = ({ at }: { readonly at: number }): boolean => now() - at < allowedFor;
  return {
    allow: (token, study) =>
      void allowed.set(token, [...(allowed.get(token) ?? []).filter(isFresh), { study, at: now() }]),
    find: (token, taskId, studyUid) =>
      allowed
        .get(token)
        ?.findLast((one) => isFresh(one) && one.study.taskId === taskId && one.study.studyUid === studyUid)?.study ??
      null,
    hold: running.hold,
    stop: () => {
      stopListening();
      running.stop();
    },
  };
}
