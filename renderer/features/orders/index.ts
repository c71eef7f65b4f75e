export { CaseNews } from './case-news.tsx';
export { IntakeProblems } from './intake-problems.tsx';
export { OrderPanel } from './order-panel.tsx';
export { OrderStrip } from './order-strip.tsx';
export { ReceivedMessage } from './received-messages.tsx';
