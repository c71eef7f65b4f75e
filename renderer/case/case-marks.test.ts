import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noMarks } from '../../shared/domain/measurement/index.ts';
import { createMarksHolder, noMarksKept } from './case-marks.ts';

const place = { studyUid: '1.2', seriesUid: '1.2.3', instanceUid: '1.2.3.4', frame: 1, frameOfReferenceUid: null };
const marksOf = (epoch: number) => ({ ...noMarks, keyImages: [{ id: `of ${epoch}`, place }] });

test('marks of one case never stand in another, whenever they come', () => {
  const step = fc.tuple(fc.constantFrom('open', 'close', 'put', 'keep'), fc.integer({ min: 1, max: 4 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const holder = createMarksHolder();
      let open: number | null = null;
      for (const [what, epoch] of steps) {
        if (what === 'open' || what === 'close') {
          open = what === 'open' ? epoch : null;
          holder.begin(open);
          expect(holder.state.getState()).toEqual({ ...noMarksKept, epoch: open });
        } else if (what === 'put') expect(holder.put(epoch, 'images', marksOf(epoch))).toBe(epoch === open);
        else expect(holder.keep(epoch, 'draft')).toBe(epoch === open);
        const now = holder.state.getState();
        expect(now.epoch).toBe(open);
        for (const key of now.marks.keyImages) expect(key.id).toBe(`of ${open}`);
      }
    }),
  );
});
