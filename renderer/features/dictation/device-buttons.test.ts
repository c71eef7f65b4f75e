import { describe, expect, it } from 'vitest';
import { type DeviceHands, type DeviceKind, handsOff, kindOfDevice, readButtons } from './device-buttons.ts';

/** What a row of reports asks for, one after the other. */
function asked(kind: DeviceKind, masks: readonly number[], from: DeviceHands = handsOff): readonly string[] {
  let hands = from;
  return masks.flatMap((mask) => {
    const read = readButtons(kind, hands, mask);
    ({ hands } = read);
    return read.presses.map(({ type }) => type);
  });
}

describe('buttons of dictation devices', () => {
  it.each<[string, DeviceKind, readonly number[], readonly string[]]>([
    ['record held on a PowerMic', 'buttons', [32, 0], ['record-down', 'record-up']],
    ['tabs on a PowerMic', 'buttons', [131_072, 0, 65_536, 0], ['next-field', 'previous-field']],
    ['a tab while record is held', 'buttons', [32, 32 + 131_072, 32, 0], ['record-down', 'next-field', 'record-up']],
    [
      'stop, forward and rewind on a SpeechMike',
      'buttons',
      [256, 0, 4, 0, 1, 0],
      ['stop', 'next-field', 'previous-field'],
    ],
    ['enter on a PowerMic', 'buttons', [1_048_576, 0], ['sign']],
    ['end of letter on a SpeechMike', 'buttons', [16_384, 0], ['sign']],
    ['command held on a SpeechMike', 'buttons', [64, 0], ['command-down', 'command-up']],
    ['buttons that mean nothing here', 'buttons', [1_024, 0, 512, 0], []],
    [
      'pedals: the middle one talks',
      'pedals',
      [2, 0, 4, 0, 1, 0],
      ['record-down', 'record-up', 'next-field', 'previous-field'],
    ],
    ['a slide put on record and on stop', 'record-slide', [256, 32, 256], ['begin', 'stop']],
    ['a slide taken from record to play', 'record-slide', [32, 2], ['begin', 'stop']],
    ['a button while the slide stands on record', 'record-slide', [32, 4, 0], ['begin', 'next-field']],
    ['rewinding by the slide moves no field', 'record-slide', [1, 256], []],
    [
      'a slide for playing: forward and back to rest',
      'play-slide',
      [256, 4, 256, 1, 256],
      ['next-field', 'previous-field'],
    ],
    [
      'record held while the other slide moves',
      'play-slide',
      [32, 4, 256, 0],
      ['record-down', 'next-field', 'record-up'],
    ],
  ])('%s', (_name, kind, masks, presses) => {
    expect(asked(kind, masks)).toEqual(presses);
  });

  it('are read by the kind of the device', () => {
    expect([4097, 3700, 3710, 3720, 6212, 2330, 0].map(kindOfDevice)).toEqual([
      ...['buttons', 'buttons', 'record-slide', 'play-slide', 'pedals', 'pedals', 'buttons'],
    ]);
  });
});
