import ts from 'typescript';

/** A file of ours: its path from the root with `/`, and its text. */
export type Source = { readonly file: string; readonly text: string };

/** Whose file it is: a feature's, the app's, the site's pages, or what all of them share. */
export function ownerOf(file: string): string {
  const [, room = '', feature = ''] = file.split('/');
  return room === 'features' ? `features/${feature}` : room;
}

const shared = 'ui';

/** The selectors of a style sheet, one by one; comments and the steps of animations are none. */
export function selectorsOf(css: string): readonly string[] {
  const found: string[] = [];
  let depthOfKeyframes = 0;
  let depth = 0;
  for (const [, text = '', brace] of css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{};]*)([{};])/g)) {
    if (brace === '}') {
      depth -= 1;
      if (depth < depthOfKeyframes) depthOfKeyframes = 0;
    }
    if (brace !== '{') continue;
    depth += 1;
    const head = text.trim();
    if (/^@(?:-\w+-)?keyframes\b/.test(head)) depthOfKeyframes = depth;
    else if (!head.startsWith('@') && depthOfKeyframes === 0) found.push(...parted(head));
  }
  return found;
}

/** Cut at its commas, but not at those within `:is(…)`. */
function parted(list: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < list.length; at += 1) {
    if ('(['.includes(list[at] ?? '')) depth += 1;
    else if (')]'.includes(list[at] ?? '')) depth -= 1;
    else if (list[at] === ',' && depth === 0) {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, list.slice(from)].map((one) => one.trim()).filter((one) => one !== '');
}

export function classesOf(selector: string): readonly string[] {
  return [...new Set([...selector.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map(([, name = '']) => name))];
}

/** Classes that a component gives to its elements, as far as they are written out. */
export function classesGiven({ file, text }: Source): ReadonlySet<string> {
  const given = new Set<string>();
  const words = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node))
      for (const word of node.text.split(/\s+/)) given.add(word);
    ts.forEachChild(node, words);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxAttribute(node) && node.name.getText() === 'className' && node.initializer !== undefined)
      words(node.initializer);
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TSX));
  return given;
}

/**
 * Places where one part's style reaches into another's elements. A class may have the same name in two parts (`late`, `chosen`) as long
 * as each part says it together with a class that is its own; and a class that stands alone in a part's sheet is given to elements by
 * that part only. What several share is styled in `renderer/ui`.
 */
export function foreignStyles(sheets: readonly Source[], components: readonly Source[]): readonly string[] {
  const files = new Map<string, Map<string, string>>();
  const selectors = sheets.flatMap(({ file, text }) =>
    selectorsOf(text).map((selector) => ({ file, owner: ownerOf(file), selector, classes: classesOf(selector) })),
  );
  for (const { file, owner, classes } of selectors)
    for (const name of classes) files.set(name, (files.get(name) ?? new Map()).set(owner, file));

  const found: string[] = [];
  const alone = new Map<string, { readonly file: string; readonly owner: string }>();
  for (const { file, owner, selector, classes } of selectors) {
    if (owner === shared || classes.length === 0) continue;
    if (classes.length === 1) alone.set(classes[0] ?? '', { file, owner });
    if (classes.some((name) => files.get(name)?.size === 1)) continue;
    const others = classes.flatMap((name) =>
      [...(files.get(name) ?? [])].flatMap(([other, where]) => (other === owner ? [] : [`${where} (.${name})`])),
    );
    found.push(
      `${file}: “${selector}” also reaches what ${[...new Set(others)].join(', ')} styles: give it a class of its own`,
    );
  }
  for (const component of components) {
    for (const name of classesGiven(component)) {
      const styled = alone.get(name);
      if (styled === undefined || styled.owner === ownerOf(component.file)) continue;
      found.push(
        `${component.file}: its class “${name}” is styled by ${styled.file}: rename it, or style it in renderer/ui`,
      );
    }
  }
  return found;
}
