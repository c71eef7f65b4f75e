import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { thirdPartyNotices } from './third-party-notices.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const described = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: { readonly [name: string]: string };
  readonly devDependencies: { readonly [name: string]: string };
};

describe('the notices of what others wrote', () => {
  let notices: string;
  beforeAll(() => {
    notices = thirdPartyNotices(root);
  });

  it.each(Object.entries(described.dependencies))('name %s, which the program is made with', (name, version) => {
    expect(notices).toContain(`\n${name} ${version}\nLicence: `);
  });

  it('hold the words of a package’s own licence file', () => {
    const react = readFileSync(new URL('../../node_modules/react/LICENSE', import.meta.url), 'utf8').trim();
    expect(notices).toContain(react);
  });

  it('name what a binary holds and its package does not tell', () => {
    expect(notices).toContain('ONNX Runtime (in the library of sherpa-onnx)');
    expect(notices).toContain('Copyright (c) Microsoft Corporation');
  });

  it('name nothing that only development needs', () => {
    for (const name of ['vitest', 'typescript', 'electron-builder', 'fast-check'])
      expect(notices).not.toContain(`\n${name} ${described.devDependencies[name]}\n`);
  });

  it('leave no package without words', () => {
    const blocks = notices.split(`${'-'.repeat(80)}\n`).slice(1);
    expect(blocks.length).toBeGreaterThan(100);
    for (const block of blocks) expect(block.split('\n\n').slice(1).join('').trim().length).toBeGreaterThan(20);
  });
});
