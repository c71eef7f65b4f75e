import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../host/case-driver.ts';
import { signIn } from '../servers/overread-host/start-host.ts';
import { startChildHost } from './child-host.ts';

describe('a host that is killed while it raises images that came after a report', () => {
  it.each([
    ['between reading the difference and writing the Task', 'after-report.difference'],
    ['between the Task and its events', 'after-report.raised'],
  ])(
    '%s: they are raised once, told once, and nothing is lost',
    async (_when, name) => {
      const directory = await mkdtemp(join(tmpdir(), 'overread-after-kill-'));
      try {
        const first = await startChildHost({
          directory,
          settings: {},
          killAt: null,
          killAtStep: { name, nth: 1 },
        });
        // The demo day has one study to which an image comes after its report.
        expect(await Promise.race([first.ended, new Promise((resolve) => setTimeout(resolve, 150_000))])).toBe(
          'SIGKILL',
        );
        expect(first.steps.at(-1)).toBe(name);

        const second = await startChildHost({ directory, settings: {}, killAt: null });
        const lead = await signIn(second.url, 'lead', 'demo');
        const line = await eventually(
          'the line above the lead’s list',
          async () => {
            const board = await lead.call('imagesAfterReports');
            return board.ok ? (board.value.lines[0] ?? null) : null;
          },
          120_000,
        );
        // Looked at again, also a second time: nothing more is raised.
        await second.looks('images after report', 8);
        const board = await lead.call('imagesAfterReports');
        expect(board.ok && board.value.lines.map((one) => one.taskId)).toEqual([line.taskId]);
        const ofCase = await lead.call('caseImagesAfterReport', { params: { taskId: line.taskId } });
        expect(ofCase.ok && ofCase.value.ended).toEqual([]);
        const series = ofCase.ok ? (ofCase.value.open?.difference.series ?? []) : [];
        expect(series.reduce((sum, one) => sum + one.added, 0)).toBe(1);
        const seen = await eventually('its event', async () => {
          const times = await lead.call('timeline', { params: { taskId: line.taskId } });
          const all = times.ok ? times.value.events.filter((one) => one.type === 'images.afterReport.seen') : [];
          return all.length > 0 ? all : null;
        });
        expect(seen).toHaveLength(1);
        await second.stop();
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    420_000,
  );
});
