import { spawn } from 'node:child_process';

/**
 * Runs Electron's own installer (it checks the download against the checksums that npm brought). Null when it came, else the reason
 * in a few words. `limit` in milliseconds; the time that has gone is shown every five seconds.
 */
export function downloadElectron(options: {
  readonly installer: string;
  readonly limit: number;
  readonly progress: (seconds: number) => void;
}): Promise<string | null> {
  const child = spawn(process.execPath, [options.installer], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    complaint = (complaint + text).slice(-20_000);
  });
  const started = performance.now();
  const ticker = setInterval(() => options.progress(Math.round((performance.now() - started) / 1000)), 5_000);
  return new Promise((resolve) => {
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, options.limit);
    const end = (reason: string | null): void => {
      clearInterval(ticker);
      clearTimeout(deadline);
      resolve(reason);
    };
    child.once('error', (reason) => end(reason.message));
    child.once('close', (code) => {
      if (code === 0) end(null);
      else if (late) end(`it took longer than ${Math.round(options.limit / 1000)} s`);
      else if (complaint.includes('fetch failed')) end('its server cannot be reached from here');
      else end(/\b(E[A-Z]{3,}|[45]\d\d)\b/.exec(complaint)?.[1] ?? `exit code ${code ?? 'unknown'}`);
    });
  });
}
