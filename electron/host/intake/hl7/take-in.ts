import { deriveId } from '../../../../shared/domain/report/index.ts';
import {
  type AccessionField,
  asksForCommit,
  buildAck,
  decodeIntake,
  type Hl7Message,
  headOf,
  type Intake,
  type IntakeRefusal,
  instantOf,
  type MessageHead,
  parseAck,
  parseMessage,
} from '../../../../shared/interop/hl7v2/index.ts';
import { siteTime } from '../../../../shared/interop/text/site-time.ts';
import { cleanLine } from '../../../../shared/lib/clean-text.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { commitWords } from '../../delivery/commit-words.ts';
import type { AnswerNoted } from '../../delivery/later-answer.ts';
import type { Outbox } from '../../delivery/outbox.ts';
import { sha256 } from '../../digest.ts';
import type { Ports } from '../../ports.ts';
import type { Applied, Outcome } from './applied.ts';
import type { ApplyContext } from './apply-context.ts';
import { applyOrders } from './apply-orders.ts';
import { applyMerges, applyPatient } from './apply-patients.ts';
import { applyResults } from './apply-results.ts';
import { decodeCharacters } from './decode-characters.ts';
import type { Kept, Ledger } from './ledger.ts';

/** An interface of a site: where it sends to, and what its messages leave unsaid. */
export type Hl7Interface = {
  readonly name: string;
  /** The site that sends here; null takes MSH-4, the sending facility, for the site. */
  readonly siteId: string | null;
  readonly zone: string | null;
  readonly characterSet: string | null;
  readonly accession: AccessionField;
};

export type TakeIn = {
  /**
   * One message, answered with its acknowledgement when it is on disk and, as far as the record answers, applied. Null for an acknowledgement
   * that asks for none.
   */
  receive(bytes: Uint8Array, from: Hl7Interface): Promise<string | null>;
  /** Applies what waits; called again and again. */
  work(): Promise<void>;
};

/** Milliseconds for which a sender waits until the record has taken the message; then it is told that the message is kept. */
const answerWithin = 8_000;

const nobody: MessageHead = {
  sendingApplication: '',
  sendingFacility: '',
  receivingApplication: '',
  receivingFacility: '',
  sentAt: '',
  type: '',
  trigger: '',
  controlId: '',
  processing: '',
  version: '',
};

type Read = {
  readonly head: MessageHead;
  readonly message: Hl7Message;
  readonly text: string;
  readonly digest: string;
};

/** MSH-3, MSH-4 and MSH-10 name a message (2.14.9.10: unique for its sender). */
function keyOf(head: MessageHead): string {
  return sha256(JSON.stringify([head.sendingApplication, head.sendingFacility, head.controlId]));
}

/** The sending site's id in the record, where the settings name none. */
export function siteIdOfFacility(facility: string): string {
  return deriveId('site', [facility], sha256);
}

function nameOf(head: MessageHead): string {
  const type = [head.type, head.trigger].filter((one) => one !== '').join('^') || 'message';
  return cleanLine(`${type} ${head.controlId}`, 120);
}

