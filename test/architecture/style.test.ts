import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breachesOf, sourceRules } from './source-rules.ts';
import { root, sourceFiles } from './tree.ts';

/** One breach of each rule, and a neighbour of it that is allowed. */
const planted: { readonly [rule: string]: { file: string; breach: string[]; fine: string[] } } = {
  'no-clock-in-shared': {
    file: 'shared/domain/turnaround/clock.ts',
    breach: ['const a = Date.now();', 'const b = new Date();', 'const c = Date();', 'const d = performance.now();'],
    fine: [
      'const a = new Date(stamp);',
      '// Date.now() is not for here',
      'const text = "Date.now()";',
      'Date.UTC(2026, 1);',
    ],
  },
  'no-dice-in-shared': {
    file: 'shared/domain/turnaround/clock.ts',
    breach: ['const a = Math.random();', 'const b = crypto.randomUUID();'],
    fine: ['const a = Math.round(2.5);'],
  },
  'no-dice-for-secrets': {
    file: 'electron/host/identity/sessions.ts',
    breach: ['const token = Math.random();'],
    fine: ['const token = ports.randomBytes(32);'],
  },
  'events-by-fetch': {
    file: 'renderer/host/event-stream.ts',
    breach: ['const events = new EventSource("/events");', 'const events = new window.EventSource("/events");'],
    fine: ['// unlike EventSource', 'const source = openEvents();'],
  },
  'no-cookies': {
    file: 'electron/host/routes/session-routes.ts',
    breach: ['headers.set("Set-Cookie", token);', 'headers.get("cookie");', 'document.cookie = "a=b";'],
    fine: ['headers.set("Authorization", token);', 'headers.delete("Set-Cookie");'],
  },
  'no-images-by-address': {
    file: 'renderer/features/viewer/thumbnail.tsx',
    breach: ['const a = <img src="/dicomweb/studies/1/thumbnail" />;', 'const b = <img src={`/dicomweb/studies`} />;'],
    fine: ['const a = <img src={blobAddress} />;', 'const b = <a href="/case/1">x</a>;'],
  },
  'fields-keep-no-copy': {
    file: 'renderer/features/report/section.tsx',
    breach: ['const a = <textarea value={text} />;', 'const b = <input type="text"></input>;'],
    fine: ['const a = <textarea autoComplete="off" value={text} />;', 'const b = <input autoComplete={props.kind} />;'],
  },
  'schemas-without-eval': {
    file: 'shared/api/some-calls.ts',
    breach: ["import { z } from 'zod';"],
    fine: ["import { z } from './jitless-zod.ts';", "import { other } from 'zod-like';"],
  },
  'fetch-in-host-and-imaging-only': {
    file: 'renderer/features/worklist/list.ts',
    breach: ['fetch("/api/worklist");', 'globalThis.fetch("/api/worklist");', 'window.fetch("/api/worklist");'],
    fine: ['host.call("worklist");', 'const query = { fetch: 1 };'],
  },
  'no-other-ways-out': {
    file: 'renderer/host/host-client.ts',
    breach: ['new XMLHttpRequest();', 'new WebSocket("/x");', 'navigator.sendBeacon("/x");'],
    fine: ['fetch("/api/status");'],
  },
  'no-default-exports': {
    file: 'shared/lib/result.ts',
    breach: ['export default function ok() {}', 'const x = 1; export default x;'],
    fine: ['export function ok() {}', 'import react from "react";'],
  },
  'no-any': {
    file: 'shared/lib/result.ts',
    breach: ['const a: any = 1;', 'const b = a as any;', 'function f(...list: any[]) {}'],
    fine: ['const a: unknown = 1;', 'const any = 1;', '// any'],
  },
  'no-enums': {
    file: 'shared/lib/result.ts',
    breach: ['enum A { B }', 'export const enum A { B }'],
    fine: ['z.enum(["a"]);', 'const kinds = ["a"] as const;'],
  },
  'no-bang': {
    file: 'shared/lib/result.ts',
    breach: ['const a = list[0]!;', 'find(x)!.name;'],
    fine: ['const a = !list[0];', 'const b = a !== c;'],
  },
  'no-ipc': {
    file: 'electron/shell/windows.ts',
    breach: [
      'ipcMain.handle("x", y);',
      'electron.ipcMain.on("x", y);',
      'const o = { preload: "x.js" };',
      'import { contextBridge } from "electron";',
    ],
    fine: ['// no ipcMain', 'protocol.handle("overread", host.fetch);'],
  },
  'sandbox-stays-on': {
    file: 'electron/main.ts',
    breach: ['run(["--no-sandbox"]);', 'app.commandLine.appendSwitch("no-sandbox");', 'const p = { sandbox: false };'],
    fine: ['const p = { sandbox: true };', '// --no-sandbox is never passed'],
  },
  'no-text-becomes-code': {
    file: 'renderer/features/report/preview.tsx',
    breach: [
      'eval(text);',
      'new Function(text);',
      'element.innerHTML = text;',
      'const a = <p dangerouslySetInnerHTML={{ __html: text }} />;',
    ],
    fine: ['element.textContent = text;', 'const a = <p>{text}</p>;'],
  },
  'no-registry-names': {
    file: 'scripts/setup.ts',
    breach: [`const a = "https://registry.${'npmjs'}.org/electron";`],
    fine: ['const a = "npm ci";'],
  },
  'no-machine-paths': {
    file: 'scripts/setup.ts',
    breach: ['const a = "/home/ann/overread";', 'const b = `/work/main/x`;'],
    fine: ['const a = "/usr/bin/chromium";'],
  },
};

