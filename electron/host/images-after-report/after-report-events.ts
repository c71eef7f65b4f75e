import {
  countWords,
  type ImagesAfterReport,
  noChangeWords,
  totals,
} from '../../../shared/domain/images-after-report/index.ts';
import type { ReadingEvent } from '../../../shared/domain/turnaround/index.ts';
import { caseEvent, type EventCase } from '../intake/case-events.ts';

const clock = { source: 'record', skew: null, confidence: 'high' } as const;
const tellingWords = { signer: 'who signed', reader: 'on shift', lead: 'the lead' } as const;

/**
 * The events of images after a report, derived from the record alone: whichever host sees it writes the same ones, so that none is lost
 * with the host that raised it. What somebody typed may name a patient and stays out.
 */
export function afterReportEvents(facts: EventCase, item: ImagesAfterReport): readonly ReadingEvent[] {
  const { report, ending } = item;
  const version = { id: report.id, version: report.version };
  const found = caseEvent(facts, 'images.afterReport.seen', item.changedAt, {
    part: `${item.id}|${item.difference.digest}`,
    report: version,
    detail: `${countWords(totals(item.difference.series))}, since version ${report.version}`,
    clock,
  });
  const told = item.told.map((one) =>
    caseEvent(facts, 'images.afterReport.told', one.at, {
      part: `${item.id}|${one.to.id}`,
      cause: found.id,
      report: version,
      detail: `${one.to.name}, ${tellingWords[one.as]}`,
      clock,
    }),
  );
  if (ending === null) return [found, ...told];
  return [
    found,
    ...told,
    caseEvent(facts, 'images.afterReport.ended', ending.at, {
      actor: { kind: 'person', ...ending.by },
      part: item.id,
      cause: found.id,
      report: ending.kind === 'report' ? { id: ending.report.id, version: ending.report.version } : version,
      detail:
        ending.kind === 'report'
          ? `by version ${ending.report.version}, whose signature covers them`
          : `no change: ${noChangeWords[ending.reason]}`,
      clock,
    }),
  ];
}
