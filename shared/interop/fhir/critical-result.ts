import type { Communication, Extension } from '@medplum/fhirtypes';
import {
  type Attempt,
  type CriticalEnding,
  type CriticalResult,
  caregiverRoles,
  contactWays,
  criticalDue,
  criticalLevels,
  criticalOrigins,
  type HandOver,
  type Rung,
  rungRoles,
} from '../../domain/critical/index.ts';
import { fromFhirInstant, millis, toFhirInstant } from '../../lib/instant.ts';
import { all, extensionParts } from './extension-parts.ts';
import { at, codeIn, extensionOf, isFhirId, listAt, numberAt, referenceId, textAt } from './read.ts';
import { ours } from './systems.ts';

/**
 * A critical result as an R4 Communication (spec/standards.md 4.1): `in-progress` until a person who can act has read it back, then
 * `completed` with `received`; `stopped` when it was handed to follow-up, `entered-in-error` when it was begun by mistake. `payload` is
 * the finding in the reader's words. What R4 has no place for - level, limit, ladder, attempts, the read-back's parts - stands in
 * extensions, one of each fact, so that `If-Match` decides between two who close it.
 */
const kind = 'urn:overread:critical-result';
const {
  field,
  word,
  code,
  moment,
  person,
  group,
  stamped,
  partOf,
  wordsIn,
  momentIn,
  personOf,
  codeOf,
  groupsOf,
  stampFrom,
} = extensionParts(kind);

const priorities = { 1: 'stat', 2: 'urgent', 3: 'routine' } as const;

function statusOf({ ending }: CriticalResult): NonNullable<Communication['status']> {
  if (ending === null) return 'in-progress';
  return ({ closed: 'completed', delegated: 'stopped', mistaken: 'entered-in-error' } as const)[ending.kind];
}

const rungGroup = ({ role, name, phone }: Rung): Extension =>
  group('rung', [code('role', role), ...word('name', name), ...word('phone', phone ?? '')]);

const attemptGroup = (one: Attempt): Extension =>
  group('attempt', [
    ...stamped(one),
    ...(one.rung === null ? [] : [code('role', one.rung)]),
    ...word('whom', one.whom),
    code('way', one.way),
    ...word('words', one.words),
  ]);

const handOverGroup = ({ id, to, by, at: when }: HandOver): Extension =>
  group('hand-over', [...word('id', id), person('to', to), person('by', by), moment('at', when)]);

function endingGroup(ending: CriticalEnding): Extension {
  const parts = [...stamped(ending), code('kind', ending.kind)];
  switch (ending.kind) {
    case 'closed': {
      const { who, role, callBack, way, canAct, words } = ending.readBack;
      return group('ending', [
        ...parts,
        ...word('who', who),
        code('role', role),
        ...word('call-back', callBack),
        code('way', way),
        { url: field('can-act'), valueBoolean: canAct },
        ...word('words', words),
      ]);
    }
    case 'delegated':
      return group('ending', [
        ...parts,
        ...word('who', ending.to.name),
        ...word('as', ending.to.role),
        ...word('call-back', ending.to.phone),
        ...word('words', ending.words),
      ]);
    case 'mistaken':
      return group('ending', [...parts, ...word('words', ending.words)]);
  }
}

export function criticalToFhir(result: CriticalResult): Communication & { readonly id: string } {
  const { ending, identifiedBy } = result;
  return {
    resourceType: 'Communication',
    id: result.id,
    status: statusOf(result),
    category: [
      {
        coding: [
          { system: kind, code: 'critical-result' },
          { system: 'http://loinc.org', code: '73568-8', display: 'Communication of critical results' },
        ],
      },
    ],
    priority: priorities[result.level],
    about: [{ reference: `Task/${result.taskId}` }],
    ...(result.orderId === null ? {} : { basedOn: [{ reference: `ServiceRequest/${result.orderId}` }] }),
    ...(result.patientReference === null ? {} : { subject: { reference: `Patient/${result.patientReference}` } }),
    sender: { reference: `Practitioner/${identifiedBy.id}`, display: identifiedBy.name },
    sent: toFhirInstant(result.identifiedAt),
    ...(ending?.kind === 'closed' ? { received: toFhirInstant(ending.at) } : {}),
    payload: [{ contentString: result.finding }],
    extension: [
      ...(result.siteId === null
        ? []
        : [{ url: ours.site, valueReference: { reference: `Organization/${result.siteId}` } }]),
      { url: field('level'), valuePositiveInt: result.level },
      { url: field('limit-seconds'), valuePositiveInt: Math.max(1, Math.round(result.limit / 1_000)) },
      moment('due', criticalDue(result)),
      code('origin', result.origin),
      ...word('agreed-by', result.agreedBy),
      ...result.ladder.map(rungGroup),
      ...result.attempts.map(attemptGroup),
      ...result.handOvers.map(handOverGroup),
      ...(ending === null ? [] : [endingGroup(ending)]),
    ],
  };
}

