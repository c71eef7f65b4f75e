import type { Task } from '@medplum/fhirtypes';
import type { ArchiveClient } from './archive/types.ts';
import type { OpenedAuditLog } from './audit/index.ts';
import type { HostConfig } from './config.ts';
import type { ArtefactMaker } from './delivery/artefacts.ts';
import type { Outbox } from './delivery/outbox.ts';
import type { SignedStore } from './delivery/signed-store.ts';
import { startDemoDay } from './demo/start-demo-day.ts';
import type { Duties } from './duties/duties.ts';
import type { Accounts } from './identity/index.ts';
import { openFhirDoor } from './intake/fhir/index.ts';
import { openHl7Intake } from './intake/hl7/index.ts';
import { createIntake } from './intake/reconcile.ts';
import type { Journal } from './journal/index.ts';
import { intakeEvery } from './paces.ts';
import type { FetchHandler } from './ports.ts';
import type { CaseBook } from './reading/case-book.ts';
import type { Claims } from './reading/claims.ts';
import type { EventBook } from './reading/event-book.ts';
import { startLoop } from './reading/loop.ts';
import type { StudyBook } from './reading/study-poll.ts';
import type { AddToRecord, RecordSync } from './record/index.ts';
import type { RecordClient, Versioned } from './record/types.ts';
import { HostStartError } from './start-error.ts';

/** All that comes in: orders and studies that become reading tasks, HL7 v2 messages, resources by FHIR, and the demo's day. */
export async function openIntake(parts: {
  readonly config: HostConfig;
  readonly record: RecordClient;
  /** The embedded record's endpoint; null where the record is another server. */
  readonly recordEndpoint: FetchHandler | null;
  /** Many resources at once into the embedded record; null where the record is another server. */
  readonly addToRecord: AddToRecord | null;
  readonly archive: ArchiveClient;
  readonly journal: Journal;
  readonly audit: OpenedAuditLog;
  readonly accounts: Accounts;
  readonly sync: RecordSync;
  readonly book: CaseBook;
  readonly studies: StudyBook;
  readonly events: EventBook;
  readonly claims: Claims;
  readonly signed: SignedStore;
  readonly duties: Duties;
  readonly artefacts: ArtefactMaker;
  readonly answered: Outbox['answered'];
  readonly notices: string[];
  readonly onTask: (written: Versioned<Task>) => void;
  readonly onCase: (taskId: string) => void;
  readonly refresh: () => void;
}) {
  const { record, archive, journal, audit, accounts, sync, book, studies, events, claims, signed, duties } = parts;
  const { settings, ports } = parts.config;
  const intake = createIntake({
    record,
    book,
    studies,
    events,
    claims,
    archiveName: archive.name,
    ports,
    onTask: parts.onTask,
  });
  const demo = settings.demo
    ? await startDemoDay({
        ...parts,
        ports,
        onArrival: () => loop.nudge(),
      })
    : null;
  const loop = startLoop(
    'intake',
    () => intakeEvery,
    async () => {
      await studies.cycle();
      parts.refresh();
      if (sync.complete && duties.holds('intake')) await intake.cycle();
      parts.refresh();
    },
    ports,
  );
  const hl7Intake = await openHl7Intake({
    listen: settings.hl7Listen,
    journal,
    record,
    sync,
    book,
    signed,
    events,
    answered: parts.answered,
    ports,
    onChange: parts.onCase,
  }).catch((reason: NodeJS.ErrnoException) => {
    throw new HostStartError(
      `HL7 messages cannot be taken in: the address is not free or not of this computer (${reason.code ?? 'error'}). See --hl7-listen.`,
    );
  });
  const fhirDoor = openFhirDoor({ endpoint: parts.recordEndpoint, accounts, audit, sync, intake: hl7Intake, ports });
  for (const { name } of hl7Intake.listening) parts.notices.push(`HL7 v2 messages are taken in on ${name} (MLLP).`);
  return { hl7Intake, fhirDoor, loop, stopDemo: async () => demo?.stop() };
}
