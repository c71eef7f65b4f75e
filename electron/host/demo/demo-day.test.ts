import { describe, expect, it } from 'vitest';
import { fitToRead } from '../../../shared/domain/order/index.ts';
import { samePerson } from '../../../shared/domain/prior/index.ts';
import { protocolOf, protocolStanding, type Study } from '../../../shared/domain/study/index.ts';
import { instant } from '../../../shared/lib/instant.ts';
import { generateDemoDay } from './demo-day.ts';
import { demoProfiles } from './demo-profiles.ts';
import { elsewhereScript } from './script-elsewhere.ts';
import type { DemoDay } from './types.ts';

const now = instant(Date.parse('2026-11-22T10:14:00Z'));
const day = generateDemoDay({ now, seed: 1 });
const current = day.studies.filter((study) => study.role === 'current');
const orderOf = (id: string | null) => day.orders.find((order) => order.id === id);

function samePersonName(
  study: { readonly patient: { readonly name: string } },
  prior: typeof study | undefined,
): boolean {
  return study.patient.name.split('^')[1] === prior?.patient.name.split('^')[1];
}

/** Orders and instances that are there some seconds after launch. */
function there(of: DemoDay, seconds: number): { orders: Set<string>; images: Map<string, number> } {
  const orders = new Set<string>();
  const images = new Map<string, number>();
  for (const arrival of of.arrivals) {
    if (arrival.after > seconds * 1000) continue;
    if (arrival.kind === 'order') orders.add(arrival.orderId);
    else images.set(arrival.studyUid, (images.get(arrival.studyUid) ?? 0) + arrival.to - arrival.from);
  }
  return { orders, images };
}

