import type { AuditLog } from '../audit/types.ts';
import type { ChannelSender } from './outbox.ts';

/** A sender that writes into the access log what is about to leave the host, and to where; without the entry nothing is sent. */
export function auditedSender(audit: Pick<AuditLog, 'record'>, send: ChannelSender): ChannelSender {
  return async (held, delivery, note) => {
    const { content } = held.signed;
    const noted = await audit.record([
      {
        // The channel is part of who: entries of one span are told apart by it.
        user: `outbox, ${delivery.channel}`,
        purpose: 'deliver',
        patient: content.patient.id,
        studyUid: content.studyUid,
        detail: delivery.name,
      },
    ]);
    return noted.ok ? send(held, delivery, note) : { kind: 'wait', proof: noted.error.message };
  };
}
