import { useState } from 'react';
import type { HostClient } from '../../host/index.ts';
import { Button } from '../../ui/index.ts';

/** A report's PDF as it came, saved beside other downloads: its bytes are a stranger's, so this page never draws them. */
export function SaveDocument(props: {
  readonly host: Pick<HostClient, 'call'>;
  readonly taskId: string;
  readonly reportId: string;
}) {
  const { host, taskId, reportId } = props;
  const [state, setState] = useState<'idle' | 'asking' | { readonly trouble: string }>('idle');
  const save = async (): Promise<void> => {
    setState('asking');
    const answered = await host.call('reportDocument', { params: { taskId, reportId } });
    if (!answered.ok) return setState({ trouble: answered.error.message });
    const bytes = Uint8Array.from(atob(answered.value.data), (letter) => letter.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
    const link = document.createElement('a');
    link.href = address;
    // No name of a patient: the name is seen by everybody who sees the folder.
    link.download = 'report-of-the-site.pdf';
    link.click();
    // The download has begun by then.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    setState('idle');
  };
  return (
    <p className="report-document">
      <Button disabled={state === 'asking'} onClick={() => void save()}>
        Save the PDF
      </Button>
      <span className={typeof state === 'object' ? 'signal small' : 'mute small'}>
        {typeof state === 'object' ? state.trouble : 'as it came; it opens outside Overread'}
      </span>
    </p>
  );
}
