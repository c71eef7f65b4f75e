import type { Task } from '@medplum/fhirtypes';
import type { GatewayKind } from '../../shared/domain/delivery/index.ts';
import type { ArchiveClient } from './archive/types.ts';
import type { OpenedAuditLog } from './audit/index.ts';
import type { HostConfig } from './config.ts';
import type { CriticalRoom } from './critical/critical-room.ts';
import { createArtefactMaker } from './delivery/artefacts.ts';
import { auditedSender } from './delivery/audited-sender.ts';
import { createSenders } from './delivery/channels.ts';
import { commitWords } from './delivery/commit-words.ts';
import { createGatewaySender } from './delivery/gateway/gateway-sender.ts';
import { createImrSender } from './delivery/imr/imr-sender.ts';
import type { LaterAnswer } from './delivery/later-answer.ts';
import { createMammogramCheck } from './delivery/mammogram-check.ts';
import { createMllpLines } from './delivery/mllp-sender.ts';
import { type ChannelSender, openOutbox } from './delivery/outbox.ts';
import { checkRelease, releaseSigned } from './delivery/release.ts';
import { createReleaser } from './delivery/releaser.ts';
import { createSigning } from './delivery/sign.ts';
import type { SignedStore } from './delivery/signed-store.ts';
import { openMarksOutbox } from './documents/marks-outbox.ts';
import type { Duties } from './duties/duties.ts';
import { answeredInGroup, deliveryRound } from './group/delivery-round.ts';
import { createHindered } from './group/hindered.ts';
import type { Group } from './group/open-group.ts';
import { createSharedSigned } from './group/shared-signed.ts';
import type { Accounts, Sessions } from './identity/index.ts';
import { factsOfContent } from './intake/case-events.ts';
import type { Journal } from './journal/index.ts';
import { createDictatedRoom } from './overread/dictated-room.ts';
import { createOverreadRoom } from './overread/overread-room.ts';
import { outboxEvery, pendingEvery } from './paces.ts';
import { createPendingRoom } from './pending-signature/pending-room.ts';
import { createPendingStore } from './pending-signature/pending-store.ts';
import type { CaseBook } from './reading/case-book.ts';
import type { Claims } from './reading/claims.ts';
import { deliveryEvents } from './reading/delivery-events.ts';
import type { EventBook } from './reading/event-book.ts';
import type { ExamMoves } from './reading/exam-moves.ts';
import { firstOf, startLoop } from './reading/loop.ts';
import type { ReadingRights } from './reading/reading-rights.ts';
import type { ReportBook } from './reading/report-book.ts';
import type { SiteBook } from './reading/site-book.ts';
import type { StudyBook } from './reading/study-poll.ts';
import type { RecordSync } from './record/index.ts';
import type { RecordClient, Versioned } from './record/types.ts';
import type { EventHub } from './routes/event-stream.ts';
import type { PasswordTries } from './routes/password-tries.ts';
import type { ChannelBook } from './settings/channel-book.ts';
import { gatewayFolderFault } from './settings/gateway-folders.ts';
import type { MessageRoom } from './site-desk/message-room.ts';
import { openWithdrawals } from './withdrawal/open-withdrawals.ts';

