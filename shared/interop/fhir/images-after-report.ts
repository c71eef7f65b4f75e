import type { Task, TaskInput, TaskOutput } from '@medplum/fhirtypes';
import {
  type Ending,
  type ImageDifference,
  type ImagesAfterReport,
  noChangeReasons,
  type SeriesChange,
  type SignedReport,
  stageOf,
  type Telling,
  tellingRoles,
} from '../../domain/images-after-report/index.ts';
import { type NoteAgainst, rejectionCodes } from '../../domain/rejection/index.ts';
import { fromFhirInstant, toFhirInstant } from '../../lib/instant.ts';
import {
  allFound,
  found,
  matterOf,
  matterSubject,
  matterTask,
  moment,
  momentAt,
  person,
  personAt,
  personIn,
  text,
  type,
  wordsAt,
} from './matter-task.ts';
import { at, extensionOf, isFhirId, listAt, numberAt, oneOf, referenceId, textAt } from './read.ts';

/**
 * Images after the report as an R4 Task: `requested` when raised, `received` once somebody was told (she is the `owner`), `completed` when
 * ended. `restriction.period.end` is when it has to be. The difference stands by series, in counts and digests: the list of a thousand
 * images that came is the archive's.
 */
const code = 'images-after-report';
const part = 'urn:overread:matter-part';

const count = (name: string, value: number) => ({ url: `${part}:${name}`, valueUnsignedInt: value });
const word = (name: string, value: string | null) =>
  value === null || value === '' ? [] : [{ url: `${part}:${name}`, valueString: value }];

/** R4 wants a value beside the extensions: the counts in words, for who reads the Task without us. */
function seriesInput(change: SeriesChange): TaskInput {
  return {
    type: type('series'),
    valueString: `${change.modality} +${change.added} ~${change.changed} -${change.withdrawn}`.trim(),
    extension: [
      ...word('uid', change.seriesUid),
      ...word('modality', change.modality),
      ...word('description', change.description),
      ...(change.number === null ? [] : [{ url: `${part}:number`, valueInteger: change.number }]),
      count('added', change.added),
      count('changed', change.changed),
      count('withdrawn', change.withdrawn),
    ],
  };
}

const partOf = (entry: unknown, name: string): unknown => extensionOf(entry, `${part}:${name}`);

function seriesFrom(entry: unknown): SeriesChange | null {
  const counts = ['added', 'changed', 'withdrawn'].map((name) => numberAt(partOf(entry, name), 'valueUnsignedInt'));
  const [added, changed, withdrawn] = counts;
  if (added == null || changed == null || withdrawn == null) return null;
  return {
    seriesUid: textAt(partOf(entry, 'uid'), 'valueString'),
    modality: textAt(partOf(entry, 'modality'), 'valueString') ?? '',
    description: textAt(partOf(entry, 'description'), 'valueString') ?? '',
    number: numberAt(partOf(entry, 'number'), 'valueInteger'),
    added,
    changed,
    withdrawn,
  };
}

/** UIDs of one note that a Task carries; a record may refuse a resource of many megabytes. */
const mostNamed = 5_000;

function noteInput({ noteUid, code: why, sentBy, instances }: NoteAgainst): TaskInput {
  return {
    type: type('rejection'),
    valueString: noteUid,
    extension: [
      { url: `${part}:code`, valueCode: why },
      ...word('sent-by', sentBy),
      { url: `${part}:instances`, valueString: instances.slice(0, mostNamed).join(' ') },
    ],
  };
}

function noteFrom(entry: unknown): NoteAgainst | null {
  const noteUid = textAt(entry, 'valueString');
  const why = oneOf(rejectionCodes, at(partOf(entry, 'code'), 'valueCode'));
  const instances = textAt(partOf(entry, 'instances'), 'valueString');
  if (noteUid === null || why === null || instances === null) return null;
  return {
    noteUid,
    code: why,
    sentBy: textAt(partOf(entry, 'sent-by'), 'valueString'),
    instances: instances.split(' ').filter((one) => one !== ''),
  };
}

function tellingInput({ to, as, at: when }: Telling): TaskInput {
  return {
    ...person('told', to),
    extension: [
      { url: `${part}:as`, valueCode: as },
      { url: `${part}:at`, valueInstant: toFhirInstant(when) },
    ],
  };
}

function tellingFrom(entry: unknown): Telling | null {
  const to = personIn(entry);
  const as = oneOf(tellingRoles, at(partOf(entry, 'as'), 'valueCode'));
  const when = fromFhirInstant(textAt(partOf(entry, 'at'), 'valueInstant') ?? '');
  return to === null || as === null || !when.ok ? null : { to, as, at: when.value };
}

