import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** How often all garbage is collected while so many megabytes stream through a process with a long list. */
function collectionsOf(megabytes: number, counted: boolean): number {
  const source = `
    import { PerformanceObserver, constants } from 'node:perf_hooks';
    ${counted ? `(await import(${JSON.stringify(new URL('./outside-memory.ts', import.meta.url).href)})).countOutsideMemory();` : ''}
    const list = Array.from({ length: 300_000 }, (_unused, number) => ({ name: 'row ' + number, due: { at: number } }));
    let whole = 0;
    new PerformanceObserver((told) => {
      for (const one of told.getEntries()) if (one.detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) whole += 1;
    }).observe({ entryTypes: ['gc'] });
    for (let at = 0; at < ${megabytes}; at += 1) {
      const passing = Buffer.allocUnsafeSlow(1_048_576);
      passing[0] = list.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log(whole);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' }));
}

describe('bytes that stream through the host', () => {
  it('do not make it go through the whole of its list again and again', () => {
    const usual = collectionsOf(1_000, false);
    expect(usual).toBeGreaterThan(4);
    expect(collectionsOf(1_000, true)).toBeLessThan(usual / 2);
  });
});
