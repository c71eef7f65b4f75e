export { CaseMessages } from './case-messages.tsx';
export { MessageForm } from './message-form.tsx';
export { createMessageOutbox, type MessageOutbox } from './message-outbox.ts';
export { MessageThread } from './message-thread.tsx';
