import { useState } from 'react';
import type { Capabilities } from '../../shared/api/index.ts';
import { readThirdPartyNotices } from '../host/index.ts';
import { Button, Dialog } from '../ui/index.ts';
import { NotADevice } from './not-a-device.tsx';

export function About({
  capabilities,
  onClose,
}: {
  readonly capabilities: Capabilities;
  readonly onClose: () => void;
}) {
  const [notices, setNotices] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const openNotices = async (): Promise<void> => {
    const read = await readThirdPartyNotices();
    setNotices(read);
    setSaid(read === null ? 'The notices could not be read. Try again; npm run build makes them.' : null);
  };
  if (notices !== null)
    return (
      <Dialog title="Third-party notices" className="notices" onClose={() => setNotices(null)}>
        <div className="dialog-body">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus (WCAG 2.1.1). */}
          <section className="notices-text" aria-label="Notices" tabIndex={0}>
            <pre>{notices}</pre>
          </section>
          <div className="dialog-actions">
            <Button keys="Esc" onClick={() => setNotices(null)}>
              Back
            </Button>
          </div>
        </div>
      </Dialog>
    );
  return (
    <Dialog title="About Overread" onClose={onClose}>
      <div className="dialog-body">
        <p>
          Overread {capabilities.version}, an open-source reading workstation for teleradiology. {capabilities.shell}{' '}
          shell.
        </p>
        <NotADevice />
        <p className="dim">It detects nothing in images and ranks nothing by their content.</p>
        {capabilities.notices.map((notice) => (
          <p className="dim" key={notice}>
            {notice}
          </p>
        ))}
        {said === null ? null : (
          <p className="signal" role="alert">
            {said}
          </p>
        )}
        <div className="dialog-actions">
          <Button onClick={() => void openNotices()}>Third-party notices</Button>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
