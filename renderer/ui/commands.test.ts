import { expect, test } from 'vitest';
import { type Command, createCommandRegistry, type KeyPress, keyConflicts, pressName } from './commands.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  alt: false,
  shift: false,
  meta: false,
  inText: false,
  ...more,
});

const command = (id: string, keys: string | null, more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'Test',
  keys,
  run: () => undefined,
  ...more,
});

test.each([
  [press('n'), 'N'],
  [press('N', { shift: true }), 'N'],
  [press('?', { shift: true }), '?'],
  [press(' '), 'Space'],
  [press('k', { ctrl: true }), 'Ctrl+K'],
  [press('k', { meta: true }), 'Ctrl+K'],
  [press('K', { ctrl: true, shift: true }), 'Ctrl+Shift+K'],
  [press('Tab', { shift: true }), 'Shift+Tab'],
  [press('F9'), 'F9'],
])('a press of %j is named %s', (pressed, name) => {
  expect(pressName(pressed)).toBe(name);
});

test('single letters act only outside text; function keys, Escape and modified keys act everywhere', () => {
  const registry = createCommandRegistry();
  registry.add([command('next', 'N'), command('sign', 'F12'), command('back', 'Escape'), command('find', 'Ctrl+K')]);
  expect(registry.find(press('n'))?.id).toBe('next');
  expect(registry.find(press('n', { inText: true }))).toBeNull();
  expect(registry.find(press('F12', { inText: true }))?.id).toBe('sign');
  expect(registry.find(press('Escape', { inText: true }))?.id).toBe('back');
  expect(registry.find(press('k', { ctrl: true, inText: true }))?.id).toBe('find');
});

test('the newest screen wins a shared key, and gives it back when it goes', () => {
  const registry = createCommandRegistry();
  registry.add([command('list.look', 'L')]);
  const leave = registry.add([command('images.window', 'L')]);
  expect(registry.find(press('l'))?.id).toBe('images.window');
  leave();
  expect(registry.find(press('l'))?.id).toBe('list.look');
});

test('a command that is off leaves its key to the one below', () => {
  const registry = createCommandRegistry();
  registry.add([command('below', 'U')]);
  registry.add([command('above', 'U', { enabled: () => false })]);
  expect(registry.find(press('u'))?.id).toBe('below');
});

test('the user’s own keys take the place of ours, an empty one takes the key away, conflicts are named', () => {
  const registry = createCommandRegistry();
  const commands = [command('next', 'N'), command('look', 'L')];
  registry.add(commands);
  registry.setKeys({ next: 'L', look: '' });
  expect(registry.find(press('n'))).toBeNull();
  expect(registry.find(press('l'))?.id).toBe('next');
  expect(registry.keysOf('look')).toBeNull();
  expect([...keyConflicts(commands, { next: 'L' })]).toEqual([['L', ['next', 'look']]]);
  expect(keyConflicts(commands, registry.keyMap()).size).toBe(0);
});
