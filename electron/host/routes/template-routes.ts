import type { Hono } from 'hono';
import type { TemplateSetView } from '../../../shared/api/index.ts';
import { can, type Reader } from '../../../shared/domain/reader/index.ts';
import { emptyShelf, type TemplateOwner, turnedOffStamps } from '../../../shared/domain/template/index.ts';
import { ok } from '../../../shared/lib/result.ts';
import type { Sessions } from '../identity/types.ts';
import type { Ports } from '../ports.ts';
import type { SiteBook } from '../reading/site-book.ts';
import { importTemplate } from '../templates/import-template.ts';
import type { TemplateBook, TemplateFailure } from '../templates/template-book.ts';
import type { TemplateWorks } from '../templates/template-works.ts';
import { failure, mount } from './mount.ts';

/** Report templates: a reader's own are hers to change, a site's and the group's theirs who may by the table of roles. */
export function mountTemplateRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly sites: Pick<SiteBook, 'all'>;
  readonly templates: TemplateBook;
  readonly templateWorks: TemplateWorks;
}): void {
  const { app, sessions, ports, templates, templateWorks } = routes;

  const shown = (owner: TemplateOwner, name: string, mayChange: boolean): TemplateSetView => {
    const found = templates.of(owner);
    return {
      owner,
      name,
      mayChange,
      shelf: found?.set.shelf ?? emptyShelf,
      off: found === null ? [] : [...turnedOffStamps(found.set)],
      version: found?.version ?? null,
      changed: found === null ? null : { by: found.set.by, at: found.set.at },
    };
  };
  const answer = (reader: Reader) => {
    const shared = can(reader.role, 'keep-group-templates');
    return ok({
      sets: [
        shown({ kind: 'user', id: reader.id }, 'Your own', can(reader.role, 'keep-own-templates')),
        ...routes.sites
          .all()
          .filter(({ site }) => /^[A-Za-z0-9.-]{1,64}$/.test(site.id))
          .map(({ site }) => shown({ kind: 'site', id: site.id }, site.name, shared)),
        shown({ kind: 'group' }, 'The group', shared),
      ],
    });
  };
  const ownerOf = (
    asked: { readonly kind: 'own' } | { readonly kind: 'site'; readonly id: string } | { readonly kind: 'group' },
    reader: Reader,
  ): TemplateOwner | null => {
    if (asked.kind === 'own') return { kind: 'user', id: reader.id };
    if (!can(reader.role, 'keep-group-templates')) return null;
    if (asked.kind === 'group') return asked;
    return routes.sites.all().some(({ site }) => site.id === asked.id) ? asked : null;
  };
  const refused = ({ code, message }: TemplateFailure) => {
    if (code === 'stale') return failure('not-a-legal-move', message);
    return failure(code === 'not-saved' ? 'not-saved' : 'bad-request', message);
  };

  const notYours = failure(
    'forbidden',
    'A lead keeps the templates of sites and of the group. Keep it as your own, or send the file to your lead.',
  );

  mount(app, sessions, ports, 'reportTemplates', async ({ session: { reader } }) => answer(reader));
  mount(app, sessions, ports, 'keepReportTemplates', async ({ input, session: { reader } }) => {
    const owner = ownerOf(input.owner, reader);
    if (owner === null) return notYours;
    const kept = await templates.keep(owner, input.version, input.shelf, reader.name);
    return kept.ok ? answer(reader) : refused(kept.error);
  });
  mount(app, sessions, ports, 'saveReportTemplate', async ({ input, session: { reader } }) => {
    const owner = ownerOf(input.owner, reader);
    if (owner === null) return notYours;
    const saved = await templates.save(owner, input.replaces, input.item, reader.name);
    return saved.ok ? ok({ ...answer(reader).value, version: saved.value }) : refused(saved.error);
  });
  mount(app, sessions, ports, 'reportTemplateVersions', async ({ input, session: { reader } }) => {
    const site = routes.sites.all().find((one) => one.site.id === input.site)?.site;
    const owner: TemplateOwner | null =
      input.owner === 'own'
        ? { kind: 'user', id: reader.id }
        : input.owner === 'group'
          ? { kind: 'group' }
          : site === undefined
            ? null
            : { kind: 'site', id: site.id };
    if (owner === null) return failure('not-found', 'The host knows no such site.');
    return ok({ versions: await templates.versions(owner, input.kind, input.id) });
  });
  mountTemplateWorkRoutes({ app, sessions, ports, templateWorks });
  mount(app, sessions, ports, 'importReportTemplate', async ({ input }) => {
    const read = importTemplate(input.name, input.text);
    return read.ok ? ok(read.value) : failure('bad-request', read.error);
  });
}

/** Templates and macros that a reader has begun to write and not saved. */
export function mountTemplateWorkRoutes(routes: {
  readonly app: Hono;
  readonly sessions: Sessions;
  readonly ports: Ports;
  readonly templateWorks: TemplateWorks;
}): void {
  const { app, sessions, ports, templateWorks } = routes;
  mount(app, sessions, ports, 'templateWorks', async ({ session: { reader } }) =>
    ok({ works: await templateWorks.of(reader.id) }),
  );
  mount(app, sessions, ports, 'keepTemplateWork', async ({ input, session: { reader } }) => {
    const kept = await templateWorks.keep(reader.id, input.key, input.revision, input.written);
    if (kept.ok) return kept;
    const { code, message } = kept.error;
    return failure(code === 'too-many' ? 'bad-request' : code, message);
  });
}
