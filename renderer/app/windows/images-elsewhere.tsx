import { useEffect, useState } from 'react';
import type { CaseDetail } from '../../../shared/api/index.ts';
import type { CaseStore } from '../../case/index.ts';
import { viewerKeys } from '../../features/viewer/viewer-commands.ts';
import type { HostClient } from '../../host/index.ts';
import { useCommands } from '../../ui/index.ts';
import { saveMarks } from '../save-marks.ts';
import type { WindowsHub } from './windows-hub.ts';

const here = 'images.save-marks';

/**
 * In the place of the images while they stand in image windows alone: keys of the images go to the window that was used last, and so
 * does what report and priors ask of them.
 */
export function ImagesElsewhere(props: {
  readonly hub: WindowsHub;
  readonly host: Pick<HostClient, 'call'>;
  readonly caseStore: CaseStore;
  readonly detail: CaseDetail;
}) {
  const { hub, host, caseStore, detail } = props;
  const [saved, setSaved] = useState<string | null>(null);
  const save = (): void => {
    void saveMarks(host, caseStore, detail.context).then(setSaved);
  };
  useCommands(
    viewerKeys.map(([id, title, keys]) => ({
      id,
      title,
      group: 'Images',
      keys,
      run: () => (id === here ? save() : void hub.runThere(id)),
    })),
  );
  useEffect(
    () =>
      caseStore.onCommand((command) => {
        switch (command.type) {
          case 'insert-measurement':
          case 'hang-prior':
          case 'show-measurement':
            hub.send(command);
            return;
          case 'next-view-part':
            hub.runThere('images.view-part');
            return;
          case 'hang-unopened':
            hub.runThere('images.unopened');
            return;
          case 'save-marks':
            void saveMarks(host, caseStore, detail.context).then(setSaved);
            return;
          default:
        }
      }),
    [hub, host, caseStore, detail.context],
  );
  return saved === null ? null : (
    <p className="elsewhere-saved" role="status">
      {saved}
    </p>
  );
}
