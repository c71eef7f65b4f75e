import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StudyUid } from '../../../shared/domain/study/index.ts';
import type { KnownInstances } from '../reading/study-poll.ts';
import { listEarly } from './list-early.ts';
import { createOpenCases, type OpenCase } from './open-cases.ts';

const study = '1.2.3' as StudyUid;
const opening = (epoch = 1): OpenCase => ({
  token: 'token',
  taskId: 'task',
  epoch,
  mode: 'read',
  studyUid: study,
  patientId: 'P1',
  studies: new Set([study]),
});
const nothing: KnownInstances = { fresh: true, list: [], aside: [], rejected: new Map() };

describe('the list of instances that a signature would cover', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function room() {
    const openCases = createOpenCases();
    const instances = vi.fn(async (_uid: StudyUid) => nothing);
    const opened = opening();
    openCases.open(opened);
    return { openCases, instances, opened, list: listEarly(openCases, { instances }, {}) };
  }

  it('is asked for once, a moment after the case was opened', () => {
    const { list, opened, instances } = room();
    list(opened, study);
    vi.advanceTimersByTime(1_000);
    expect(instances).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(instances.mock.calls).toEqual([[study]]);
  });

  it('waits for the images that stream to a page', () => {
    const { openCases, list, opened, instances } = room();
    const done = openCases.hold(opened, new AbortController());
    list(opened, study);
    vi.advanceTimersByTime(4_000);
    expect(instances).not.toHaveBeenCalled();
    done();
    vi.advanceTimersByTime(500);
    expect(instances).toHaveBeenCalledTimes(1);
  });

  it('is asked for beside images that take very long', () => {
    const { openCases, list, opened, instances } = room();
    openCases.hold(opened, new AbortController());
    list(opened, study);
    vi.advanceTimersByTime(15_000);
    expect(instances).toHaveBeenCalledTimes(1);
  });

  it('is not asked for when the case was closed, nor for an older opening of it', () => {
    const { openCases, list, opened, instances } = room();
    list(opened, study);
    openCases.close(opened.token, opened.taskId, opened.epoch);
    const again = opening(2);
    openCases.open(again);
    list(again, study);
    vi.advanceTimersByTime(60_000);
    expect(instances).toHaveBeenCalledTimes(1);
  });

  it('that the archive does not give harms nothing', async () => {
    const { list, opened, instances } = room();
    instances.mockRejectedValue(new Error('silent'));
    list(opened, study);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(instances).toHaveBeenCalledTimes(1);
  });
});
