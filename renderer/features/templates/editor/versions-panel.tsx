import { useEffect, useState } from 'react';
import type { TemplateVersionView } from '../../../../shared/api/index.ts';
import { type TemplateItem, type TemplateOwner, versionText } from '../../../../shared/domain/template/index.ts';
import { type DiffPart, wordDiff } from '../../../../shared/lib/word-diff.ts';
import type { HostClient } from '../../../host/index.ts';
import { Button, Message } from '../../../ui/index.ts';
import { savedAt } from './saved-at.ts';

const textOf = (item: TemplateItem): string => versionText(item.kind === 'template' ? item.template : item.macro);

/** What changed between two versions; long stretches that stayed are there in full, since a template is short. */
function Compared({ parts }: { readonly parts: readonly DiffPart[] }) {
  return (
    <div className="tpe-compared">
      {parts.map((part, at) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move.
        if (part.kind === 'new') return <ins key={at}>{part.text}</ins>;
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move.
        if (part.kind === 'gone') return <del key={at}>{part.text}</del>;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one comparison never move.
          <span key={at} className="dim">
            {part.text}
          </span>
        );
      })}
    </div>
  );
}

/** All versions with who and when, each compared with the one that stands now, and the way back to it. */
export function VersionsPanel(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly owner: TemplateOwner;
  readonly kind: TemplateItem['kind'];
  /** Empty before the first save. */
  readonly id: string;
  /** The version that is known here; another one asks anew. */
  readonly known: number | null;
  readonly onRestore: (item: TemplateItem, version: number) => void;
}) {
  const { host, owner, kind, id, known } = props;
  const [versions, setVersions] = useState<readonly TemplateVersionView[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a version that was saved, and a second try, ask again.
  useEffect(() => {
    if (id === '') return;
    let over = false;
    const whose =
      owner.kind === 'user'
        ? { owner: 'own' as const }
        : owner.kind === 'group'
          ? { owner: 'group' as const }
          : { owner: 'site' as const, site: owner.id };
    void host.call('reportTemplateVersions', { input: { ...whose, kind, id } }).then((answered) => {
      if (over) return;
      setTrouble(answered.ok ? null : answered.error.message);
      if (answered.ok) setVersions(answered.value.versions);
    });
    return () => {
      over = true;
    };
  }, [host, owner, kind, id, known, tries]);

  if (id === '') return <p className="mute tpe-tab-body">There is no version yet: the first save makes version 1.</p>;
  if (trouble !== null)
    return (
      <Message
        tone="ask"
        title="The versions are not here."
        action={<Button onClick={() => setTries(tries + 1)}>Try again</Button>}
      >
        {trouble}
      </Message>
    );
  if (versions === null) return <p className="mute tpe-tab-body">Asking the host…</p>;
  const [present] = versions;
  const one = versions.find(({ version }) => version === chosen) ?? versions[1] ?? present;
  return (
    <div className="tpe-tab-body">
      <ul className="tpe-versions" aria-label="Versions">
        {versions.map(({ version, saved }) => (
          <li key={version}>
            <button
              type="button"
              className="tpe-version"
              aria-pressed={version === one?.version}
              onClick={() => setChosen(version)}
            >
              <b>Version {version}</b>
              <span>{saved === null ? 'who and when were not kept then' : `${saved.by}, ${savedAt(saved.at)}`}</span>
              {version === present?.version ? <span className="mute">stands now</span> : null}
            </button>
          </li>
        ))}
      </ul>
      {one === undefined || present?.item == null || one.version === present.version ? null : one.item === null ? (
        <p className="mute">Its words were not kept: it is older than the keeping of versions.</p>
      ) : (
        <>
          <div className="tpe-restore">
            <h3>
              From version {one.version} to version {present.version}
            </h3>
            <Button onClick={() => one.item !== null && props.onRestore(one.item, one.version)}>
              Restore version {one.version} as a new version
            </Button>
          </div>
          <Compared parts={wordDiff(textOf(one.item), textOf(present.item))} />
        </>
      )}
    </div>
  );
}