/** From the signature to the report's last channel: signing, release, outbox, and what the hosts of a group tell each other of it. */
export async function openDelivery(parts: {
  readonly config: HostConfig;
  readonly record: RecordClient;
  readonly archive: ArchiveClient;
  readonly journal: Journal;
  readonly audit: OpenedAuditLog;
  readonly accounts: Accounts;
  readonly passwords: PasswordTries;
  readonly sessions: Sessions;
  readonly signed: SignedStore;
  readonly book: CaseBook;
  readonly claims: Claims;
  readonly moves: Pick<ExamMoves, 'makeGiven' | 'settled'>;
  readonly studies: StudyBook;
  readonly events: EventBook;
  readonly reports: ReportBook;
  readonly rights: ReadingRights;
  readonly sites: Pick<SiteBook, 'siteOf'>;
  readonly hub: EventHub;
  readonly group: Group | null;
  readonly duties: Duties;
  readonly onTask: (written: Versioned<Task>) => void;
  readonly onCase: (taskId: string) => void;
  /** A signature was taken: its head in the access log is told to the record too, now and not in a quarter of an hour. */
  readonly onSigned: () => void;
  readonly refresh: () => void;
  readonly sync: Pick<RecordSync, 'complete'>;
  readonly messages: MessageRoom;
  readonly critical: CriticalRoom;
  readonly channelBook: ChannelBook;
}) {
  const {
    config,
    record,
    archive,
    journal,
    audit,
    accounts,
    signed,
    book,
    studies,
    events,
    rights,
    hub,
    group,
    duties,
  } = parts;
  const { settings, ports } = config;
  const { channelBook } = parts;
  const { hl7, imr: receivers } = channelBook;
  const artefacts = createArtefactMaker({ demo: settings.demo, version: config.version, hl7, imr: receivers });
  const gateway = (kind: GatewayKind): ChannelSender =>
    createGatewaySender({
      kind,
      gateways: channelBook.gateways,
      folderFault: (folder) => gatewayFolderFault(folder, settings),
      orderOf: (taskId) => book.facts(taskId),
      cover: artefacts.cover,
      ports,
    });
  const gateways = { fax: gateway('fax'), direct: gateway('direct') };
  const lines = createMllpLines({
    answered: (answer) => outbox.answered(answer),
    commit: (text, noted) => commitWords(text, noted, ports),
  });
  const imr = createImrSender({ receivers, signed, ports });
  const senders = createSenders({ record, archive, signed, hl7, lines, imr, gateways, ports });
  const hindered = createHindered({ channelBook, book, duties, ports });
  const outbox = await openOutbox({
    journal,
    signed,
    ports,
    senders: {
      record: auditedSender(audit, senders.record),
      archive: auditedSender(audit, senders.archive),
      pdf: auditedSender(audit, senders.pdf),
      hl7: auditedSender(audit, senders.hl7),
      imr: auditedSender(audit, senders.imr),
      fax: auditedSender(audit, senders.fax),
      direct: auditedSender(audit, senders.direct),
    },
    may: () => mayDeliver(),
    ...(group === null ? {} : { hindrance: hindered.of }),
    ...(group === null ? {} : { tell: async (held) => (await shared?.tell(held.signed.digest)) === true }),
    onStep: async (delivery, held) => {
      const facts = book.facts(held.taskId) ?? factsOfContent(held.signed.content);
      await events.write(deliveryEvents(facts, delivery, held, record.recordNow()));
      hub.publish({ type: 'case-changed', taskId: held.taskId });
    },
  });
  const marks = await openMarksOutbox({
    archive,
    studies,
    audit,
    journal,
    signed,
    ports,
    version: config.version,
    demo: settings.demo,
    onChange: (taskId) => hub.publish({ type: 'case-changed', taskId }),
  });
  // In a loop of its own: an archive that is slow to take marks must not hold up a report.
  const marksLoop = startLoop(
    'marks',
    () => (marks.waiting() > 0 ? outboxEvery.waiting : outboxEvery.idle),
    marks.cycle,
    ports,
  );
  const shared =
    group === null
      ? null
      : await createSharedSigned({
          items: group.items,
          signed,
          outbox,
          events,
          journal,
          now: record.recordNow,
          onChange: parts.onCase,
        });
  const mayDeliver = (): boolean => shared === null || duties.holds('deliver');
  const releaseParts = { record, book, studies, accounts, rights, ports, onTask: parts.onTask };
  const releaser = createReleaser({
    signed,
    may: (held) => mayDeliver() && (shared === null || shared.has(held.signed.digest)),
    book,
    events,
    ports,
    recordNow: record.recordNow,
    release: (held) => releaseSigned(releaseParts, held),
    check: (held) => checkRelease(releaseParts, held),
    onChange: parts.onCase,
  });
  const loop = startLoop(
    'outbox',
    () => {
      if (shared !== null) return outboxEvery.group;
      return releaser.waiting() + outbox.waiting() > 0 ? outboxEvery.waiting : outboxEvery.idle;
    },
    async () => {
      const channelsReady = async () => (await channelBook.ready()) === null;
      await deliveryRound({ shared, releaser, outbox, mayDeliver, channelsReady });
      hindered.roundIsOver();
    },
    ports,
  );
  const releaseSoon = async (milliseconds: number): Promise<void> => {
    // What was just signed shows as not released, even where the journal took the signature and not its event.
    for (const held of signed.all()) if (held.standing.kind === 'waiting') book.changed(held.taskId);
    const until = performance.now() + milliseconds;
    const settle = async (): Promise<void> => {
      // One that was under way may have begun before this signature.
      await shared?.cycle();
      await shared?.cycle();
      await releaser.cycle();
      // Another host has the duty: it looks every two seconds.
      while (shared !== null && !mayDeliver() && releaser.waiting() > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 700));
        await shared.cycle();
      }
    };
    await firstOf(settle(), milliseconds);
    loop.nudge();
    marksLoop.nudge();
    parts.onSigned();
    parts.refresh();
  };
  const { passwords, sessions, reports } = parts;
  const mammograms = createMammogramCheck(archive);
  const given = createPendingStore(record);
  const signing = createSigning({
    record,
    book,
    studies,
    events,
    reports,
    signed,
    outbox,
    marks,
    accounts,
    passwords,
    sessions,
    journal,
    audit,
    artefacts,
    rights,
    sites: parts.sites,
    mammograms,
    given,
    onTask: parts.onTask,
    ports,
    demo: settings.demo,
    gateways: channelBook.gateways,
    channelsReady: channelBook.ready,
    releaseSoon,
    shared,
  });
  const { stop: stopFollowing, ...withdrawals } = openWithdrawals({
    ...parts,
    ports,
    outbox,
    signing,
    may: () => group === null || duties.holds('deliver'),
  });
  const pending = createPendingRoom({
    ...{ ...parts, ports, mammograms, store: given },
    ...{ recordNow: record.recordNow, demo: settings.demo },
  });
  const pendingLoop = startLoop('pending signatures', () => pendingEvery, pending.round, ports);
  /** What people ask of reports that are out: taken back, overread. */
  const afterwards = {
    ...withdrawals,
    pending,
    dictated: createDictatedRoom({ signed, store: given, book }),
    overreads: createOverreadRoom({ signed, book, events, recordNow: record.recordNow }),
  };
  return {
    answered: (answer: LaterAnswer) => answeredInGroup({ shared, outbox }, answer),
    ...{ outbox, marks, shared, releaser, signing, artefacts, loop, afterwards },
    ...{
      stopMarks: marksLoop.stop,
      stopFollowing: () => Promise.all([stopFollowing(), pendingLoop.stop(), lines.close()]),
    },
  };
}
