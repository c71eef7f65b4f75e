export type { Calm } from './calm.ts';
export type { EventStreamOptions, Link } from './event-stream.ts';
export { type CallFailure, type CallRequest, createHostClient, type HostClient } from './host-client.ts';
export { answerOf } from './press-answer.ts';
export { createSessionStore, type SessionStore, type TextStore } from './session-store.ts';
export { readThirdPartyNotices } from './third-party-notices.ts';
