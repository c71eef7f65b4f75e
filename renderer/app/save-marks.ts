import type { CaseDetail } from '../../shared/api/index.ts';
import type { CaseStore } from '../case/index.ts';
import type { HostClient } from '../host/index.ts';

const count = (number: number, one: string): string => (number === 1 ? `1 ${one}` : `${number} ${one}s`);

/** That they are drawn over the images too, wherever a viewer shows presentation states. */
function drawnWords(measurements: number, drawn: number): string {
  if (drawn === 0) return '';
  return drawn >= measurements ? ' and drawn as GSPS' : ` (${drawn} of them drawn as GSPS)`;
}

/** Puts the marks of the open case into the archive; what came of it in words. Marks of another case cannot be among them: the holder has one epoch. */
export async function saveMarks(
  host: Pick<HostClient, 'call'>,
  caseStore: CaseStore,
  context: CaseDetail['context'],
): Promise<string> {
  const { epoch, marks } = caseStore.marks.state.getState();
  if (epoch !== context.epoch) return 'The case is not open any more: nothing was saved.';
  const answered = await host.call('saveMarks', { params: { taskId: context.taskId }, input: { context, marks } });
  if (!answered.ok) return `Not in the archive: ${answered.error.message}`;
  const { measurements, drawn, keyImages, left } = answered.value;
  const took = [
    ...(measurements === 0 ? [] : [`${count(measurements, 'measurement')} as SR${drawnWords(measurements, drawn)}`]),
    ...(keyImages === 0 ? [] : [`${count(keyImages, 'key image')} as KOS`]),
  ];
  const rest = left === 0 ? '' : ` ${count(left, 'mark')} on images of other studies stayed here.`;
  return took.length === 0 ? `Nothing to save of this study.${rest}` : `In the archive: ${took.join(', ')}.${rest}`;
}
