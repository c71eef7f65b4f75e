import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classesGiven, foreignStyles, type Source, selectorsOf } from './class-names.ts';
import { root } from './tree.ts';

function sources(ending: string): readonly Source[] {
  return readdirSync(join(root, 'renderer'), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && one.name.endsWith(ending) && !one.name.includes('.test.'))
    .map((one) => relative(root, join(one.parentPath, one.name)).split(sep).join('/'))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

const viewer = 'renderer/features/viewer/viewer.css';
const app = 'renderer/app/app.css';

describe('a class name', () => {
  it('that two parts style is told with both files', () => {
    // Once the reference lines over an image and the strip of lines below it had one name: the strip let the hand through.
    const [first, ...rest] = foreignStyles(
      [
        { file: viewer, text: '.lines { pointer-events: none; }' },
        { file: app, text: '.lines.strip > .lines-stack { position: absolute; }' },
      ],
      [],
    );
    expect(first).toContain(viewer);
    expect(first).toContain(app);
    expect(rest).toEqual([]);
  });

  it('may be of two parts where each says whose it is, and may be shared from the design system', () => {
    const sheets = [
      { file: 'renderer/ui/controls.css', text: '.button { color: red; } .mark.dot { width: 1px; }' },
      { file: viewer, text: '.series.chosen, .series .button { color: red; }' },
      { file: app, text: '@media (min-width: 1px) { .palette .chosen { color: red; } }' },
    ];
    expect(foreignStyles(sheets, [])).toEqual([]);
    expect(
      foreignStyles([...sheets, { file: 'renderer/features/report/report.css', text: '.button { color: blue; }' }], []),
    ).toEqual([expect.stringContaining('renderer/ui/controls.css (.button)')]);
  });

  it('that one part styles alone is not given to elements of another', () => {
    const sheets = [{ file: viewer, text: '.measure { pointer-events: none; } .series .held { color: red; }' }];
    const list = 'renderer/features/report/list.tsx';
    expect(
      foreignStyles(sheets, [{ file: list, text: 'const a = <p className={`row ${late ? "measure" : "held"}`} />;' }]),
    ).toEqual([expect.stringMatching(/report\/list\.tsx.*“measure”.*viewer\.css/)]);
    expect(
      foreignStyles(sheets, [
        { file: 'renderer/features/viewer/a.tsx', text: 'const a = <p className="measure" />;' },
        { file: list, text: 'const measure = "measure";' },
      ]),
    ).toEqual([]);
  });

  it('is read from sheets as they are written', () => {
    expect(
      selectorsOf(
        '/* .no {} */ @keyframes turn { from { top: 0 } 50% { top: 1px } } a:is(.b, .c) > d, .e[x="1,2"] { top: 0; }\n@media print { .f { top: 0 } } .g { top: 0 }',
      ),
    ).toEqual(['a:is(.b, .c) > d', '.e[x="1,2"]', '.f', '.g']);
    expect([...classesGiven({ file: 'a.tsx', text: '<p className="a b"><b title="c" /></p>' })]).toEqual(['a', 'b']);
  });
});

describe('the page', () => {
  it('styles nothing of one part from another', () => {
    const [sheets, components] = [sources('.css'), sources('.tsx')];
    // A look at nothing would find nothing.
    expect(sheets.length).toBeGreaterThan(20);
    expect(components.length).toBeGreaterThan(100);
    expect(foreignStyles(sheets, components)).toEqual([]);
  });
});
