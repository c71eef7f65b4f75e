/**
 * One shape for each meaning, so that nothing is said by colour alone: diamond asks, octagon stops, padlock is another's, pause bars
 * wait, dot is live, ring is open, disc is yours, tick is done, cross is refused.
 */
export type MarkShape = 'diamond' | 'octagon' | 'padlock' | 'pause' | 'dot' | 'ring' | 'disc' | 'tick' | 'cross';

/** A shape beside words. The words carry the meaning for those who do not see it. */
export function Mark({ shape }: { readonly shape: MarkShape }) {
  return <i className={`mark ${shape}`} aria-hidden="true" />;
}

/** filled: the most urgent · outlined: urgent · plain: usual · late · boxed: a side or a state · prior: another date. */
export type TagForm = 'filled' | 'outlined' | 'plain' | 'late' | 'boxed' | 'prior';

export function Tag({ form, children }: { readonly form: TagForm; readonly children: string }) {
  return <span className={`tag ${form}`}>{children}</span>;
}
