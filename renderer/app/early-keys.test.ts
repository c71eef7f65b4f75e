import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command, KeyPress } from '../ui/index.ts';
import { meantBy } from './early-keys.ts';

const command = (id: string): Command => ({ id, title: id, group: 'Test', keys: null, run: () => undefined });
const list: Readonly<Record<string, Command>> = {
  '/': command('worklist.filter'),
  'Ctrl+k': command('app.palette'),
  l: command('worklist.look'),
  n: command('worklist.next-best'),
  Enter: command('worklist.read'),
};
const find = (press: KeyPress): Command | null => list[`${press.ctrl ? 'Ctrl+' : ''}${press.key}`] ?? null;
const press = (key: string): KeyPress => ({
  key: key.replace('Ctrl+', ''),
  ctrl: key.startsWith('Ctrl+'),
  alt: false,
  shift: false,
  meta: false,
  inText: false,
});
const typed = (...keys: readonly string[]) => {
  const meant = meantBy(keys.map(press), find);
  return meant === null ? null : [meant.command.id, meant.words];
};

describe('keys pressed before the list is there', () => {
  test('the key of the filter opens it and what follows is its text', () => {
    expect(typed('/', 'l', 'e', 'n')).toEqual(['worklist.filter', 'len']);
  });
  test('Ctrl+K opens the palette with its words; what was mistyped and taken back is not in them', () => {
    expect(typed('Ctrl+k', 's', 'i', 'x', 'Backspace', 'g')).toEqual(['app.palette', 'sig']);
  });
  test('Enter confirms nothing that she has not seen, and what comes after it is dropped', () => {
    expect(typed('/', 'l', 'Enter', 'Enter', 'n')).toEqual(['worklist.filter', 'l']);
  });
  test('keys of the list do nothing, alone or before the filter', () => {
    expect(typed('l', 'n', 'Enter')).toBeNull();
    expect(typed('Enter', 'l', '/', 'n')).toEqual(['worklist.filter', 'n']);
  });
  test('whatever is typed, no study is read, looked at or chosen by it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('/', 'l', 'n', 'Enter', 'Ctrl+k', 'Backspace', 'ArrowDown', 'x')),
        (keys) => {
          const meant = meantBy(keys.map(press), find);
          if (meant === null) {
            expect(keys).not.toContain('/');
            expect(keys).not.toContain('Ctrl+k');
            return;
          }
          expect(['worklist.filter', 'app.palette']).toContain(meant.command.id);
          expect(meant.words).not.toMatch(/Enter|Arrow/);
        },
      ),
    );
  });
});