describe('a rule of style', () => {
  it('has a planted breach, each of them', () => {
    expect(Object.keys(planted).sort()).toEqual(sourceRules.map((one) => one.name).sort());
  });

  it.each(Object.entries(planted))('%s sees its breach and lets its neighbours be', (rule, { file, breach, fine }) => {
    for (const text of breach)
      expect(
        breachesOf(file, text).map((one) => one.rule),
        text,
      ).toContain(rule);
    for (const text of fine)
      expect(
        breachesOf(file, text).map((one) => one.rule),
        text,
      ).not.toContain(rule);
  });

  it('keeps files short and named for what they do', () => {
    const lines = (count: number): string => 'const a = 1;\n'.repeat(count);
    expect(breachesOf('shared/lib/result.ts', lines(501)).map((one) => one.rule)).toEqual(['no-long-files']);
    expect(breachesOf('shared/lib/result.ts', lines(500))).toEqual([]);
    for (const name of ['shared/lib/utils.ts', 'renderer/helpers/a.ts', 'electron/host/session-manager.ts'])
      expect(
        breachesOf(name, '').map((one) => one.rule),
        name,
      ).toEqual(['no-catch-all-names']);
    expect(breachesOf('shared/domain/reading/helper-lease.ts', '')).toHaveLength(1);
  });

  it('says what to do instead', () => {
    for (const { name, instead } of sourceRules) expect(instead.length, name).toBeGreaterThan(40);
  });
});

describe('the house', () => {
  it('breaks no rule of style', () => {
    const files = sourceFiles();
    // A look at nothing would find nothing.
    expect(files.length).toBeGreaterThan(300);
    const found = files
      .flatMap((file) => breachesOf(file, readFileSync(join(root, file), 'utf8')))
      .map((one) => `${one.file}:${one.line} ${one.rule}: ${one.instead}`);
    expect(found).toEqual([]);
  });

  it('has no duplicate that only capitals tell apart, and no blank in a name', () => {
    const files = sourceFiles();
    expect(new Set(files.map((one) => one.toLowerCase())).size).toBe(files.length);
    expect(files.filter((one) => !/^[a-z0-9./-]+$/.test(one))).toEqual([]);
  });
});
