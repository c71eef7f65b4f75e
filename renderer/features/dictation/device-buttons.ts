/** What a reader asks for by a button of a dictation device. */
export type DevicePress =
  /** Held: talk while it is held. Pressed: begins, and ends with the next press. */
  | { readonly type: 'record-down' }
  | { readonly type: 'record-up' }
  /** Held: what is said is a command. */
  | { readonly type: 'command-down' }
  | { readonly type: 'command-up' }
  /** A slide that stays where it is put. */
  | { readonly type: 'begin' }
  | { readonly type: 'stop' }
  | { readonly type: 'next-field' }
  | { readonly type: 'previous-field' }
  /** Opens the confirmation and no more. */
  | { readonly type: 'sign' };

/** Bits of dictation_support's `ButtonEvent`. */
const bits = {
  rewind: 1,
  play: 2,
  forward: 4,
  record: 32,
  command: 64,
  stop: 256,
  endOfLetter: 16_384,
  tabBackward: 65_536,
  tabForward: 131_072,
  enter: 1_048_576,
} as const;

/**
 * How the buttons of a device are to be read. SpeechMikes with a slide report slide and buttons apart, so that a bit that is missing in a
 * report was not always let go of: `record-slide` (record, stop, play and rewind are places of the slide), `play-slide` (forward, stop,
 * play and rewind are).
 */
export type DeviceKind = 'buttons' | 'record-slide' | 'play-slide' | 'pedals';

/** dictation_support's `DeviceType` values of SpeechMikes with a slide, by the kind of it. */
const recordSlides: ReadonlySet<number> = new Set([3210, 3310, 3510, 3610, 3710, 3810, 4010]);
const playSlides: ReadonlySet<number> = new Set([3220, 3520, 3720]);
const pedals: ReadonlySet<number> = new Set([6212, 2330]);

export function kindOfDevice(deviceType: number): DeviceKind {
  if (recordSlides.has(deviceType)) return 'record-slide';
  if (playSlides.has(deviceType)) return 'play-slide';
  return pedals.has(deviceType) ? 'pedals' : 'buttons';
}

const slideBits: Readonly<Record<DeviceKind, number>> = {
  buttons: 0,
  pedals: 0,
  'record-slide': bits.record | bits.stop | bits.play | bits.rewind,
  'play-slide': bits.forward | bits.stop | bits.play | bits.rewind,
};

/** Bits that are down: of the slide, and of the buttons. */
export type DeviceHands = { readonly slide: number; readonly buttons: number };
export const handsOff: DeviceHands = { slide: 0, buttons: 0 };

/** What a report of a device asks for, after what was down before it. */
export function readButtons(
  kind: DeviceKind,
  before: DeviceHands,
  mask: number,
): { readonly hands: DeviceHands; readonly presses: readonly DevicePress[] } {
  const ofSlide = mask & slideBits[kind];
  // A slide always stands somewhere: a report without any place of it is one of the buttons.
  const hands =
    slideBits[kind] !== 0 && ofSlide !== 0
      ? { slide: ofSlide, buttons: before.buttons }
      : { slide: before.slide, buttons: mask };
  const down = (bit: number): boolean => (hands.buttons & ~before.buttons & bit) !== 0;
  const up = (bit: number): boolean => (~hands.buttons & before.buttons & bit) !== 0;
  const slid = (bit: number): boolean => (hands.slide & ~before.slide & bit) !== 0;
  const presses: DevicePress[] = [];
  const add = (is: boolean, type: DevicePress['type']): void => {
    if (is) presses.push({ type });
  };
  if (kind === 'record-slide') {
    add(slid(bits.record), 'begin');
    add((before.slide & bits.record) !== 0 && (hands.slide & bits.record) === 0, 'stop');
  } else {
    const record = kind === 'pedals' ? bits.play : bits.record;
    add(down(record), 'record-down');
    add(up(record), 'record-up');
    // The slide of a play-slide rests on stop: coming back there asks for nothing.
    if (kind === 'buttons') add(down(bits.stop), 'stop');
  }
  add(down(bits.command), 'command-down');
  add(up(bits.command), 'command-up');
  const forward = bits.tabForward | (kind === 'play-slide' ? 0 : bits.forward);
  const backward = bits.tabBackward | (kind === 'buttons' || kind === 'pedals' ? bits.rewind : 0);
  add(down(forward) || (kind === 'play-slide' && slid(bits.forward)), 'next-field');
  add(down(backward) || (kind === 'play-slide' && slid(bits.rewind)), 'previous-field');
  add(down(bits.endOfLetter) || down(bits.enter), 'sign');
  return { hands, presses };
}
