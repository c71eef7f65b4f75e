import type { Order, OrderId, Site } from '../../../shared/domain/order/index.ts';
import { reportSections } from '../../../shared/domain/report/index.ts';
import type {
  AccessionNumber,
  InstanceUid,
  PatientIdentity,
  SeriesUid,
  StudyUid,
} from '../../../shared/domain/study/index.ts';
import { type Instant, instant, millis, minutes } from '../../../shared/lib/instant.ts';
import { demoSites, npi, orderers, type Person, type PersonKey, people, type SiteKey, siteMarks } from './cast.ts';
import type { SeriesDraft } from './exam-kinds.ts';
import { transferSyntaxes } from './part10-writer.ts';
import { barFor } from './picture.ts';
import { hash32, uidFrom } from './random.ts';
import { arrivalScript } from './script-arrivals.ts';
import { defectScript } from './script-defects.ts';
import { elsewhereScript } from './script-elsewhere.ts';
import { linkedScript } from './script-linked.ts';
import { priorScript } from './script-priors.ts';
import { projectionScript } from './script-projections.ts';
import { reportedScript } from './script-reported.ts';
import { sectionScript } from './script-sections.ts';
import type { CurrentScript, PriorScript } from './script-types.ts';
import { secondaryCapture, sopClassOf } from './sop-classes.ts';
import type { Arrival, DemoDay, DemoInstance, DemoSeries, DemoStudy, PriorReport, ReportedStudy } from './types.ts';

export type DemoDayOptions = {
  /** Launch; every time of the day is told from it. */
  readonly now: Instant;
  readonly seed: number;
  /** Sites in place of the invented five, by key; ids and zones go into orders and images. */
  readonly zonedSites?: { readonly [Key in SiteKey]?: Site };
};

const procedureSystem = 'https://demo.overread.example/procedures';
const diagnosisSystem = 'http://hl7.org/fhir/sid/icd-10-cm';
const day = 24 * 60;
const currentScript: readonly CurrentScript[] = [
  ...sectionScript,
  ...projectionScript,
  ...defectScript,
  ...linkedScript,
  ...arrivalScript,
  ...reportedScript,
];

/**
 * The whole demo reading day as plain values, without pixels. Same seed and same launch, same day to the last UID; another launch has
 * other UIDs and accessions, because its dates differ and an instance never changes its content. Patients and their ids depend on
 * the seed alone.
 */
