import type { Communication, Task } from '@medplum/fhirtypes';
import type { Message, Party } from '../../../shared/domain/message/index.ts';
import type { Order } from '../../../shared/domain/order/index.ts';
import { type Person, type QuestionKind, questionKinds } from '../../../shared/domain/question/index.ts';
import { deriveId } from '../../../shared/domain/report/index.ts';
import { callRequestToFhir, messageToFhir, questionToFhir } from '../../../shared/interop/fhir/index.ts';
import { after, type Instant, instant, minutes } from '../../../shared/lib/instant.ts';
import { sha256 } from '../digest.ts';
import { taskIdOfOrder } from '../intake/task-ids.ts';
import { demoSites } from './cast.ts';
import { demoReaderId } from './demo-readers.ts';

type Matter = (Task | Communication) & { readonly id: string };

const reader: Person = { id: demoReaderId('Dr A. Brackwater'), name: 'Dr A. Brackwater' };
const lead: Person = { id: demoReaderId('Dr K. Wrenfield'), name: 'Dr K. Wrenfield' };

const asked: Readonly<Record<QuestionKind, string>> = {
  side: 'The order names no side that fits the images.',
  prior: 'The history speaks of an earlier exam elsewhere.',
  history: 'The reason for exam is one word.',
  views: 'One view fewer than your protocol has.',
  patient: '',
  contrast: 'The series description does not say.',
  other: 'Who takes the call after 18:00?',
};

/** Minutes before the launch at which each question was asked: some sites have been silent for long enough for the lead to know. */
const askedAgo: Readonly<Record<QuestionKind, number>> = {
  side: 4,
  prior: 150,
  history: 35,
  views: 12,
  patient: 6,
  contrast: 20,
  other: 140,
};

/**
 * What readers, lead and sites have to settle on the demo day: one open question of each kind, a call that a desk asks for, and two
 * threads of messages. About routine studies, so that what is urgent stays as its own story says. By order id.
 */
export function demoMatters(orders: readonly Order[], launch: Instant): ReadonlyMap<string, readonly Matter[]> {
  const routine = orders.filter(
    (one) => one.site !== null && one.priority === 'routine' && (one.authoredOn ?? launch) < launch,
  );
  // The demo account `site` is the desk of this one: its page shall have something of everything.
  const home = routine.filter((one) => one.site?.id === demoSites.larkspur.id);
  const away = routine.filter((one) => one.site?.id !== demoSites.larkspur.id);
  const [first, second = first] = home;
  const turn = (kind: QuestionKind): Order | undefined =>
    kind === 'side' ? first : kind === 'history' ? second : (away.shift() ?? first);
  const found = new Map<string, readonly Matter[]>();
  const add = (order: Order | undefined, make: (subject: Subject) => readonly Matter[]): void => {
    if (order?.site == null) return;
    const subject = {
      taskId: taskIdOfOrder(order.id),
      orderId: order.id,
      siteId: order.site.id,
      patientReference: order.patientReference,
      desk: { id: deriveId('demo-desk', [order.site.id], sha256), name: `${order.site.name}, desk` },
      ago: (count: number): Instant => instant(Math.max(order.authoredOn ?? 0, after(launch, minutes(-count)))),
    };
    found.set(order.id, [...(found.get(order.id) ?? []), ...make(subject)]);
  };
  for (const kind of questionKinds)
    add(turn(kind), ({ ago, desk: _desk, ...subject }) => [
      questionToFhir({
        ...subject,
        id: deriveId('question', [subject.taskId, 'demo', kind], sha256),
        kind,
        words: asked[kind],
        asker: reader,
        askedAt: ago(askedAgo[kind]),
        state: { kind: 'asked' },
      }),
    ]);
  add(second, ({ ago, desk, ...subject }) => [
    callRequestToFhir({
      ...subject,
      id: deriveId('call', [subject.taskId, 'demo'], sha256),
      from: desk,
      phone: '+1-206-555-0144',
      words: 'The surgeon would like to speak before he goes home.',
      at: ago(9),
      done: null,
    }),
  ]);
  add(first, (subject) => [
    wrote(subject, 'reader', 'site', reader, 14, 'Is she still in the building? I may want one more view.', 11),
    wrote(subject, 'site', 'reader', subject.desk, 8, 'She is, until the shuttle at six. Room 2.', null),
  ]);
  add(away.shift() ?? second, (subject) => [
    wrote(subject, 'reader', 'lead', reader, 42, 'Not mine, I think: the order says breast.', 40),
    wrote(subject, 'lead', 'reader', lead, 38, 'Leave it; Ferrowdale takes it at eight.', 37),
    wrote(subject, 'reader', 'lead', reader, 3, 'The desk says it cannot wait that long.', null),
  ]);
  return found;
}

type Subject = Pick<Message, 'taskId' | 'orderId' | 'patientReference'> & {
  readonly siteId: string;
  readonly desk: Person;
  readonly ago: (minutes: number) => Instant;
};

/** A message of so many minutes ago, and when it was seen; null while nobody has. */
function wrote(
  { desk, ago, ...subject }: Subject,
  from: Party,
  to: Party,
  sender: Person,
  sent: number,
  words: string,
  seen: number | null,
): Matter {
  const addressed: Readonly<Record<Party, Person>> = { reader, lead, site: desk };
  return messageToFhir({
    ...subject,
    id: deriveId('message', [subject.taskId, 'demo', words], sha256),
    from,
    to,
    sender,
    sentAt: ago(sent),
    words,
    seen: seen === null ? null : { by: addressed[to], at: ago(seen) },
  });
}