function rungFrom(entry: unknown): Rung | null {
  const role = codeOf(entry, 'role', rungRoles);
  const phone = wordsIn(entry, 'phone');
  return role === null ? null : { role, name: wordsIn(entry, 'name'), phone: phone === '' ? null : phone };
}

function attemptFrom(entry: unknown): Attempt | null {
  const stamp = stampFrom(entry);
  const way = codeOf(entry, 'way', contactWays);
  if (stamp === null || way === null) return null;
  const rung = codeOf(entry, 'role', rungRoles);
  return { ...stamp, rung, whom: wordsIn(entry, 'whom'), way, words: wordsIn(entry, 'words') };
}

function handOverFrom(entry: unknown): HandOver | null {
  const id = wordsIn(entry, 'id');
  const [to, by] = [personOf(entry, 'to'), personOf(entry, 'by')];
  const when = momentIn(entry, 'at');
  return id === '' || to === null || by === null || when === null ? null : { id, to, by, at: when };
}

/** Undefined: an ending that cannot be read is no ending, and the matter no matter, rather than one that looks open. */
function endingFrom(resource: unknown): CriticalEnding | null | undefined {
  const [entry] = groupsOf(resource, 'ending');
  if (entry === undefined) return at(resource, 'status') === 'in-progress' ? null : undefined;
  const stamp = stampFrom(entry);
  if (stamp === null) return undefined;
  const [who, callBack, words] = [wordsIn(entry, 'who'), wordsIn(entry, 'call-back'), wordsIn(entry, 'words')];
  switch (codeOf(entry, 'kind', ['closed', 'delegated', 'mistaken'] as const)) {
    case 'closed': {
      const role = codeOf(entry, 'role', caregiverRoles);
      const way = codeOf(entry, 'way', contactWays);
      const canAct = at(partOf(entry, 'can-act'), 'valueBoolean') === true;
      if (role === null || way === null) return undefined;
      return { kind: 'closed', ...stamp, readBack: { who, role, callBack, way, canAct, words } };
    }
    case 'delegated':
      return { kind: 'delegated', ...stamp, to: { name: who, role: wordsIn(entry, 'as'), phone: callBack }, words };
    case 'mistaken':
      return { kind: 'mistaken', ...stamp, words };
    case null:
      return undefined;
  }
}

/** A critical result as the record holds it; null for Communications of others, and for half of one. */
export function criticalFromFhir(resource: unknown): CriticalResult | null {
  if (at(resource, 'resourceType') !== 'Communication') return null;
  if (!listAt(resource, 'category').some((one) => codeIn(one, kind) === 'critical-result')) return null;
  const id = textAt(resource, 'id');
  const taskId = referenceId(textAt(resource, 'about', 0, 'reference'), 'Task');
  const level = criticalLevels.find((one) => one === numberAt(partOf(resource, 'level'), 'valuePositiveInt'));
  const seconds = numberAt(partOf(resource, 'limit-seconds'), 'valuePositiveInt');
  const sent = fromFhirInstant(textAt(resource, 'sent') ?? '');
  const senderId = referenceId(textAt(resource, 'sender', 'reference'), 'Practitioner');
  const finding = textAt(resource, 'payload', 0, 'contentString');
  const origin = codeOf(resource, 'origin', criticalOrigins);
  const ladder = all(groupsOf(resource, 'rung'), rungFrom);
  const attempts = all(groupsOf(resource, 'attempt'), attemptFrom);
  const handOvers = all(groupsOf(resource, 'hand-over'), handOverFrom);
  const ending = endingFrom(resource);
  if (id === null || !isFhirId(id) || taskId === null || level === undefined || seconds === null || !sent.ok)
    return null;
  if (senderId === null || finding === null || origin === null || ending === undefined) return null;
  if (ladder === null || attempts === null || handOvers === null) return null;
  return {
    id,
    taskId,
    orderId: referenceId(textAt(resource, 'basedOn', 0, 'reference'), 'ServiceRequest'),
    siteId: referenceId(textAt(extensionOf(resource, ours.site), 'valueReference', 'reference'), 'Organization'),
    patientReference: referenceId(textAt(resource, 'subject', 'reference'), 'Patient'),
    level,
    finding,
    origin,
    identifiedBy: { id: senderId, name: textAt(resource, 'sender', 'display') ?? '' },
    identifiedAt: sent.value,
    limit: millis(seconds * 1_000),
    agreedBy: wordsIn(resource, 'agreed-by'),
    ladder,
    attempts,
    handOvers,
    ending,
  };
}