export function createTakeIn(parts: {
  readonly ledger: Ledger;
  readonly ports: Ports;
  readonly interfaces: readonly Hl7Interface[];
  readonly ready: () => boolean;
  readonly zoneOf: (siteId: string) => string | null;
  readonly nameOfSite: (siteId: string) => string | null;
  readonly answered: Outbox['answered'];
  readonly context: Pick<ApplyContext, 'record' | 'reported' | 'preliminaryOnly' | 'onWritten'>;
  /** Tells people what changed; it is written before the message counts as applied. */
  readonly tell: (changes: Outcome['changes'], message: { readonly key: string }) => Promise<boolean>;
}): TakeIn {
  const { ledger, ports } = parts;
  const inFlight = new Map<string, { readonly promise: Promise<void>; readonly done: () => void }>();
  let working: Promise<void> | null = null;

  const ack = (head: MessageHead, outcome: Pick<Outcome, 'code' | 'condition' | 'words'>): string => {
    const { date, time, offset } = siteTime(ports.now(), 'UTC');
    return buildAck({
      code: outcome.code,
      controlId: head.controlId,
      ownControlId: `OVR${ports.newId().replaceAll('-', '').slice(0, 17)}`,
      at: `${date}${time}${offset}`,
      toApplication: head.sendingApplication,
      toFacility: head.sendingFacility,
      fromApplication: head.receivingApplication === '' ? 'OVERREAD' : head.receivingApplication,
      fromFacility: head.receivingFacility,
      trigger: head.trigger,
      processing: /^[PTD]$/.test(head.processing) ? head.processing : 'P',
      version: head.version,
      words: outcome.words,
      condition: outcome.condition,
    });
  };

  const read = (
    bytes: Uint8Array,
    characterSet: string | null,
  ): Result<Read, IntakeRefusal & { readonly head: MessageHead }> => {
    const text = decodeCharacters(bytes, characterSet);
    if (!text.ok) {
      // The header is ASCII in every set that is known, so that at least its sender can be answered.
      const head = parseMessage(Buffer.from(bytes).toString('latin1'));
      return err({
        code: 'AR',
        condition: '102',
        words: text.error.words,
        head: head.ok ? headOf(head.value) : nobody,
      });
    }
    const message = parseMessage(text.value);
    if (!message.ok) return err({ code: 'AR', condition: '100', words: message.error.words, head: nobody });
    const { segments } = message.value;
    const digest = sha256(JSON.stringify(segments.filter((one) => one.name !== 'MSH').map((one) => one.fields)));
    return ok({ head: headOf(message.value), message: message.value, text: text.value, digest });
  };

  const settingOf = (head: MessageHead, from: Hl7Interface) => {
    const facility = head.sendingFacility || head.sendingApplication || 'unnamed sender';
    const siteId = from.siteId ?? siteIdOfFacility(facility);
    return {
      siteId,
      siteName: parts.nameOfSite(siteId) ?? cleanLine(facility, 120),
      zone: parts.zoneOf(siteId) ?? from.zone ?? 'UTC',
    };
  };

  const keep = async (
    bytes: Uint8Array,
    from: Hl7Interface,
    of: { readonly key: string; readonly digest: string; readonly head: MessageHead },
    outcome: Outcome | null,
  ): Promise<Result<Kept, string>> => {
    const sender = [of.head.sendingApplication, of.head.sendingFacility].filter((one) => one !== '').join(', ');
    const kept = await ledger.receive(
      {
        key: of.key,
        raw: Buffer.from(bytes).toString('base64'),
        digest: of.digest,
        interfaceName: from.name,
        ...settingOf(of.head, from),
        title: cleanLine(`${nameOf(of.head)}${sender === '' ? '' : ` from ${sender}`}`, 200),
      },
      outcome,
    );
    if (kept.ok) return kept;
    return err(
      kept.error.code === 'not-known'
        ? 'It is not known yet whether the disk here has the message.'
        : `The message could not be stored here: ${kept.error.message}`,
    );
  };

  const refusal = (found: Pick<IntakeRefusal, 'code' | 'condition' | 'words'>): Outcome => ({
    code: found.code,
    condition: found.condition,
    words: found.words,
    problem: {
      words: found.words,
      nextStep:
        found.code === 'AR'
          ? 'Tell whoever runs the interface; the message was not taken in. If its words are needed, read it as received.'
          : 'The site mends the message and sends it again; nothing of it was taken in.',
    },
    orderIds: [],
    patientIds: [],
    changes: [],
  });
  const notKept = (head: MessageHead, why: string): string =>
    ack(head, { code: 'AE', condition: '207', words: `${why} The message was not applied; send it again.` });

  /** A refusal is on disk too: what a site sent is never only in a network trace. */
  const refuse = async (
    bytes: Uint8Array,
    from: Hl7Interface,
    of: Parameters<typeof keep>[2],
    found: IntakeRefusal,
  ): Promise<string> => {
    const known = ledger.find(of.key);
    if (known?.outcome != null) return ack(of.head, known.outcome);
    const kept = await keep(bytes, from, of, refusal(found));
    return kept.ok ? ack(of.head, found) : notKept(of.head, kept.error);
  };

  const decode = (message: Hl7Message, zone: string, accession: AccessionField): Result<Intake, IntakeRefusal> =>
    decodeIntake(message, { zone, accession });

  const apply = async (kept: Kept, accession: AccessionField, characterSet: string | null): Promise<Applied> => {
    const bytes = await ledger.raw(kept.key);
    const found = bytes === null ? null : read(bytes, characterSet);
    const decoded = found?.ok === true ? decode(found.value.message, kept.zone, accession) : null;
    if (decoded === null || !decoded.ok) {
      const words = decoded?.error.words ?? 'The message in the journal cannot be read.';
      return { kind: 'done', outcome: refusal({ code: 'AE', condition: '207', words }) };
    }
    const { head, content } = decoded.value;
    const context: ApplyContext = {
      ...parts.context,
      siteId: kept.siteId,
      siteName: kept.siteName,
      zone: kept.zone,
      message: nameOf(head),
      messageKey: kept.key.slice(0, 24),
      sentAt: instantOf(head.sentAt, kept.zone),
      intend: (changes) => ledger.intend(kept.key, changes),
    };
    switch (content.kind) {
      case 'orders':
        return applyOrders(context, content);
      case 'patient':
        return applyPatient(context, content.patient);
      case 'merge':
        return applyMerges(context, content.merges);
      case 'results':
        return applyResults(context, content);
      case 'nothing':
        return {
          kind: 'done',
          outcome: {
            code: 'AA',
            condition: '',
            words: content.words,
            problem: null,
            orderIds: [],
            patientIds: [],
            changes: [],
          },
        };
    }
  };

  const workThrough = async (): Promise<void> => {
    for (let next = ledger.next(); next !== null; next = ledger.next()) {
      if (!parts.ready()) return;
      const { key } = next;
      const { interfaceName } = next;
      const setting = parts.interfaces.find((one) => one.name === interfaceName);
      let applied: Applied;
      try {
        applied = await apply(next, setting?.accession ?? 'auto', setting?.characterSet ?? null);
      } catch (reason) {
        // One message that we cannot digest must not hold up all that come after it.
        ports.log.error('a message could not be applied by a bug', {
          message: sha256(next.title).slice(0, 12),
          reason: reason instanceof Error ? reason.name : 'unknown',
        });
        if (process.env.OVERREAD_TRACE === '1')
          process.stderr.write(`intake: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
        applied = {
          kind: 'done',
          outcome: refusal({ code: 'AE', condition: '207', words: 'Overread made a mistake with this message.' }),
        };
      }
      // The sequence of a site's messages is kept: what comes later may build on this one.
      if (applied.kind === 'wait') return;
      const { outcome } = applied;
      const seen = new Set(outcome.changes.map((one) => `${one.type} ${one.orderId}`));
      const changes = [
        ...outcome.changes,
        ...ledger.intended(key).filter((one) => !seen.has(`${one.type} ${one.orderId}`)),
      ];
      if (!(await parts.tell(changes, { key }))) return;
      ports.step?.('intake-settling');
      if (!(await ledger.settle(key, { ...outcome, changes }))) return;
      ports.step?.('intake-settled');
      inFlight.get(key)?.done();
      inFlight.delete(key);
    }
  };
  const work = (): Promise<void> => {
    working ??= workThrough().finally(() => {
      working = null;
    });
    return working;
  };

  const answerWhenSettled = async (key: string, head: MessageHead): Promise<string> => {
    const flight = inFlight.get(key);
    if (flight !== undefined) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, answerWithin).unref();
      });
      await Promise.race([flight.promise, late]);
      clearTimeout(timer);
    }
    const outcome = ledger.find(key)?.outcome ?? null;
    return outcome === null
      ? ack(head, { code: 'AA', condition: '', words: 'Kept; it is applied when the record answers.' })
      : ack(head, outcome);
  };

  /** What an application says of a report that went to its site. It is kept with that report's delivery; an unknown one is refused where it asks. */
  const takeAnswer = async (text: string, message: Hl7Message, from: Hl7Interface): Promise<string | null> => {
    const ack = parseAck(text);
    // A commit over a line of its own tells nothing that is not known.
    const noted: AnswerNoted = !ack.ok
      ? 'unknown'
      : ack.value.code === 'CA'
        ? 'noted'
        : await parts.answered({
            ...ack.value,
            code: ack.value.code,
            siteId: from.siteId,
            by: `received on ${from.name}`,
          });
    if (noted !== 'noted') ports.log.warn('an HL7 acknowledgement belongs to no report here', { interface: from.name });
    return asksForCommit(message, noted === 'noted') ? commitWords(text, noted, ports) : null;
  };

  return {
    receive: async (bytes, from) => {
      const found = read(bytes, from.characterSet);
      if (!found.ok) {
        const digest = sha256(bytes);
        return refuse(bytes, from, { key: digest, digest, head: found.error.head }, found.error);
      }
      const { head, message, digest } = found.value;
      if (head.type === 'ACK') return takeAnswer(found.value.text, message, from);
      const key = head.controlId === '' ? sha256(`${digest} without a control id`) : keyOf(head);
      const known = ledger.find(key);
      if (known !== null && known.digest === digest) return answerWhenSettled(key, head);
      if (known !== null) {
        const words = `MSH-10 ${cleanLine(head.controlId, 60)} was used before for another message; this one was not applied.`;
        return refuse(
          bytes,
          from,
          { key: sha256(`${key} ${digest}`), digest, head },
          { code: 'AE', condition: '205', words },
        );
      }
      const decoded = decode(message, settingOf(head, from).zone, from.accession);
      if (!decoded.ok) return refuse(bytes, from, { key, digest, head }, decoded.error);
      // Movements of a patient through the hospital are answered and forgotten: nobody reads them here.
      if (decoded.value.content.kind === 'nothing')
        return ack(head, { code: 'AA', condition: '', words: decoded.value.content.words });
      const kept = await keep(bytes, from, { key, digest, head }, null);
      if (!kept.ok) return notKept(head, kept.error);
      ports.step?.('intake-kept');
      let done = (): void => undefined;
      const promise = new Promise<void>((resolve) => {
        done = resolve;
      });
      inFlight.set(key, { promise, done });
      void work();
      return answerWhenSettled(key, head);
    },
    work,
  };
}
