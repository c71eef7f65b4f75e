import type { Site } from '../../../shared/domain/order/index.ts';
import type { Sex } from '../../../shared/domain/study/index.ts';

/** Invented places. Phone numbers are of the 555-01xx range that is kept for fiction. */
export const demoSites = {
  larkspur: {
    id: 'site-larkspur',
    name: 'Larkspur General',
    state: 'WA',
    zone: 'America/Los_Angeles',
    phone: '+1-206-555-0141',
  },
  saltflat: {
    id: 'site-saltflat',
    name: 'Saltflat Regional',
    state: 'UT',
    zone: 'America/Denver',
    phone: '+1-801-555-0122',
  },
  cedar: {
    id: 'site-cedar-hollow',
    name: 'Cedar Hollow Imaging',
    state: 'OH',
    zone: 'America/New_York',
    phone: '+1-614-555-0163',
  },
  quillback: {
    id: 'site-quillback',
    name: 'Quillback Orthopaedics',
    state: 'OH',
    zone: 'America/New_York',
    phone: '+1-216-555-0187',
  },
  pinemark: {
    id: 'site-pinemark',
    name: 'Pinemark Women’s Health',
    state: 'ME',
    zone: 'America/New_York',
    phone: '+1-207-555-0110',
  },
} as const satisfies { readonly [key: string]: Site };
export type SiteKey = keyof typeof demoSites;

/** Letters before accession and patient numbers of a site, and the assigner of its patient ids. */
export const siteMarks: { readonly [Key in SiteKey]: { readonly prefix: string; readonly issuer: string } } = {
  larkspur: { prefix: 'LKG', issuer: 'LARKSPUR-MPI' },
  saltflat: { prefix: 'SFR', issuer: 'SALTFLAT-MPI' },
  cedar: { prefix: 'CHI', issuer: 'CEDARHOLLOW-MPI' },
  quillback: { prefix: 'QBO', issuer: 'QUILLBACK-MPI' },
  pinemark: { prefix: 'PMW', issuer: 'PINEMARK-MPI' },
};

export type Person = {
  readonly name: string;
  readonly birthDate: string;
  readonly sex: Sex;
  /** Patient's Birth Name (0010,1005), where the images carry one. */
  readonly birthName?: string;
};

