import type { Priority } from '../../../shared/domain/order/index.ts';
import {
  type DatedContract,
  type SiteProfile,
  usualArrival,
  usualDelivery,
} from '../../../shared/domain/site/index.ts';
import type { ExpectedSeries } from '../../../shared/domain/study/index.ts';
import { defaultContract, type OpenHours, weekdays } from '../../../shared/domain/turnaround/index.ts';
import { after, type Instant, type Millis, millis, minutes } from '../../../shared/lib/instant.ts';
import { demoSites, type SiteKey } from './cast.ts';

const due = (stat: number, asap: number, urgent: number, routine: number): Readonly<Record<Priority, Millis>> => ({
  stat: minutes(stat),
  asap: minutes(asap),
  urgent: minutes(urgent),
  unknown: minutes(urgent),
  routine: minutes(routine),
});

const officeHours: OpenHours = {
  spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '18:00' }],
  holidays: ['2026-11-26', '2026-12-25', '2027-01-01'],
};
const always: OpenHours = { spans: [{ days: [...weekdays], from: '00:00', to: '24:00' }], holidays: [] };
const inOfficeHours = { ...defaultContract.calendar, routine: 'hours' } as const;

/** Of those that make mammograms; their reports name city, state, ZIP code and telephone (21 CFR 900.12(c)(1)). Invented. */
const addresses: Partial<Readonly<Record<SiteKey, string>>> = {
  cedar: 'Cedar Hollow, OH 43999, +1-614-555-0163',
  pinemark: 'Pinemark, ME 04999, +1-207-555-0110',
};

const strokeAndTrauma = [
  { name: 'Stroke', words: ['stroke', 'code stroke', 'lvo'] },
  { name: 'Trauma', words: ['trauma alert', 'level 1 trauma'] },
];

const expected = (name: string, modality: string, words: readonly string[], images: number | null) =>
  ({ name, modality, words, images }) satisfies ExpectedSeries;

/**
 * What the five invented sites agreed with the invented group, each otherwise, so that the list shows what a contract does: a hospital
 * with a stroke line, one that pauses while its questions are unanswered, an imaging centre that counts office hours, an orthopaedic
 * office that counts filing, and a breast clinic with days. They began a month before the launch.
 */
export function demoProfiles(launch: Instant): readonly SiteProfile[] {
  const begun = after(launch, millis(-30 * 86_400_000));
  const contract = (name: string, rest: Partial<DatedContract>): DatedContract => ({
    ...defaultContract,
    name,
    validFrom: begun,
    ...rest,
  });
  const profile = (
    key: SiteKey,
    agreed: Pick<SiteProfile, 'hours' | 'contracts' | 'issue' | 'contacts' | 'codes'> &
      Partial<Pick<SiteProfile, 'arrival' | 'delivery'>>,
  ) => ({
    site: { ...demoSites[key], ...(addresses[key] === undefined ? {} : { address: addresses[key] }) },
    delivery: usualDelivery,
    defects: {},
    retentionDays: 10 * 365,
    keptOnHostDays: 90,
    arrival: usualArrival,
    displayCheckDays: {},
    siteAliases: { issuers: [], unidentified: [] },
    ...agreed,
    contacts: [...agreed.contacts, { role: 'lead' as const, name: 'Reading group, lead', phone: '+1-303-555-0100' }],
  });
  const desk = (key: SiteKey) => ({ role: 'desk' as const, name: 'Front desk', phone: demoSites[key].phone });
  return [
    profile('larkspur', {
      hours: always,
      contracts: [
        contract('Larkspur nights and days', {
          due: due(30, 60, 120, 24 * 60),
          dueByModality: { CT: due(20, 45, 90, 12 * 60) },
        }),
      ],
      issue: { preliminary: true, final: true, fromAbroad: 'preliminary' },
      contacts: [
        desk('larkspur'),
        { role: 'on-call', name: 'Emergency physician on call', phone: '+1-206-555-0142' },
        { role: 'it', name: 'Imaging systems', phone: '+1-206-555-0143' },
      ],
      codes: strokeAndTrauma,
    }),
    profile('saltflat', {
      hours: always,
      contracts: [contract('Saltflat emergency reads', { due: due(45, 75, 180, 24 * 60), pauses: ['question'] })],
      issue: { preliminary: true, final: true, fromAbroad: 'none' },
      contacts: [desk('saltflat'), { role: 'on-call', name: 'House physician', phone: '+1-801-555-0123' }],
      codes: strokeAndTrauma,
      arrival: {
        quietMinutes: 5,
        finalWaits: false,
        protocols: [
          {
            name: 'MR knee routine',
            codes: ['MRKNEEWOL', 'MRKNEEWOR'],
            modality: 'MR',
            series: [
              expected('Sagittal PD fat sat', 'MR', ['sagittal pd'], 17),
              expected('Coronal T1', 'MR', ['coronal t1'], 12),
              expected('Axial PD fat sat', 'MR', ['axial pd'], 12),
            ],
          },
        ],
      },
    }),
    profile('cedar', {
      hours: officeHours,
      contracts: [
        contract('Cedar Hollow outpatients', {
          due: due(60, 120, 240, 8 * 60),
          pauses: ['question.patient', 'question.views', 'question.prior', 'hold'],
          calendar: inOfficeHours,
        }),
      ],
      issue: { preliminary: false, final: true, fromAbroad: 'final' },
      contacts: [desk('cedar')],
      codes: [],
      arrival: {
        quietMinutes: 5,
        finalWaits: false,
        protocols: [
          {
            name: 'CT chest, two kernels',
            codes: ['CTCHESTWO'],
            modality: 'CT',
            series: [expected('Soft tissue', 'CT', ['soft tissue'], null), expected('Lung', 'CT', ['lung'], null)],
          },
        ],
      },
    }),
    profile('quillback', {
      hours: officeHours,
      contracts: [
        contract('Quillback walk-in films', {
          due: due(30, 60, 120, 10 * 60),
          stop: 'filed',
          calendar: inOfficeHours,
        }),
      ],
      issue: { preliminary: false, final: true, fromAbroad: 'final' },
      contacts: [desk('quillback'), { role: 'covering', name: 'Covering surgeon', phone: '+1-216-555-0188' }],
      codes: [],
    }),
    profile('pinemark', {
      hours: officeHours,
      contracts: [
        contract('Pinemark breast imaging', {
          due: due(60, 4 * 60, 8 * 60, 22 * 60),
          pauses: ['question'],
          calendar: inOfficeHours,
        }),
      ],
      issue: { preliminary: false, final: true, fromAbroad: 'none' },
      contacts: [desk('pinemark')],
      codes: [],
    }),
  ];
}
