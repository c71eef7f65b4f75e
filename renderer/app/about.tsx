import type { Capabilities } from '../../shared/api/index.ts';
import { Button, Dialog } from '../ui/index.ts';
import { NotADevice } from './not-a-device.tsx';

export function About({
  capabilities,
  onClose,
}: {
  readonly capabilities: Capabilities;
  readonly onClose: () => void;
}) {
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
        <div className="dialog-actions">
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