/** Invented people; none is meant for anybody living or dead. */
export const people = {
  quillfeather: { name: 'Quillfeather^Ottoline', birthDate: '19520309', sex: 'F' },
  saltmarsh: { name: 'Saltmarsh-Abara^Idris', birthDate: '19611120', sex: 'M' },
  tanabrook: { name: 'Tanabrook^Haru=棚小川^陽=タナブルック^ハル', birthDate: '19880702', sex: 'M' },
  villaluz: { name: 'Villaluz-Arden^Inés', birthDate: '19790115', sex: 'F' },
  okonvale: { name: 'Okonvale^Adaeze', birthDate: '19940528', sex: 'F' },
  thimblewick: { name: 'Thimblewick^Bram', birthDate: '19470911', sex: 'M' },
  nightjar: { name: 'Nightjar^Soraya', birthDate: '20011203', sex: 'F' },
  lakowicz: { name: 'Łąkowicz-Fenn^Zofia', birthDate: '19680419', sex: 'F' },
  raventhorpe: { name: 'Raventhorpe^Cyprian', birthDate: '19550830', sex: 'M' },
  mistlebrook: { name: 'Mistlebrook^Anh', birthDate: '19830222', sex: 'M' },
  oduvale: { name: 'Oduvale^Kwesi', birthDate: '19901008', sex: 'M' },
  winterquay: { name: 'Winterquay^Maeve', birthDate: '19750614', sex: 'F' },
  farrowmere: { name: 'Farrowmere^Luca', birthDate: '20130327', sex: 'M' },
  chandrahollow: { name: 'Chandrahollow^Mira', birthDate: '19591201', sex: 'F' },
  petrelsen: { name: 'Petrelsen^Astrid', birthDate: '19710505', sex: 'F', birthName: 'Thistlewood^Astrid' },
  /** Another person of the same name: her exams must never stand beside those of the other. */
  petrelsenStranger: { name: 'Petrelsen^Astrid', birthDate: '19710515', sex: 'F' },
  kestrelov: { name: 'Kestrelov^Danil', birthDate: '19640717', sex: 'M' },
  brambleyard: { name: 'Brambleyard^Tove', birthDate: '19990909', sex: 'F' },
  marrowgate: { name: 'Marrowgate^Elspeth', birthDate: '19441112', sex: 'F' },
  santorello: { name: 'Santorello-Pike^Gia', birthDate: '19860303', sex: 'F' },
  umberfield: { name: 'Umberfield^Noor', birthDate: '19920821', sex: 'F' },
  driftwood: { name: 'Driftwood-Sato^Ken', birthDate: '19580606', sex: 'M' },
  muellerfern: { name: 'Müllerfern^Jörg', birthDate: '19570423', sex: 'M' },
  hollowell: { name: 'Hollowell-Nkemba^Joy', birthDate: '19810925', sex: 'F' },
  copperdale: { name: 'Copperdale^Rafael', birthDate: '19730404', sex: 'M' },
  lanternby: { name: 'Lanternby^Aoife', birthDate: '20091030', sex: 'F' },
  kettlewright: { name: 'Kettlewright^Orson', birthDate: '19700707', sex: 'M' },
  fenwright: { name: 'Fenwright^Dalia', birthDate: '19840109', sex: 'F' },
  featherstone: {
    name: 'Featherstonehope-Vanderquillen^Maximiliana Theodosia^Clementine',
    birthDate: '19660218',
    sex: 'F',
  },
  iveswood: { name: 'Iveswood^Leilani', birthDate: '19961102', sex: 'F' },
  juniperez: { name: 'Juniperez^Mateo', birthDate: '19780813', sex: 'M' },
  kelpmoor: { name: 'Kelpmoor^Hana', birthDate: '19530320', sex: 'F' },
  sablewright: { name: 'Sablewright^Corin', birthDate: '19620811', sex: 'M' },
  thornapple: { name: 'Thornapple^Edda', birthDate: '19490130', sex: 'F' },
  wrenfield: { name: 'Wrenfield^Tobiah', birthDate: '19560502', sex: 'M' },
  ashgrove: { name: 'Ashgrove^Imre', birthDate: '19910418', sex: 'F' },
  hazelbourne: { name: 'Hazelbourne^Ivo', birthDate: '19690317', sex: 'M' },
  pondermere: { name: 'Pondermere^Isolde', birthDate: '19630926', sex: 'F' },
  gallowglen: { name: 'Gallowglen^Rufus', birthDate: '19771014', sex: 'M' },
  inkersole: { name: 'Inkersole^Marit', birthDate: '19850219', sex: 'F' },
  sedgewater: { name: 'Sedgewater^Petronel', birthDate: '19630925', sex: 'F' },
  larkhaven: { name: 'Larkhaven^Osei', birthDate: '19870629', sex: 'M' },
  ambleford: { name: 'Ambleford^Rosalind', birthDate: '19520716', sex: 'F' },
  corvindale: { name: 'Corvindale^Aldous', birthDate: '19480221', sex: 'M' },
} as const satisfies { readonly [key: string]: Person };
export type PersonKey = keyof typeof people;

/** Invented orderers; the numbers have the right check digit and begin with 2, which no issued NPI does. */
export const orderers = [
  { name: 'Dr Y. Brackenridge', npi: npi('299900013') },
  { name: 'Dr A. Sorrelwood', npi: npi('299900027') },
  { name: 'Dr T. Okaforde', npi: npi('299900031') },
  { name: 'Dr H. Lindqvale', npi: npi('299900049') },
  { name: 'PA-C R. Mosswell', npi: npi('299900056') },
  { name: 'Dr E. Castellmoor', npi: npi('299900062') },
] as const;

/** Nine digits with their check digit: Luhn over 80840 and the digits (CMS, NPI check digit calculation). */
export function npi(nine: string): string {
  let sum = 24;
  for (const [index, character] of [...nine].reverse().entries()) {
    const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return `${nine}${(10 - (sum % 10)) % 10}`;
}
