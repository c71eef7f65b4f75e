import type { Role } from '../domain/reader/index.ts';
import { askInput, caseDeskSchema, deskParams, endCallInput, reasonInput } from './desk-schemas.ts';

const everyone: readonly Role[] = ['radiologist', 'lead', 'qa'];
const readers: readonly Role[] = ['radiologist', 'lead'];

/** Between the reader and the site that made the exam. */
export const deskCalls = {
  caseDesk: {
    method: 'GET',
    path: '/api/cases/:taskId/desk',
    params: deskParams.task,
    output: caseDeskSchema,
    allow: everyone,
    room: 'group',
  },
  /** Each call that changes something answers the whole desk of the case as it is now. */
  askSite: {
    method: 'POST',
    path: '/api/cases/:taskId/questions',
    params: deskParams.task,
    input: askInput,
    output: caseDeskSchema,
    allow: readers,
    room: 'group',
  },
  withdrawQuestion: {
    method: 'POST',
    path: '/api/cases/:taskId/questions/:questionId/withdraw',
    params: deskParams.question,
    input: reasonInput,
    output: caseDeskSchema,
    allow: readers,
    room: 'group',
  },
  endCall: {
    method: 'POST',
    path: '/api/cases/:taskId/calls/:callId/end',
    params: deskParams.call,
    input: endCallInput,
    output: caseDeskSchema,
    allow: readers,
    room: 'group',
  },
} as const;
