import { describe, expect, test } from 'vitest';
import type { CaseContext, TaskId } from '../../shared/domain/reading/index.ts';
import { archiveRequests } from './archive-requests.ts';
import { begunAnswers } from './begun-answers.ts';

const study = '1.2.3';
const contextOf = (epoch: number): CaseContext => ({
  ...{ archive: 'pacs', studyUid: null, patientId: null, issuer: null, accession: null, orderId: null },
  taskId: 't1' as TaskId,
  epoch,
});

function archiveOf(series: readonly string[], isSilent = false) {
  const asked: string[] = [];
  const answers = begunAnswers((path, headers) => {
    asked.push(`${headers['Overread-Epoch']} ${path.replace('/dicomweb/pacs/studies/', '')}`);
    if (isSilent) return Promise.reject(new TypeError('the line is down'));
    const rows = path.endsWith('/series')
      ? series.map((one) => ({ '0020000E': { vr: 'UI', Value: [one] } }))
      : [{ '00080018': { vr: 'UI', Value: [path] } }];
    return Promise.resolve(Response.json(rows));
  }, 'w1');
  const never = new AbortController().signal;
  const reads = (epoch: number) => archiveRequests(answers.fetch, contextOf(epoch), 'pacs', 'w1');
  return { asked, answers, never, reads };
}

describe('what is asked of an archive before the program that draws is loaded', () => {
  test('is the list of series and the metadata of each, and who reads them asks for neither again', async () => {
    const { asked, answers, never, reads } = archiveOf(['1.2.3.1', '1.2.3.2']);
    await answers.begin(contextOf(7), 'pacs', study, never);
    const begun = ['7 1.2.3/series', '7 1.2.3/series/1.2.3.1/metadata', '7 1.2.3/series/1.2.3.2/metadata'];
    expect(asked).toEqual(begun);
    const listed = await reads(7).series(study, never);
    const described = await reads(7).metadata(study, '1.2.3.2', never);
    expect(listed.ok && listed.value).toHaveLength(2);
    expect(described.ok && described.value).toHaveLength(1);
    expect(asked).toEqual(begun);
    // An answer is read once: a second reading is a second question.
    await reads(7).metadata(study, '1.2.3.2', never);
    expect(asked).toHaveLength(4);
  });

  test('is never given to another opening of a case, nor after the case was left', async () => {
    const { asked, answers, never, reads } = archiveOf(['1.2.3.1']);
    const leave = new AbortController();
    await answers.begin(contextOf(7), 'pacs', study, leave.signal);
    await reads(8).metadata(study, '1.2.3.1', never);
    expect(asked.at(-1)).toBe('8 1.2.3/series/1.2.3.1/metadata');
    leave.abort();
    await reads(7).metadata(study, '1.2.3.1', never);
    expect(asked.filter((one) => one === '7 1.2.3/series/1.2.3.1/metadata')).toHaveLength(2);
  });

  test('fails quietly where the archive is silent; who reads asks again and is told', async () => {
    const { asked, answers, never, reads } = archiveOf([], true);
    await answers.begin(contextOf(7), 'pacs', study, never);
    const listed = await reads(7).series(study, never);
    expect(listed).toMatchObject({ ok: false, error: { code: 'unreachable' } });
    expect(asked).toEqual(['7 1.2.3/series', '7 1.2.3/series']);
  });
});
