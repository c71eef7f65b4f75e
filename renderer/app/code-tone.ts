/** Two notes, the second higher, in no other place of the program: a code sounds like nothing else. */
const notes = [
  { at: 0, hertz: 740 },
  { at: 0.22, hertz: 988 },
  { at: 0.44, hertz: 740 },
] as const;
const noteSeconds = 0.18;

let context: AudioContext | null = null;

/** Sounds once. Where the browser lets nothing sound before a click, or has no sound, the line on screen stands alone. */
export function soundCode(): void {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    const start = context.currentTime + 0.02;
    for (const note of notes) {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.type = 'triangle';
      oscillator.frequency.value = note.hertz;
      gain.gain.setValueAtTime(0, start + note.at);
      gain.gain.linearRampToValueAtTime(0.35, start + note.at + 0.02);
      gain.gain.linearRampToValueAtTime(0, start + note.at + noteSeconds);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(start + note.at);
      oscillator.stop(start + note.at + noteSeconds);
    }
  } catch {
    context = null;
  }
}

export type NotificationLeave = 'granted' | 'denied' | 'default' | 'none';

export function notificationLeave(): NotificationLeave {
  return typeof Notification === 'undefined' ? 'none' : Notification.permission;
}

/** Words without a patient, a site or an exam: the notification stands on lock screens and in histories. */
export function notifyCode(): void {
  if (notificationLeave() !== 'granted') return;
  try {
    const shown = new Notification('Overread', { body: 'A code study waits.', tag: 'overread-code', silent: true });
    shown.onclick = () => window.focus();
  } catch {
    // A platform that shows none: sound and line remain.
  }
}
