import type { Utterance } from '../../../shared/domain/dictation/index.ts';

export type HeldButtons = {
  hold(button: 'record' | 'command', down: boolean): void;
  /** An utterance began: what is held now counts for all of it, though it is let go of before its words come. */
  began(): void;
  /** For the utterance whose words have come. */
  ofUtterance(): Utterance['held'];
};

/** Which button of a device is held while an utterance begins: all of it is then words, or all of it a command (spec, B5). */
export function createHeldButtons(): HeldButtons {
  const down = { record: false, command: false };
  let held: Utterance['held'] = 'nothing';
  return {
    hold: (button, isDown) => {
      down[button] = isDown;
    },
    began: () => {
      held = down.command ? 'command' : down.record ? 'record' : 'nothing';
    },
    ofUtterance: () => held,
  };
}
