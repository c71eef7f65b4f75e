import { ctAbdomen, radiographs } from './exam-kinds.ts';
import type { PriorScript } from './script-types.ts';

const small = { size: 256, slices: 24 } as const;
const knee = (side: 'L' | 'R') =>
  radiographs({
    modality: 'DX',
    part: 'knee',
    bodyPart: 'KNEE',
    code: 'XRKNEE2',
    views: ['knee-ap', 'knee-lateral'],
    side,
    finding: 'none',
  });

/** Earlier exams at another place than the one that orders now: under a birth name, of a stranger, spelt otherwise, as a report alone. */
export const elsewhereScript: readonly PriorScript[] = [
  {
    person: 'petrelsen',
    name: 'Thistlewood^Astrid',
    site: 'saltflat',
    exam: knee('R'),
    syntax: 'jpeg-ls',
    daysAgo: 640,
    reason: 'Pain after a run.',
    signer: 'Dr P. Sandlark',
    report: {
      technique: 'Knee, two views.',
      comparison: 'None.',
      findings: 'Joint spaces kept. No fracture. Small effusion.',
      impression: 'Small effusion. No fracture.',
    },
  },
  {
    person: 'petrelsen',
    name: 'Thistlewood^Astrid',
    site: 'pinemark',
    exam: knee('L'),
    syntax: 'jpeg-ls',
    images: false,
    daysAgo: 2200,
    reason: 'Fall.',
    signer: 'Dr J. Ferncastle',
    report: {
      technique: 'Knee, two views.',
      comparison: 'None.',
      findings: 'No fracture. Joint spaces kept.',
      impression: 'No fracture.',
    },
  },
  {
    person: 'petrelsenStranger',
    site: 'cedar',
    exam: knee('R'),
    syntax: 'jpeg-ls',
    daysAgo: 300,
    reason: 'Fall.',
    signer: 'Dr K. Larkfield',
    report: {
      technique: 'Knee, two views.',
      comparison: 'None.',
      findings: 'Knee prosthesis, well seated.',
      impression: 'Prosthesis without loosening.',
    },
  },
  {
    person: 'kestrelov',
    name: 'Kestrelow^Danil',
    site: 'larkspur',
    exam: ctAbdomen('none', false, 1.1, small),
    syntax: 'jpeg-ls',
    daysAgo: 510,
    reason: 'Flank pain.',
    signer: 'Dr C. Woldt',
    report: {
      technique: 'CT abdomen and pelvis without contrast.',
      comparison: 'None.',
      findings: 'No stone. Kidneys of normal size.',
      impression: 'No stone, no obstruction.',
    },
  },
];
