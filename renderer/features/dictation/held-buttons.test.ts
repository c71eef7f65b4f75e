import { expect, it } from 'vitest';
import { createHeldButtons } from './held-buttons.ts';

it('what is held while an utterance begins counts for all of it, and for no other', () => {
  const held = createHeldButtons();
  held.began();
  expect(held.ofUtterance()).toBe('nothing');
  held.hold('command', true);
  // Pressed in the middle of words: they stay words.
  expect(held.ofUtterance()).toBe('nothing');
  held.began();
  held.hold('command', false);
  expect(held.ofUtterance()).toBe('command');
  held.began();
  expect(held.ofUtterance()).toBe('nothing');
});

it('the command button goes before record', () => {
  const held = createHeldButtons();
  held.hold('record', true);
  held.began();
  expect(held.ofUtterance()).toBe('record');
  held.hold('command', true);
  held.began();
  expect(held.ofUtterance()).toBe('command');
});
