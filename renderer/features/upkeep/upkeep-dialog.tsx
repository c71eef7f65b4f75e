import { Button, Dialog, Message } from '../../ui/index.ts';
import './downtime.css';
import type { Upkeep } from './use-upkeep.ts';

/** Backup and downtime, for the lead. */
export function UpkeepDialog(props: {
  readonly upkeep: Upkeep | null;
  readonly onPage: (siteId: string) => void;
  readonly onClose: () => void;
}) {
  const { upkeep } = props;
  return (
    <Dialog title="Backup and downtime" onClose={props.onClose}>
      <div className="dialog-body">
        {upkeep === null ? (
          <p className="mute">Asking the host… If it does not answer, this stays empty; ask again later.</p>
        ) : (
          <>
            <BackupFacts backup={upkeep.backup} />
            <DowntimeFacts downtime={upkeep.downtime} onPage={props.onPage} />
          </>
        )}
        <div className="dialog-actions">
          <Button keys="Esc" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function BackupFacts({ backup }: { readonly backup: Upkeep['backup'] }) {
  if (backup.kind === 'off')
    return (
      <Message tone={backup.asked ? 'ask' : 'tell'} title="No nightly backup is set on this host.">
        Whoever runs it gives it a folder on another disk: --backup-target FOLDER, and --backup-hour for the hour. By
        hand: npm run backup -- TARGET.
      </Message>
    );
  return (
    <section aria-label="Nightly backup">
      <div className="section-head">
        <h3>Nightly backup</h3>
      </div>
      <dl className="facts">
        <div className="fact">
          <dt>Last good backup</dt>
          <dd className={backup.old ? 'signal' : ''}>{backup.lastGood ?? 'none yet'}</dd>
        </div>
        <div className="fact">
          <dt>Every night</dt>
          <dd>{backup.nightly}</dd>
        </div>
        <div className="fact">
          <dt>Now</dt>
          <dd>{backup.running ? 'One is being made and read back.' : 'None is under way.'}</dd>
        </div>
      </dl>
      {backup.failure === null ? null : (
        <Message tone="ask" title="The last try failed.">
          {backup.failure} It is tried again every quarter of an hour.
        </Message>
      )}
      <p className="mute small">
        Good means: it was read back as an empty host would open it, its access log and signatures verified.
      </p>
    </section>
  );
}

function DowntimeFacts(props: { readonly downtime: Upkeep['downtime']; readonly onPage: (siteId: string) => void }) {
  const { kept, written, failure, sites } = props.downtime;
  return (
    <section aria-label="Downtime pages">
      <div className="section-head">
        <h3>Downtime pages</h3>
      </div>
      <p className={failure === null ? 'dim' : 'signal'}>
        {failure ??
          (kept
            ? `A page for each site is kept in the downtime folder, last written ${written ?? 'not yet'}.`
            : 'No folder is named for them (--downtime-folder): print them before the host goes down.')}
      </p>
      {sites.length === 0 ? (
        <p className="mute">No site is known yet. They appear with the first order, or with npm run sites.</p>
      ) : (
        <p className="downtime-sites">
          {sites.map(({ id, name }) => (
            <Button key={id} onClick={() => props.onPage(id)}>
              {name}
            </Button>
          ))}
        </p>
      )}
    </section>
  );
}