export function generateDemoDay(options: DemoDayOptions): DemoDay {
  const { now, seed } = options;
  const launch = `${seed}|${now}`;
  const sites = { ...demoSites, ...options.zonedSites };
  const orders: Order[] = [];
  const studies: DemoStudy[] = [];
  const arrivals: Arrival[] = [];
  const reports: PriorReport[] = [];
  const reported: ReportedStudy[] = [];
  const run = 1000 + (hash32(`${launch}|run`) % 9000);

  const add = (
    number: number,
    script: CurrentScript | PriorScript,
    role: DemoStudy['role'],
    orderedAt: Instant,
    performedAt: Instant,
    current: CurrentScript | null,
  ): { study: DemoStudy; order: Order } => {
    const site = sites[script.site];
    const mark = siteMarks[script.site];
    const person: Person = people[script.person];
    const accession = `${mark.prefix}-${run}${String(number).padStart(2, '0')}` as AccessionNumber;
    const patient: PatientIdentity = {
      id: patientId(seed, script.person, script.site),
      issuer: mark.issuer,
      name: ('name' in script ? script.name : undefined) ?? person.name,
      birthDate: person.birthDate,
      sex: person.sex,
    };
    const says = current?.imagesSay;
    const wrong = current?.orderSays;
    const orderId = `order-${hash32(`${launch}|order|${number}`).toString(16).padStart(8, '0')}-${number}` as OrderId;
    const orderer = orderers[hash32(`${seed}|orderer|${script.person}`) % orderers.length] ?? {
      name: 'Dr A. Sorrelwood',
      npi: npi('299900027'),
    };
    const procedure = { system: procedureSystem, code: script.exam.code, display: script.exam.description };
    const series = script.exam.series.map((draft, index) => seriesFrom(launch, number, index + 1, draft));
    const hasOrder = current === null || current.orderAt !== null;
    const instanceCount = series.reduce((sum, one) => sum + one.instances.length, 0);
    const study: DemoStudy = {
      number,
      studyUid: uidFrom(`${launch}|study|${number}`) as StudyUid,
      role,
      patient: {
        ...patient,
        name: says?.name ?? patient.name,
        birthDate: says?.birthDate === undefined ? patient.birthDate : says.birthDate,
        sex: says?.sex ?? patient.sex,
      },
      ...(current === null || person.birthName === undefined ? {} : { birthName: person.birthName }),
      accession: hasOrder ? accession : null,
      orderId: hasOrder ? orderId : null,
      site,
      modality: script.exam.modality,
      description: script.exam.description,
      procedure,
      bodyPart: script.exam.bodyPart,
      laterality: script.exam.laterality,
      referrer: orderer.name,
      performedAt,
      transferSyntax: script.syntax,
      transferSyntaxUid: transferSyntaxes[script.syntax],
      instanceCount,
      series,
      seed: `${seed}|${script.person}|${script.exam.bodyPart}`,
    };
    const order: Order = {
      id: orderId,
      status: role === 'prior' ? 'completed' : 'active',
      patient: { ...patient, name: wrong?.name ?? patient.name, sex: wrong?.sex ?? patient.sex },
      patientReference: `patient-${hash32(`${seed}|${script.person}|${script.site}`).toString(16).padStart(8, '0')}`,
      accession,
      placerNumber: `${mark.prefix}-P${run}${String(number).padStart(2, '0')}`,
      procedure: {
        ...procedure,
        code: wrong?.code ?? procedure.code,
        display: wrong?.description ?? procedure.display,
      },
      modality: script.exam.modality,
      bodyPart: script.exam.bodyPart,
      laterality: wrong?.laterality ?? script.exam.laterality,
      reason: wrong?.reason ?? script.reason,
      reasonCodes: (current?.diagnoses ?? []).map(([code, display]) => ({ system: diagnosisSystem, code, display })),
      priority: current?.priority ?? 'routine',
      site,
      orderedBy: orderer,
      authoredOn: orderedAt,
      expectedInstances: current?.announced === false ? null : instanceCount,
      requestedReport: current?.requested ?? 'final',
    };
    studies.push(study);
    if (hasOrder) orders.push(order);
    return { study, order };
  };

  const reportedScripts: {
    readonly script: CurrentScript;
    readonly reported: NonNullable<CurrentScript['reported']>;
    readonly study: DemoStudy;
    readonly order: Order;
  }[] = [];
  for (const [index, script] of currentScript.entries()) {
    const orderedAt = instant(now - minutes(script.orderedMinutesAgo));
    const { study, order } = add(
      index + 1,
      script,
      'current',
      orderedAt,
      instant(now - minutes(script.performedMinutesAgo)),
      script,
    );
    if (script.orderAt !== null)
      arrivals.push({ kind: 'order', after: millis((script.orderAt ?? 0) * 1000), orderId: order.id });
    if (script.reported !== undefined) reportedScripts.push({ script, reported: script.reported, study, order });
    let from = 0;
    for (const batch of script.imagesAt ?? [{ seconds: 0, upTo: 'all' as const }]) {
      const to = batch.upTo === 'all' ? study.instanceCount : Math.min(batch.upTo, study.instanceCount);
      arrivals.push({ kind: 'images', after: millis(batch.seconds * 1000), studyUid: study.studyUid, from, to });
      from = to;
    }
  }
  for (const one of reportedScripts) {
    const followUps = (one.reported.followUps ?? []).map(({ says, doneBy }) => {
      const exam = reportedScripts.find(
        ({ script }) => script.person === one.script.person && script.performedMinutesAgo === (doneBy ?? -1) * day,
      );
      return { says, doneBy: exam?.study ?? null };
    });
    reported.push({ ...reportedOf(one.reported, one.script.reason, one.study, one.order, now), followUps });
  }
  for (const [index, script] of [...priorScript, ...elsewhereScript].entries()) {
    const performedAt = instant(now - minutes(script.daysAgo * day + 37 * (index + 1)));
    const orderedAt = instant(performedAt - minutes(90));
    const { study, order } = add(currentScript.length + index + 1, script, 'prior', orderedAt, performedAt, null);
    arrivals.push({ kind: 'order', after: millis(0), orderId: order.id });
    if (script.images !== false)
      arrivals.push({ kind: 'images', after: millis(0), studyUid: study.studyUid, from: 0, to: study.instanceCount });
    reports.push(reportOf(script, study, order));
  }
  arrivals.sort((a, b) => a.after - b.after);
  return { seed, now, sites: Object.values(sites), orders, reports, reported, studies, arrivals };
}

