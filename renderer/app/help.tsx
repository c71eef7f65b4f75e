import { Button, Dialog, KeyPlate, Mark, useCommandList } from '../ui/index.ts';
import type { SelfTestResult } from './self-test.ts';

/** Every command with its keys, and how the self-test at start went. */
export function Help({
  results,
  onClose,
}: {
  readonly results: readonly SelfTestResult[];
  readonly onClose: () => void;
}) {
  const commands = useCommandList();
  const groups = [...new Set(commands.map((command) => command.group))];
  return (
    <Dialog title="Help" onClose={onClose} className="help">
      <div className="dialog-body">
        <section aria-label="Self-test">
          <div className="section-head">
            <h3>Self-test at start</h3>
          </div>
          <dl className="facts">
            {results.map((result) => (
              <div key={result.name} className="fact">
                <dt>
                  <Mark shape={result.passed ? 'tick' : 'diamond'} /> {result.name}
                </dt>
                <dd className={result.passed ? 'dim' : 'signal'}>{result.detail}</dd>
              </div>
            ))}
            {results.length === 0 ? <dd className="mute">Running.</dd> : null}
          </dl>
        </section>
        {groups.map((group) => (
          <section key={group} aria-label={group} className="help-group">
            <div className="section-head">
              <h3>{group}</h3>
            </div>
            <dl className="facts">
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id} className="fact">
                    <dt>
                      {(command.keys ?? command.hint) ? <KeyPlate keys={command.keys ?? command.hint ?? ''} /> : null}
                    </dt>
                    <dd>{command.title}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <div className="dialog-actions">
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
