import type { RejectionCode } from '../../shared/domain/rejection/index.ts';
import { type BuiltElement, buildPart10 } from './part10.ts';

/** A Key Object Selection that rejects instances of one series (IHE IOCM), as a site's archive or modality writes it. */
export function buildRejectionNote(note: {
  readonly study: string;
  readonly series: string;
  readonly instances: readonly string[];
  readonly noteUid: string;
  readonly code: RejectionCode | '113000';
  readonly patientId: string;
  readonly patientName: string;
  readonly more?: readonly BuiltElement[];
}): Uint8Array {
  const named = note.instances.map((uid): readonly BuiltElement[] => [
    ['00081150', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
    ['00081155', 'UI', uid],
  ]);
  return buildPart10([
    ['00080005', 'CS', 'ISO_IR 192'],
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.88.59'],
    ['00080018', 'UI', note.noteUid],
    ['00080020', 'DA', '20261120'],
    ['00080023', 'DA', '20261121'],
    ['00080030', 'TM', '101500'],
    ['00080033', 'TM', '120000'],
    ['00080050', 'SH', 'A-1'],
    ['00080060', 'CS', 'KO'],
    ['00080070', 'LO', 'Quality desk'],
    ['00080080', 'LO', 'Larkspur'],
    ['00100010', 'PN', note.patientName],
    ['00100020', 'LO', note.patientId],
    ['00100021', 'LO', 'QUILLBACK'],
    ['00100030', 'DA', '19710505'],
    ['00100040', 'CS', 'F'],
    ['0020000D', 'UI', note.study],
    ['0020000E', 'UI', `${note.series}.900`],
    ['00200011', 'IS', '900'],
    ['00200013', 'IS', '1'],
    ['0040A040', 'CS', 'CONTAINER'],
    [
      '0040A043',
      'SQ',
      [
        [
          ['00080100', 'SH', note.code],
          ['00080102', 'SH', 'DCM'],
          ['00080104', 'LO', 'Rejected'],
        ],
      ],
    ],
    [
      '0040A375',
      'SQ',
      [
        [
          [
            '00081115',
            'SQ',
            [
              [
                ['00081199', 'SQ', named],
                ['0020000E', 'UI', note.series],
              ],
            ],
          ],
          ['0020000D', 'UI', note.study],
        ],
      ],
    ],
    ['0040A050', 'CS', 'SEPARATE'],
    ...(note.more ?? []),
  ]);
}
