import { type ModalityGroup, modalityGroup, sameOrKin } from '../order/index.ts';
import { showsBodyPart } from './body-part.ts';
import { type FollowUp, type MatchingExam, readingOf } from './follow-up.ts';

/** An exam of the same patient that may be the recommended one. */
export type CandidateExam = MatchingExam & {
  readonly modalities: readonly string[];
  readonly bodyPart: string | null;
};

/**
 * Whether an exam can be the one that is recommended, by kind, part of the body and day. Whose it is, is decided elsewhere. It is only
 * ever suggested by this; a person confirms it.
 */
export function mayBeFollowUp(followUp: FollowUp, candidate: CandidateExam): boolean {
  const { modalities, bodyPart } = readingOf(followUp);
  if (candidate.taskId === followUp.taskId || followUp.notThese.includes(candidate.taskId)) return false;
  if (candidate.day !== null && candidate.day <= followUp.countedFrom) return false;
  const groups = candidate.modalities.flatMap((one): ModalityGroup[] => {
    const group = modalityGroup(one);
    return group === null ? [] : [group];
  });
  const kind = modalities.length === 0 || modalities.some((one) => groups.some((other) => sameOrKin(one, other)));
  return kind && (bodyPart === null || showsBodyPart(bodyPart, `${candidate.bodyPart ?? ''} ${candidate.exam}`));
}
