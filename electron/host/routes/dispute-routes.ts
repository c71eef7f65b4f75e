import type { Hono } from 'hono';
import { can } from '../../../shared/domain/reader/index.ts';
import { clock, dispute, disputeCsv } from '../../../shared/domain/turnaround/index.ts';
import { eventsToBundle } from '../../../shared/interop/fhir/index.ts';
import type { Instant } from '../../../shared/lib/instant.ts';
import { ok } from '../../../shared/lib/result.ts';
import { formatInZone } from '../../../shared/lib/zoned-time.ts';
import type { AuditLog } from '../audit/types.ts';
import { clockFaultsOf } from '../delivery/clock-faults.ts';
import { sha256 } from '../digest.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook, CaseFacts } from '../reading/case-book.ts';
import type { EventBook } from '../reading/event-book.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { ChannelBook } from '../settings/channel-book.ts';
import { accessNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

type DisputeRoutes = {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: AuditLog;
  readonly book: CaseBook;
  readonly events: EventBook;
  readonly sites: SiteBook;
  readonly channelBook: Pick<ChannelBook, 'of' | 'unread'>;
  readonly recordNow: () => Instant;
  readonly demo: boolean;
};

/** The dispute file: everything that decides about one study's clock, without a word about the patient. */
export function mountDisputeRoutes(routes: DisputeRoutes): void {
  const { app, sessions, ports, audit, book, events, sites, channelBook, recordNow } = routes;
  const note = accessNote(audit, book);
  const missing = failure('not-found', 'That study is not on the list any more. Go back to the list.');

  const made = (facts: CaseFacts) => {
    const history = events.of(facts.task.id);
    const terms = sites.termsOf(facts, history);
    const { order, seen } = facts;
    const modality = seen?.study.modalities[0] ?? order?.modality ?? '';
    const zone = order?.site?.zone ?? 'UTC';
    const now = recordNow();
    const found = dispute(
      {
        terms,
        exam: { priority: order?.priority ?? 'unknown', modality },
        hours: sites.siteOf(facts)?.hours ?? null,
        zone,
        events: history,
        now,
      },
      sha256,
    );
    const profile = sites.agreedWith(facts);
    /** Its own contract's alone, and only while its clock still waits. */
    const clockFaults =
      profile === null || clock(terms, history, now).state === 'stopped'
        ? []
        : clockFaultsOf(profile, channelBook, ports.now()).filter(({ contract }) => contract === terms.contract.name);
    return { found, history, modality, zone, now, clockFaults };
  };

  mount(app, sessions, ports, 'dispute', async ({ params, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const refusal = await note(params.taskId, session.reader.userName, 'look');
    if (refusal !== null) return refusal;
    const { found, modality, zone, now, clockFaults } = made(facts);
    const { order, seen } = facts;
    return ok({
      accession: order?.accession ?? seen?.study.accession ?? null,
      studyUid: facts.task.studyUid,
      exam: examWords(modality, order?.procedure.display ?? seen?.study.description ?? ''),
      site: order?.site?.name ?? 'Site not known',
      zone,
      madeAt: formatInZone(now, zone),
      madeBy: session.reader.name,
      contract: [...found.contract],
      // To who can mend it: it is no part of what was agreed, and is not printed.
      clockFaults: can(session.reader.role, 'set-channels') ? [...clockFaults] : [],
      reckoning: [...found.reckoning],
      intervals: found.intervals.map(({ name, milliseconds, words }) => ({ name, milliseconds, words })),
      lines: [...found.lines],
      chain: found.chain,
      notForClinicalUse: routes.demo,
    });
  });

  mount(app, sessions, ports, 'exportDispute', async ({ params, input, session }) => {
    const facts = book.facts(params.taskId);
    if (facts === null) return missing;
    const refusal = await note(params.taskId, session.reader.userName, 'export');
    if (refusal !== null) return refusal;
    const { found, history, now } = made(facts);
    const name = `clock-${fileWord(facts.order?.accession ?? facts.seen?.study.accession ?? facts.task.id)}`;
    return ok(
      input.format === 'csv'
        ? { fileName: `${name}.csv`, mediaType: 'text/csv', text: disputeCsv(found.lines) }
        : {
            fileName: `${name}.fhir.json`,
            mediaType: 'application/fhir+json',
            text: `${JSON.stringify(eventsToBundle(history, now), null, 2)}\n`,
          },
    );
  });

  mount(app, sessions, ports, 'printDispute', async ({ params, session }) => {
    if (book.facts(params.taskId) === null) return missing;
    return (await note(params.taskId, session.reader.userName, 'print')) ?? ok({});
  });
}

function examWords(modality: string, procedure: string): string {
  return procedure.toUpperCase().startsWith(modality.toUpperCase()) ? procedure : `${modality} ${procedure}`.trim();
}

/** An accession is the site's text and may hold anything; a file's name may not. */
function fileWord(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/g, '_').slice(0, 60) || 'study';
}
