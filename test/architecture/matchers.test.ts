import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const folders = ['electron', 'renderer', 'scripts', 'shared', 'test'];

/** What stands between a parenthesis and its counterpart. */
function within(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') {
      depth -= 1;
      if (depth === 0) return text.slice(from, at);
    }
  }
  return text.slice(from);
}

test('no object is matched against a bare pattern: Vitest takes any text for it, and the test cannot fail', () => {
  const found: string[] = [];
  for (const folder of folders)
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(test|e2e)\.tsx?$/.test(name) || name.includes('node_modules')) continue;
      const text = readFileSync(join(root, folder, name), 'utf8');
      for (const match of text.matchAll(/\btoMatchObject\(/g))
        if (/[A-Za-z'"]\s*:\s*\/[^/*\s]/.test(within(text, match.index + match[0].length - 1)))
          found.push(`${folder}/${name}:${text.slice(0, match.index).split('\n').length}`);
    }
  expect(found).toEqual([]);
});
