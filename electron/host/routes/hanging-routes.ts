import type { Hono } from 'hono';
import type { HangingRuleSet, RecentStudy } from '../../../shared/api/index.ts';
import type { RuleOwner } from '../../../shared/domain/hanging/index.ts';
import type { Reader } from '../../../shared/domain/reader/index.ts';
import { isDocument, isUid, type SeriesUid, type StudyUid } from '../../../shared/domain/study/index.ts';
import {
  text as firstText,
  number,
  seriesDescriptionFromDicom,
  studyTraitsFromDicom,
  tags,
} from '../../../shared/interop/dicom-json/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { ArchiveClient } from '../archive/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { CaseBook } from '../reading/case-book.ts';
import { type HangingBook, type HangingFailure, shownSet } from '../reading/hanging-book.ts';
import type { ReadingRights } from '../reading/reading-rights.ts';
import type { SiteBook } from '../reading/site-book.ts';
import type { WorklistChanges } from '../reading/worklist-changes.ts';
import { listNote } from './access-note.ts';
import { failure, mount } from './mount.ts';

/** Studies that a rule is tried on. */
const mostStudies = 20;
/** A series of more instances is looked into by one of them. */
const smallSeries = 12;
const mostSeries = 30;

/** Rules by which studies hang: a reader's own are hers to change, a site's and the group's a lead's. */
export function mountHangingRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly archive: Pick<ArchiveClient, 'describeSeries' | 'sampleInstances'>;
  readonly book: Pick<CaseBook, 'facts'>;
  readonly changes: Pick<WorklistChanges, 'since'>;
  readonly rights: Pick<ReadingRights, 'judge'>;
  readonly sites: Pick<SiteBook, 'all'>;
  readonly hanging: HangingBook;
}): void {
  const { app, sessions, ports, hanging } = routes;

  const setsFor = (reader: Reader): readonly HangingRuleSet[] => {
    const lead = reader.role === 'lead';
    const user: RuleOwner = { kind: 'user', id: reader.id };
    const group: RuleOwner = { kind: 'group' };
    return [
      shownSet(user, hanging.of(user), { name: 'Your own', mayChange: true }),
      ...routes.sites.all().flatMap(({ site }) => {
        const owner: RuleOwner = { kind: 'site', id: site.id };
        return /^[A-Za-z0-9.-]{1,64}$/.test(site.id)
          ? [shownSet(owner, hanging.of(owner), { name: site.name, mayChange: lead })]
          : [];
      }),
      shownSet(group, hanging.of(group), { name: 'The group', mayChange: lead }),
    ];
  };
  const answer = (reader: Reader) => ok({ sets: setsFor(reader) });
  const refused = ({ code, message }: HangingFailure) => {
    if (code === 'stale') return failure('not-a-legal-move', message);
    if (code === 'nothing-to-undo') return failure('not-a-legal-move', message);
    if (code === 'not-saved') return failure('not-saved', message);
    return failure('bad-request', message);
  };
  const ownerOf = (
    asked: { readonly kind: 'own' } | { readonly kind: 'site'; readonly id: string } | { readonly kind: 'group' },
    reader: Reader,
  ): RuleOwner | null => {
    if (asked.kind === 'own') return { kind: 'user', id: reader.id };
    if (reader.role !== 'lead') return null;
    if (asked.kind === 'group') return asked;
    return routes.sites.all().some(({ site }) => site.id === asked.id) ? asked : null;
  };
  const notHers = failure(
    'forbidden',
    'A lead keeps the rules of sites and of the group. Keep it as your own, or send the exported file to your lead.',
  );

  mount(app, sessions, ports, 'hangingRules', async ({ session: { reader } }) => answer(reader));
  mount(app, sessions, ports, 'keepHangingRules', async ({ input, session: { reader } }) => {
    const owner = ownerOf(input.owner, reader);
    if (owner === null) return notHers;
    const kept = await hanging.keep(owner, input.version, input.protocols, reader.name);
    return kept.ok ? answer(reader) : refused(kept.error);
  });
  mount(app, sessions, ports, 'undoHangingRules', async ({ input, session: { reader } }) => {
    const owner = ownerOf(input.owner, reader);
    if (owner === null) return notHers;
    const undone = await hanging.undo(owner, input.version, reader.name);
    return undone.ok ? answer(reader) : refused(undone.error);
  });

  const seriesOf = async (studyUid: StudyUid): Promise<Pick<RecentStudy, 'series' | 'procedure'>> => {
    const rows = await routes.archive.describeSeries(studyUid);
    if (!rows.ok) return { series: null, procedure: [] };
    const series: NonNullable<RecentStudy['series']>[number][] = [];
    let procedure: RecentStudy['procedure'] = [];
    for (const row of rows.value
      .filter((one) => !isDocument(firstText(one, tags.Modality) ?? ''))
      .slice(0, mostSeries)) {
      const seriesUid = firstText(row, tags.SeriesInstanceUID) ?? '';
      if (!isUid(seriesUid)) continue;
      const count = number(row, tags.NumberOfSeriesRelatedInstances);
      const sampled = await routes.archive.sampleInstances(
        studyUid,
        seriesUid as SeriesUid,
        count === null || count > smallSeries,
      );
      const instances = sampled.ok ? sampled.value : [];
      const traits = studyTraitsFromDicom(instances[0]);
      if (procedure.length === 0) procedure = traits.procedure;
      const described = seriesDescriptionFromDicom(
        { studyUid, seriesUid },
        instances.length === 0 ? [row] : instances,
        count ?? 1,
      );
      series.push(described);
    }
    return { series, procedure };
  };

  mount(app, sessions, ports, 'recentStudies', async ({ session }) => {
    const refusal = await listNote(routes.audit, session.reader);
    if (refusal !== null) return refusal;
    const judge = routes.rights.judge(session);
    const rows = routes.changes
      .since(null)
      .rows.filter((row) => row.studyUid !== null && row.images.present > 0 && judge(row.taskId).allowed)
      .toSorted(
        (one, other) =>
          (other.studyDate ?? '').localeCompare(one.studyDate ?? '') || one.taskId.localeCompare(other.taskId),
      )
      .slice(0, mostStudies);
    const studies: RecentStudy[] = [];
    for (const row of rows) {
      const seen = routes.book.facts(row.taskId)?.seen?.study;
      if (seen === undefined) continue;
      studies.push({
        taskId: row.taskId,
        exam: row.procedure,
        accession: row.accession,
        studyDate: row.studyDate,
        siteId: row.site?.id ?? null,
        studyUid: seen.studyUid,
        modalities: seen.modalities,
        bodyPart: seen.bodyPart ?? '',
        description: seen.description,
        ...(await seriesOf(seen.studyUid)),
      });
    }
    return ok({ studies });
  });
}
