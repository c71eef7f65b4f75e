import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './tree.ts';

type Rule = { readonly name: string; readonly comment?: string; readonly severity: string };
const { forbidden: rules } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  readonly forbidden: readonly Rule[];
};

const output = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

async function cruise(folder: string, ...rooms: readonly string[]) {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const child = spawn(
    process.execPath,
    [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...rooms],
    { cwd: folder },
  );
  let text = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    complaint += part;
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (text === '') throw new Error(complaint);
  const { modules, summary } = output.parse(JSON.parse(text));
  return { own: modules.filter((one) => /^(?:electron|renderer|shared|scripts)\//.test(one.source)), ...summary };
}

const nothing = 'export const one = 1;\n';

/** A small house in which every import is allowed. */
const house: { readonly [file: string]: string } = {
  'shared/lib/instant.ts': nothing,
  'shared/domain/order/index.ts': "export { one } from './order.ts';\n",
  'shared/domain/order/order.ts': "import '../../lib/instant.ts';\nexport const one = 1;\n",
  'shared/domain/study/index.ts': nothing,
  'shared/domain/study/match.ts': "import '../order/index.ts';\n",
  'shared/interop/fhir/task.ts':
    "import type { Task } from '@medplum/fhirtypes';\nimport '../../domain/order/index.ts';\nexport type T = Task;\n",
  'shared/api/index.ts': "import { z } from 'zod';\nexport const schema = z.string();\n",
  'electron/main.ts':
    "import { app } from 'electron';\nimport './shell/windows.ts';\nimport './host/index.ts';\nexport const a = app;\n",
  'electron/shell/windows.ts':
    "import { BrowserWindow } from 'electron';\nimport '../launch/places.ts';\nexport const w = BrowserWindow;\n",
  'electron/launch/places.ts': "import '../../shared/lib/instant.ts';\nexport const places = 1;\n",
  'electron/serve.ts': "import './browser-shell/run.ts';\n",
  'electron/browser-shell/run.ts': "import '../launch/places.ts';\nimport '../host/index.ts';\n",
  'electron/host/index.ts': "import './audit/audit.ts';\n",
  'electron/host/audit/audit.ts':
    "import { DatabaseSync } from 'node:sqlite';\nimport { Hono } from 'hono';\nimport '../../../shared/domain/order/index.ts';\nexport const d = [DatabaseSync, Hono];\n",
  'renderer/app/main.tsx':
    "import '../features/viewer/viewer.tsx';\nimport '../features/report/report.tsx';\nimport '../ui/button.tsx';\n",
  'renderer/features/viewer/viewer.tsx':
    "import '../../imaging/index.ts';\nimport '../../case/index.ts';\nimport '../../ui/button.tsx';\nimport '../../data/index.ts';\nimport '../../host/index.ts';\nexport const v = 1;\n",
  'renderer/features/report/report.tsx': "import '../../../shared/domain/order/index.ts';\nexport const r = 1;\n",
  'renderer/imaging/index.ts': "import { init } from '@cornerstonejs/core';\nexport const i = init;\n",
  'renderer/data/index.ts': "import Dexie from 'dexie';\nexport const d = Dexie;\n",
  'renderer/host/index.ts': "import '../../shared/api/index.ts';\nexport const h = 1;\n",
  'renderer/case/index.ts': "import '../../shared/lib/instant.ts';\nexport const c = 1;\n",
  'renderer/ui/button.tsx': "import { useState } from 'react';\nexport const u = useState;\n",
  'scripts/start.ts': nothing,
  'test/builders/study.ts': nothing,
};

/** One file for each rule, which breaks it; types count as much as values. */
const planted: { readonly [rule: string]: readonly [file: string, text: string] } = {
  'lib-stands-alone': ['shared/lib/planted.ts', "import '../domain/order/index.ts';\n"],
  'domain-knows-only-the-trade': [
    'shared/domain/order/planted.ts',
    "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;\n",
  ],
  'domain-through-the-front-door': [
    'shared/domain/study/planted.ts',
    "import type { one } from '../order/order.ts';\nexport type One = typeof one;\n",
  ],
  'interop-and-api-are-pure': [
    'shared/interop/fhir/planted.ts',
    "import { createHash } from 'node:crypto';\nexport const c = createHash;\n",
  ],
  'fhir-types-are-types': [
    'shared/interop/fhir/planted-value.ts',
    "import { Task } from '@medplum/fhirtypes';\nexport const t = Task;\n",
  ],
  'host-runs-without-electron': ['electron/host/audit/planted.ts', "import '../../shell/windows.ts';\n"],
  'only-the-shell-knows-electron': [
    'electron/host/audit/planted-electron.ts',
    "import type { App } from 'electron';\nexport type A = App;\n",
  ],
  'outside-never-knows-the-page': ['electron/host/planted.ts', "import '../../renderer/ui/button.tsx';\n"],
  'shells-through-the-host’s-index': ['electron/shell/planted.ts', "import '../host/audit/audit.ts';\n"],
  'shells-hold-no-rules': ['electron/launch/planted.ts', "import '../../shared/domain/order/index.ts';\n"],
  'desktop-without-browser-shell': ['electron/shell/planted-shell.ts', "import '../browser-shell/run.ts';\n"],
  'browser-shell-without-desktop': ['electron/browser-shell/planted.ts', "import '../shell/windows.ts';\n"],
  'page-knows-no-outside': [
    'renderer/host/planted.ts',
    "import type { d } from '../../electron/host/audit/audit.ts';\nexport type D = typeof d;\n",
  ],
  'page-is-not-node': [
    'renderer/data/planted.ts',
    "import { readFile } from 'node:fs/promises';\nexport const r = readFile;\n",
  ],
  'features-meet-in-app-only': [
    'renderer/features/report/planted.tsx',
    "import type { v } from '../viewer/viewer.tsx';\nexport type V = typeof v;\n",
  ],
  'features-know-not-the-app': ['renderer/features/viewer/planted.tsx', "import '../../app/main.tsx';\n"],
  'imaging-data-host-are-below': ['renderer/imaging/planted.ts', "import '../ui/button.tsx';\n"],
  'case-is-below-features': ['renderer/case/planted.ts', "import '../features/report/report.tsx';\n"],
  'ui-knows-no-radiology': ['renderer/ui/planted.tsx', "import '../../shared/domain/order/index.ts';\n"],
  'cornerstone-in-imaging-only': [
    'renderer/features/viewer/planted-core.tsx',
    "import { init } from '@cornerstonejs/core';\nexport const i = init;\n",
  ],
  'dexie-in-data-only': ['renderer/app/planted.ts', "import Dexie from 'dexie';\nexport const d = Dexie;\n"],
  'prosemirror-in-the-editor-only': [
    'renderer/features/report/planted-editor.ts',
    "import { Schema } from 'prosemirror-model';\nexport const s = Schema;\n",
  ],
  'product-without-tests-and-scripts': ['electron/host/planted-test.ts', "import '../../test/builders/study.ts';\n"],
  'product-without-development-packages': [
    'renderer/app/planted-dev.ts',
    "import fc from 'fast-check';\nexport const f = fc;\n",
  ],
  'packages-are-declared': ['electron/host/planted-package.ts', "import pako from 'pako';\nexport const p = pako;\n"],
  'imports-resolve': ['electron/host/planted-path.ts', "import './nowhere.ts';\n"],
  'no-circles': ['electron/host/audit/circle.ts', "import './circle-back.ts';\nexport const a = 1;\n"],
};
const alsoPlanted: { readonly [file: string]: string } = {
  'electron/host/audit/circle-back.ts': "import './circle.ts';\nexport const b = 1;\n",
};

function build(folder: string, files: { readonly [file: string]: string }): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

describe('the import rules', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'overread-house-'));
    for (const name of ['.dependency-cruiser.cjs', 'package.json']) copyFileSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    build(folder, house);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have a planted breach, each of them, and are errors with a sentence', () => {
    expect(Object.keys(planted).sort()).toEqual(rules.map((one) => one.name).sort());
    for (const { name, severity, comment } of rules) {
      expect(severity, name).toBe('error');
      expect(comment?.length ?? 0, name).toBeGreaterThan(40);
    }
  });

  it('let a house be in which all is as it should', async () => {
    const { violations, own } = await cruise(folder, 'electron', 'renderer', 'shared', 'scripts');
    expect(violations).toEqual([]);
    expect(own.map((one) => one.source).sort()).toEqual(
      Object.keys(house)
        .filter((one) => !one.startsWith('test/'))
        .sort(),
    );
  });

  it('see every planted breach', async () => {
    build(folder, { ...Object.fromEntries(Object.values(planted)), ...alsoPlanted });
    const { violations } = await cruise(folder, 'electron', 'renderer', 'shared', 'scripts');
    const seen = (rule: string, file: string): boolean =>
      // A circle is told once, from whichever of its files comes first.
      violations.some(
        (one) => one.rule.name === rule && (one.from === file || (rule === 'no-circles' && one.to === file)),
      );
    const missed = Object.entries(planted).filter(([rule, [file]]) => !seen(rule, file));
    expect(missed.map(([rule]) => rule)).toEqual([]);
    // Nor do they accuse what was fine before.
    const wrong = violations.filter((one) => house[one.from] !== undefined);
    expect(wrong).toEqual([]);
  });

  it('are kept by this house, and more than a hundred modules were looked at', async () => {
    const { violations, own } = await cruise(root, 'electron', 'renderer', 'shared', 'scripts');
    expect(violations.map((one) => `${one.rule.name}: ${one.from} -> ${one.to}`)).toEqual([]);
    expect(own.length).toBeGreaterThan(100);
  });
});
