export { CaseNews } from './case-news.tsx';
export { IntakeProblems } from './intake-problems.tsx';
export { ReceivedMessage } from './received-messages.tsx';
