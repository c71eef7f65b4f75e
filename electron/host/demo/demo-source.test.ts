import { afterAll, describe, expect, it } from 'vitest';
import { instant } from '../../../shared/lib/instant.ts';
import { generateDemoDay } from './demo-day.ts';
import { demoInstances } from './demo-instances.ts';
import { createDemoSource } from './demo-source.ts';

const options = { now: instant(Date.parse('2026-11-22T10:14:00Z')), seed: 7 };
const source = createDemoSource(options);
afterAll(() => source.stop());

describe('the demo source', () => {
  it('tells in its thread the day that the generator tells', async () => {
    expect(await source.plan()).toEqual(generateDemoDay(options));
  });

  it('hands over just the instances that an arrival names, byte for byte', async () => {
    const study = generateDemoDay(options).studies.find(
      (one) => one.modality === 'CT' && one.transferSyntax === 'explicit',
    );
    if (study === undefined) throw new Error('no plain CT');
    const expected: Buffer[] = [];
    for await (const bytes of demoInstances(study, { from: 2, to: 5 })) expected.push(Buffer.from(bytes));
    const got = await source.instances(study.studyUid, { from: 2, to: 5 });
    expect(got.map((bytes) => Buffer.from(bytes).equals(expected.shift() ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('refuses a study that the day does not have', async () => {
    await expect(source.instances('2.25.1' as never)).rejects.toThrow('no such study');
  });
});
