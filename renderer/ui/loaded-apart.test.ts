import { createElement, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { Apart, type PartApart, partApart } from './loaded-apart.tsx';

const Words = ({ of }: { readonly of: string }) => createElement('p', null, `the words of ${of}`);
const shown = (part: PartApart<{ of: string }>): string =>
  renderToString(
    createElement(Suspense, { fallback: 'waiting' }, createElement(Apart<{ of: string }>, { part, of: 'Ann' })),
  );

describe('a part of the screen whose code comes apart', () => {
  test('stands at once where it was loaded ahead', async () => {
    const part = partApart<{ of: string }>(async () => Words);
    await part.load();
    expect(shown(part)).toContain('the words of Ann');
    expect(shown(part)).not.toContain('waiting');
  });

  test('has something in its place while it comes, and stands from then on', async () => {
    let bring: (part: typeof Words) => void = () => undefined;
    let asked = 0;
    const part = partApart<{ of: string }>(() => {
      asked += 1;
      return new Promise((resolve) => {
        bring = resolve;
      });
    });
    expect(shown(part)).toContain('waiting');
    const loading = part.load();
    bring(Words);
    await loading;
    expect(shown(part)).toContain('the words of Ann');
    expect(asked).toBeLessThanOrEqual(2);
  });
});