/** A patient's id at a site: the same at every launch of one seed. */
function patientId(seed: number, person: PersonKey, site: SiteKey): string {
  return `${siteMarks[site].prefix[0]}${100_000 + (hash32(`${seed}|patient|${person}|${site}`) % 900_000)}`;
}

function seriesFrom(launch: string, study: number, number: number, draft: SeriesDraft): DemoSeries {
  const instances = Array.from({ length: draft.count }, (_, index): DemoInstance => {
    const { recipe } = draft;
    const view =
      recipe.kind === 'radiograph'
        ? (recipe.views[index] ?? null)
        : recipe.kind === 'breast'
          ? `${draft.side ?? ''}${recipe.view}`
          : null;
    return {
      instanceUid: uidFrom(`${launch}|instance|${study}|${number}|${index + 1}`) as InstanceUid,
      sopClassUid:
        recipe.kind === 'breast' && recipe.film === true ? secondaryCapture : sopClassOf(draft.modality, draft.frames),
      number: index + 1,
      frames: draft.frames,
      side: draft.side,
      view,
      bar: barFor(draft.width, draft.height, draft.spacing),
    };
  });
  return {
    number,
    seriesUid: uidFrom(`${launch}|series|${study}|${number}`) as SeriesUid,
    modality: draft.modality,
    description: draft.description,
    width: draft.width,
    height: draft.height,
    spacing: draft.spacing,
    side: draft.side,
    recipe: draft.recipe,
    instances,
  };
}

function reportedOf(
  script: NonNullable<CurrentScript['reported']>,
  reason: string,
  study: DemoStudy,
  order: Order,
  now: Instant,
): Omit<ReportedStudy, 'followUps'> {
  const texts: { readonly [code: string]: string } = {
    '55752-0': reason,
    '55111-9': script.technique,
    '18834-2': 'None.',
    '59776-5': script.findings,
    '19005-8': script.impression,
  };
  return {
    studyUid: study.studyUid,
    orderId: order.id,
    covered: script.covered,
    waits: script.waits === true,
    signedAt: instant(now - minutes(script.minutesAgo)),
    sections: reportSections.map(({ code, title }) => ({ code, title, text: texts[code] ?? '' })),
  };
}

function reportOf(script: PriorScript, study: DemoStudy, order: Order): PriorReport {
  const texts: { readonly [code: string]: string } = {
    '55752-0': script.reason,
    '55111-9': script.report.technique,
    '18834-2': script.report.comparison,
    '59776-5': script.report.findings,
    '19005-8': script.report.impression,
  };
  return {
    studyUid: study.studyUid,
    orderId: order.id,
    accession: order.accession ?? ('' as AccessionNumber),
    sections: reportSections.map(({ code, title }) => ({ code, title, text: texts[code] ?? '' })),
    signerName: script.signer,
    issued: instant(study.performedAt + minutes(74)),
  };
}