describe('the demo reading day', () => {
  it('has at least 26 current studies and 6 priors with reports, at 5 sites in 4 states, of every promised modality', () => {
    expect(current.length).toBeGreaterThanOrEqual(26);
    expect(day.reports.length).toBeGreaterThanOrEqual(6);
    expect(new Set(current.map((study) => study.site.id)).size).toBe(5);
    expect(new Set(current.map((study) => study.site.state)).size).toBe(4);
    expect(new Set(current.map((study) => study.modality))).toEqual(new Set(['CR', 'DX', 'CT', 'MR', 'US', 'MG']));
    expect(new Set(current.map((study) => study.transferSyntax)).size).toBe(9);
    expect(
      current.some((study) =>
        study.series.some((series) => series.modality === 'US' && series.instances.some((one) => one.frames > 10)),
      ),
    ).toBe(true);
  });

  it('is the same day for the same seed and launch, and another at another launch', () => {
    expect(generateDemoDay({ now, seed: 1 })).toEqual(day);
    const later = generateDemoDay({ now: instant(now + 1), seed: 1 });
    const uids = new Set(day.studies.map((study) => study.studyUid));
    expect(later.studies.some((study) => uids.has(study.studyUid))).toBe(false);
    const other = generateDemoDay({ now, seed: 2 });
    expect(other.studies[0]?.patient.id).not.toBe(day.studies[0]?.patient.id);
    expect(later.studies[0]?.patient.id).toBe(day.studies[0]?.patient.id);
  });

  it('names everything once: UIDs under 2.25, accessions of 16 letters at most, case numbers without gaps', () => {
    const uids = day.studies.flatMap((study) => [
      study.studyUid,
      ...study.series.flatMap((series) => [series.seriesUid, ...series.instances.map((one) => one.instanceUid)]),
    ]);
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
    const accessions = day.orders.map((order) => order.accession ?? '');
    expect(new Set(accessions).size).toBe(accessions.length);
    for (const accession of accessions) expect(accession).toMatch(/^[A-Z0-9-]{5,16}$/);
    for (const order of day.orders) expect(order.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
    expect(day.studies.map((study) => study.number)).toEqual(day.studies.map((_, index) => index + 1));
  });

  it('gives every order but one a reason, ICD-10-CM codes for the day, and an orderer whose NPI has the right check digit', () => {
    expect(day.orders.filter((order) => order.reason === '')).toHaveLength(1);
    for (const order of day.orders) {
      const digits = [...`80840${order.orderedBy?.npi ?? ''}`].reverse().map(Number);
      const sum = digits.reduce(
        (total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2),
        0,
      );
      expect([order.orderedBy?.npi?.length, sum % 10]).toEqual([10, 0]);
    }
    for (const study of current) {
      for (const code of orderOf(study.orderId)?.reasonCodes ?? [])
        expect(code.code).toMatch(/^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/);
    }
  });

  it('has something urgent, something late, something waiting for images, one without an order and one incomplete', () => {
    const launch = there(day, 0);
    const priorities = current.map((study) => orderOf(study.orderId)?.priority);
    expect(priorities).toContain('stat');
    const lateStat = current.find(
      (study) => orderOf(study.orderId)?.priority === 'stat' && now - study.performedAt > 60 * 60_000,
    );
    expect(lateStat).toBeDefined();
    const waiting = current.filter(
      (study) => study.orderId !== null && launch.orders.has(study.orderId) && !launch.images.has(study.studyUid),
    );
    expect(waiting.length).toBeGreaterThanOrEqual(1);
    expect(current.filter((study) => study.orderId === null && launch.images.has(study.studyUid))).toHaveLength(1);
    const hour = there(day, 3600);
    expect(
      current.some(
        (study) =>
          (hour.images.get(study.studyUid) ?? 0) > 0 &&
          (hour.images.get(study.studyUid) ?? 0) < (orderOf(study.orderId)?.expectedInstances ?? 0),
      ),
    ).toBe(true);
  });

  it('has a routine study that comes bit by bit, a STAT with its first image, and one that is complete by its site’s protocol', () => {
    const launch = there(day, 0);
    const [routine, stat, silent] = ['Pondermere', 'Gallowglen', 'Inkersole'].map((name) => {
      const study = current.find((one) => one.patient.name.startsWith(name));
      const order = orderOf(study?.orderId ?? null);
      if (study === undefined || order === undefined) throw new Error(name);
      return { study, order, here: launch.images.get(study.studyUid) ?? 0 };
    });
    expect([routine?.order.priority, routine?.here, routine?.order.expectedInstances]).toEqual(['routine', 6, 24]);
    expect([stat?.order.priority, stat?.here, stat?.order.expectedInstances]).toEqual(['stat', 1, 24]);
    expect([silent?.order.priority, silent?.here, silent?.order.expectedInstances]).toEqual(['routine', 41, null]);
    for (const { study } of [routine, stat, silent].flatMap((one) => one ?? []))
      expect(there(day, 900).images.get(study.studyUid)).toBe(study.instanceCount);
    const profile = demoProfiles(now).find((one) => one.site.id === silent?.study.site.id);
    const exam = { code: silent?.study.procedure.code ?? '', modality: 'MR' };
    const protocol = protocolOf(profile?.arrival.protocols ?? [], exam);
    const series = silent?.study.series.map((one) => ({ ...one, images: one.instances.length })) ?? [];
    expect(protocol === null ? null : protocolStanding(protocol, series)).toMatchObject({ whole: true, counted: true });
  });

  it('looks different a minute after launch, and again after three and ten', () => {
    const moments = [0, 20, 45, 60, 180, 600].map((seconds) =>
      JSON.stringify([...there(day, seconds).orders].concat([...there(day, seconds).images].map(String))),
    );
    expect(new Set(moments).size).toBe(moments.length);
  });

  it('brings each instance once, and in order', () => {
    const reached = new Map<string, number>();
    for (const arrival of day.arrivals) {
      if (arrival.kind === 'order') continue;
      expect(arrival.from).toBe(reached.get(arrival.studyUid) ?? 0);
      expect(arrival.to).toBeGreaterThan(arrival.from);
      reached.set(arrival.studyUid, arrival.to);
    }
    for (const study of day.studies) expect(reached.get(study.studyUid) ?? 0).toBeLessThanOrEqual(study.instanceCount);
  });

  it('has one patient whose birth date differs, one spelled otherwise and one under an alias, always with the same id', () => {
    const differing = current.filter((study) => {
      const order = orderOf(study.orderId);
      return (
        order !== undefined &&
        (order.patient.name !== study.patient.name || order.patient.birthDate !== study.patient.birthDate)
      );
    });
    expect(differing).toHaveLength(3);
    for (const study of differing) expect(orderOf(study.orderId)?.patient.id).toBe(study.patient.id);
  });

  it('has four orders that are not fit to read, each by one fault, and images that are as they should be', () => {
    const faults = current.flatMap((study) => {
      const order = orderOf(study.orderId);
      if (order === undefined) return [];
      const of: Study = {
        archive: 'demo',
        studyUid: study.studyUid,
        patient: study.patient,
        accession: study.accession,
        modalities: [study.modality],
        description: study.description,
        bodyPart: study.bodyPart,
        laterality: null,
        studyDate: null,
        studyTime: null,
        institution: null,
        seriesCount: study.series.length,
        instanceCount: study.instanceCount,
      };
      const series = study.series.map((one) => ({
        modality: one.modality,
        description: one.description,
        bodyPart: study.bodyPart,
        sides: one.side === null ? [] : [one.side],
        contrast: one.recipe.kind === 'ct' && one.recipe.contrast ? ('given' as const) : null,
        agent: null,
        instances: one.instances.length,
        age: null,
      }));
      const { checks } = fitToRead(order, { study: of, owners: [of], facts: { series, whole: true } });
      const found = checks.filter((check) => check.state === 'defect').map((check) => check.code);
      return found.length === 0 ? [] : [`${study.description}: ${found.join(', ')}`];
    });
    expect(faults.sort()).toEqual([
      'CR chest, 2 views: reason',
      'CT abdomen pelvis with contrast: contrast',
      // Two that are there for other checks too: a birth date that differs, and with it a hip without a side.
      'DX pelvis and hip, 2 views: patient-birth-date, side',
      'DX right knee, 2 views: side',
      'US pelvis, transvaginal: patient-exam',
    ]);
  });

  it('keeps a patient under one id and issuer at a site, so that priors are found', () => {
    for (const report of day.reports.slice(0, -elsewhereScript.length)) {
      const prior = day.studies.find((study) => study.studyUid === report.studyUid);
      const now = current.find(
        (study) => study.patient.id === prior?.patient.id && study.patient.issuer === prior?.patient.issuer,
      );
      expect(now, report.accession).toBeDefined();
      expect(report.sections.map((section) => section.code)).toEqual([
        '55752-0',
        '55111-9',
        '18834-2',
        '59776-5',
        '19005-8',
      ]);
      expect(report.issued).toBeLessThan(day.now);
    }
  });

  it('has earlier exams at other places: one under a birth name, one as a report alone, one spelt otherwise, one of a stranger', () => {
    const found = day.reports.slice(-elsewhereScript.length).map((report) => {
      const prior = day.studies.find((study) => study.studyUid === report.studyUid);
      const now = current.find(
        (study) =>
          /^(Petrelsen|Kestrelov)/.test(study.patient.name) && study.modality !== 'DX' && samePersonName(study, prior),
      );
      if (prior === undefined || now === undefined) throw new Error('no such exam');
      expect(prior.patient.issuer).not.toBe(now.patient.issuer);
      const images = day.arrivals.some((one) => one.kind === 'images' && one.studyUid === prior.studyUid);
      const birthName = now.birthName === undefined ? [] : [now.birthName];
      const of = (patient: typeof now.patient, otherNames: readonly string[]) => ({
        ...patient,
        otherNames,
        otherIds: [],
      });
      return [samePerson(of(now.patient, birthName), of(prior.patient, [])).verdict, images];
    });
    expect(found).toEqual([
      ['same', true],
      ['same', false],
      ['not-the-same', true],
      ['probable', true],
    ]);
  });

  it('takes the sites and zones it is given in place of its own', () => {
    const site = { id: 'elsewhere', name: 'Elsewhere', state: 'MT', zone: 'America/Boise', phone: null };
    const moved = generateDemoDay({ now, seed: 1, zonedSites: { saltflat: site } });
    expect(moved.sites).toContainEqual(site);
    expect(moved.studies.filter((study) => study.site.id === 'elsewhere').length).toBe(
      day.studies.filter((study) => study.site.id === 'site-saltflat').length,
    );
  });
});