const reportEntry = (name: string, report: SignedReport) => ({
  type: type(name),
  valueReference: { reference: `DiagnosticReport/${report.id}` },
  extension: [
    { url: `${part}:version`, valuePositiveInt: report.version },
    { url: `${part}:digest`, valueString: report.digest },
  ],
});

function reportFrom(entry: unknown): SignedReport | null {
  const id = referenceId(textAt(entry, 'valueReference', 'reference'), 'DiagnosticReport');
  const version = numberAt(partOf(entry, 'version'), 'valuePositiveInt');
  const digest = textAt(partOf(entry, 'digest'), 'valueString');
  return id === null || version === null || digest === null ? null : { id, version, digest };
}

function endingOutput(ending: Ending): TaskOutput[] {
  const by = [person('by', ending.by), moment('at', ending.at)];
  return ending.kind === 'no-change'
    ? [...by, { type: type('reason'), valueCode: ending.reason }, ...text('words', ending.words)]
    : [...by, reportEntry('report', ending.report)];
}

/** Undefined: an ending that cannot be read is no ending, and the matter no matter, rather than one that looks open. */
function endingFrom(task: unknown): Ending | null | undefined {
  if (listAt(task, 'output').length === 0 && at(task, 'status') !== 'completed') return null;
  const by = personAt(task, 'output', 'by');
  const when = momentAt(task, 'output', 'at');
  if (by === null || when === null) return undefined;
  const report = reportFrom(found(task, 'output', 'report'));
  if (report !== null) return { kind: 'report', by, at: when, report };
  const reason = oneOf(noChangeReasons, at(found(task, 'output', 'reason'), 'valueCode'));
  if (reason === null) return undefined;
  return { kind: 'no-change', by, at: when, reason, words: wordsAt(task, 'output', 'words') ?? '' };
}

const statuses = { raised: 'requested', told: 'received', ended: 'completed' } as const;

export function afterReportToFhir(item: ImagesAfterReport): Task & { readonly id: string } {
  const { difference, told, ending } = item;
  const owner = told.at(-1)?.to;
  const task = matterTask(item, code, statuses[stageOf(item)], [
    { type: type('study'), valueString: item.studyUid },
    reportEntry('report', item.report),
    person('signer', item.signer),
    ...text('due-by', item.dueBy),
    ...text('difference', difference.digest),
    ...text('present', difference.presentDigest),
    moment('changed-at', item.changedAt),
    ...difference.series.map(seriesInput),
    ...(difference.notes ?? []).map(noteInput),
    ...told.map(tellingInput),
  ]);
  return {
    ...task,
    id: item.id,
    authoredOn: toFhirInstant(item.since),
    ...(owner === undefined ? {} : { owner: { reference: `Practitioner/${owner.id}`, display: owner.name } }),
    restriction: { period: { end: toFhirInstant(item.due) } },
    ...(ending === null ? {} : { output: endingOutput(ending) }),
  };
}

/** Images after a report as the record holds them; null for other Tasks, and for half of one. */
export function afterReportFromFhir(task: unknown): ImagesAfterReport | null {
  const subject = matterSubject(task);
  if (matterOf(task) !== code || subject === null || !isFhirId(subject.id)) return null;
  const studyUid = wordsAt(task, 'input', 'study');
  const report = reportFrom(found(task, 'input', 'report'));
  const signer = personAt(task, 'input', 'signer');
  const since = fromFhirInstant(textAt(task, 'authoredOn') ?? '');
  const due = fromFhirInstant(textAt(task, 'restriction', 'period', 'end') ?? '');
  const changedAt = momentAt(task, 'input', 'changed-at');
  const difference = differenceFrom(task);
  const ending = endingFrom(task);
  const told = allFound(task, 'input', 'told').map(tellingFrom);
  if (studyUid === null || report === null || signer === null || !since.ok || !due.ok || changedAt === null)
    return null;
  if (difference === null || ending === undefined || told.includes(null)) return null;
  return {
    ...subject,
    studyUid,
    report,
    signer,
    since: since.value,
    due: due.value,
    dueBy: wordsAt(task, 'input', 'due-by') ?? '',
    difference,
    changedAt,
    told: told.flatMap((one) => one ?? []),
    ending,
  };
}

function differenceFrom(task: unknown): ImageDifference | null {
  const digest = wordsAt(task, 'input', 'difference');
  const presentDigest = wordsAt(task, 'input', 'present');
  const series = allFound(task, 'input', 'series').map(seriesFrom);
  const notes = allFound(task, 'input', 'rejection').map(noteFrom);
  if (digest === null || presentDigest === null || series.includes(null) || notes.includes(null)) return null;
  return {
    digest,
    presentDigest,
    series: series.flatMap((one) => one ?? []),
    ...(notes.length === 0 ? {} : { notes: notes.flatMap((one) => one ?? []) }),
  };
}
