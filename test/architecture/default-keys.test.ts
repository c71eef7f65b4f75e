import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { viewerKeys } from '../../renderer/features/viewer/viewer-commands.ts';
import { commandsOf, keyClashes, type NamedCommand } from './default-keys.ts';
import { root, sourceFiles } from './tree.ts';

/** The images' keys stand in a table of their own. */
const viewerFile = 'renderer/features/viewer/viewer-commands.ts';

function allCommands(): readonly NamedCommand[] {
  const named = sourceFiles()
    .filter((file) => file.startsWith('renderer/') && !/\.test\.tsx?$/.test(file) && file !== viewerFile)
    .flatMap((file) => commandsOf(file, readFileSync(join(root, file), 'utf8')));
  return [...named, ...viewerKeys.map(([id, , keys]) => ({ id, keys, file: viewerFile }))];
}

describe('the default keys', () => {
  const commands = allCommands();

  it('are found: list, images, report and the page each have theirs', () => {
    const ids = commands.map((one) => one.id);
    for (const known of ['worklist.filter', 'images.cine', 'report.sign-final', 'app.next-study', 'study.pass'])
      expect(ids).toContain(known);
    expect(new Set(ids).size, 'two commands of one id would share one place in the key map').toBe(ids.length);
  });

  it('do one thing in each place', () => {
    expect(keyClashes(commands)).toEqual([]);
  });

  it('clash when one is planted: with the page in every place, with the list only there, and with the grid', () => {
    const planted = (file: string, keys: string) =>
      keyClashes([...commands, ...commandsOf(file, `{ id: 'planted', title: 'x', keys: '${keys}', run }`)]);
    expect(planted('renderer/features/board/board.tsx', 'Alt+N')).toEqual([
      'Alt+N in the list: app.next-study, planted',
      'Alt+N in the case: app.next-study, planted',
    ]);
    expect(planted('renderer/features/worklist/more.tsx', 'Q')).toEqual(['Q in the list: worklist.desk, planted']);
    expect(planted('renderer/features/report/more.tsx', 'Q')).toEqual([
      'Q in the case: images.window.soft-tissue, planted',
    ]);
    expect(planted('renderer/features/worklist/more.tsx', 'Home')).toEqual([
      'Home in the list: the grid itself, planted',
    ]);
  });

  it('are not taken unseen: keys that are no literal, or without an id, are refused', () => {
    expect(() => commandsOf('a.tsx', "{ id: 'a', title: 'x', keys: chosen, run }")).toThrow(/no literal/);
    expect(() => commandsOf('a.tsx', "{ title: 'x', keys: 'F9', run }")).toThrow(/belong to a command/);
  });
});
