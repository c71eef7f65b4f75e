import type { Question } from '../../../shared/domain/question/index.ts';
import { questionWords } from '../../../shared/domain/question/index.ts';
import { correctedServiceRequest } from '../../../shared/interop/fhir/index.ts';
import { ok, type Result } from '../../../shared/lib/result.ts';
import type { Ports } from '../ports.ts';
import type { RecordClient, RecordFailure } from '../record/types.ts';

/**
 * Puts a site's correction into the order. The answered question decides; the order follows, once, by whichever host comes first: its
 * note names the question, so that a repeat finds it there.
 */
export type OrderCorrections = { settle(question: Question): Promise<Result<null, RecordFailure>> };

const mostRaces = 5;

export function createOrderCorrections(record: RecordClient, ports: Ports): OrderCorrections {
  const settled = new Set<string>();
  return {
    settle: async (question) => {
      const { state, orderId } = question;
      if (state.kind !== 'answered' || state.answer.correction === null || orderId === null) return ok(null);
      if (settled.has(question.id)) return ok(null);
      const { by, at, correction } = state.answer;
      const mark = `(question ${question.id})`;
      const what = [
        ...(correction.laterality === null ? [] : [`side ${correction.laterality}`]),
        ...(correction.reason === null ? [] : ['reason for exam']),
      ].join(' and ');
      const why = `Corrected by the site: ${what}, on the question “${questionWords[question.kind].title}” of ${question.asker.name} ${mark}`;
      for (let race = 0; ; race += 1) {
        const read = await record.read('ServiceRequest', orderId);
        if (!read.ok) return read;
        const request = read.value.resource;
        if (request.note?.some((one) => one.text?.includes(mark)) === true) {
          settled.add(question.id);
          return ok(null);
        }
        const put = await record.put(correctedServiceRequest(request, correction, by, at, why), {
          ifMatch: read.value.version,
        });
        if (put.ok) {
          settled.add(question.id);
          return ok(null);
        }
        if (put.error.code !== 'version-conflict' || race >= mostRaces) {
          ports.log.warn('the order did not take a correction of its site', { why: put.error.code });
          return put;
        }
      }
    },
  };
}
