import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { ChannelSetting } from '../settings/channel-entries.ts';
import type { Gateway, Hl7Endpoint } from '../settings/types.ts';
import { createHttpPort } from './gateway/http-port.ts';
import { trySftp } from './gateway/sftp-port.ts';
import { tryFhirServer } from './imr/fhir-server.ts';

/** Whether the other end is there. Words are whole sentences for the person who asked. */
export type ChannelTest = {
  readonly answers: boolean;
  readonly words: string;
  /** The key that a server showed and nobody has confirmed yet: a person is to hold it against what the operator gave. */
  readonly hostKey?: string;
};

/** How long the other end may take to take a call, in milliseconds. */
const connectWithin = 5_000;
/** No job has this id: a gateway that is asked for it must say that it knows none. */
const noJob = 'OVERREAD-CONNECTION-TEST';

/** Only connects: no message, no job, no report and nothing of a patient goes out. */
export async function testChannel(setting: ChannelSetting): Promise<ChannelTest> {
  if ('patientSystem' in setting) return tryFhirServer(setting);
  if (!('to' in setting)) return testLine(setting);
  const { to } = setting;
  switch (to.kind) {
    case 'folder':
      return testFolder(to.folder);
    case 'http':
      return testGateway(to);
    case 'sftp':
      return trySftp(to);
    default:
      return assertNever(to);
  }
}

function testLine({ host, port }: Hl7Endpoint): Promise<ChannelTest> {
  const where = `${host}:${port}`;
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const settle = (test: ChannelTest): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(test);
    };
    const timer = setTimeout(
      () => settle({ answers: false, words: `${where} did not answer within ${connectWithin / 1_000} s.` }),
      connectWithin,
    );
    socket.on('connect', () =>
      settle({
        answers: true,
        words: `${where} takes the connection. No message was sent, so whether it takes reports shows with the first one.`,
      }),
    );
    socket.on('error', (reason: NodeJS.ErrnoException) =>
      settle({ answers: false, words: `${where} could not be reached (${reason.code ?? 'error'}).` }),
    );
  });
}

async function testFolder(folder: string): Promise<ChannelTest> {
  try {
    if (!(await stat(folder)).isDirectory()) return { answers: false, words: `${folder} is no folder.` };
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return { answers: true, words: `${folder} is there and can be written. Nothing was put into it.` };
  } catch (reason) {
    const code = (reason as NodeJS.ErrnoException).code;
    return {
      answers: false,
      words:
        code === 'ENOENT'
          ? `${folder} is not there. Make it, or mount it, on the host’s machine.`
          : code === 'EACCES'
            ? `${folder} cannot be written by the account under which this host runs.`
            : `${folder} cannot be used (${code ?? 'error'}).`,
    };
  }
}

async function testGateway(to: Extract<Gateway['to'], { readonly kind: 'http' }>): Promise<ChannelTest> {
  const found = await createHttpPort(to).status(noJob);
  switch (found.kind) {
    case 'unknown':
      return { answers: true, words: 'The gateway answers, and knows no job that it was not given. Nothing was sent.' };
    case 'status':
      return {
        answers: false,
        words:
          'Something answers, but it tells the status of a job that does not exist. Is this the gateway’s address?',
      };
    case 'silent':
      return { answers: false, words: `${found.words} Is this the gateway’s address?` };
    case 'wait':
    case 'refused':
      return { answers: false, words: found.words };
    default:
      return assertNever(found);
  }
}
