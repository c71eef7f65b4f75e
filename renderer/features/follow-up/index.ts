export { CaseFollowUps } from './case-follow-ups.tsx';
export { countWords, FollowUpBoard } from './follow-up-board.tsx';
export { createFollowUpOutbox, type FollowUpOutbox, type PressedMove } from './follow-up-outbox.ts';
export { TrackedLine } from './tracked-line.tsx';
