export { CaseWithdrawal } from './case-withdrawal.tsx';
export { OfferedWords } from './offered-words.tsx';
export { WithdrawalBoard } from './withdrawal-board.tsx';
