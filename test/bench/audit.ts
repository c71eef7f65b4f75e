import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog, verifyAuditFiles } from '../../electron/host/audit/index.ts';
import { openKeyRing } from '../../electron/host/keys/index.ts';
import { testPorts } from '../servers/overread-host/start-host.ts';

/**
 * `npm run bench:audit`: how long an access log of many entries takes to be verified, and an access to be logged with its head kept
 * beside it. `BENCH_ENTRIES` (100000) and `BENCH_ROUNDS` (5) say how many and how often; the aim for a hundred thousand is 1.5 s.
 */
const count = Number(process.env.BENCH_ENTRIES ?? '100000');
const rounds = Number(process.env.BENCH_ROUNDS ?? '5');
const atOnce = 2_000;
const singles = 200;

function line(what: string, values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [least, most] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  console.log(`${what.padEnd(44)} median ${median.toFixed(1)} ms (${least.toFixed(1)} to ${most.toFixed(1)})`);
  return Math.round(median * 10) / 10;
}

const directory = await mkdtemp(join(tmpdir(), 'overread-bench-audit-'));
try {
  const ring = await openKeyRing({ directory, secret: { kind: 'key-file' } });
  if (!ring.ok) throw new Error(ring.error.message);
  const log = await openAuditLog({ directory, keyRing: ring.value, ports: testPorts() });
  if (!log.ok) throw new Error(log.error.message);
  const look = (number: number) => ({
    user: 'ann',
    purpose: 'look' as const,
    patient: `P${number}`,
    studyUid: `1.2.826.0.1.${number}`,
  });
  for (let start = singles; start < count; start += atOnce) {
    const many = Array.from({ length: Math.min(atOnce, count - start) }, (_, index) => look(start + index));
    const written = await log.value.record(many);
    if (!written.ok) throw new Error(written.error.message);
  }
  const logged: number[] = [];
  for (let number = 0; number < Math.min(singles, count); number += 1) {
    const begin = performance.now();
    const written = await log.value.record([look(number)]);
    if (!written.ok) throw new Error(written.error.message);
    logged.push(performance.now() - begin);
  }
  const verified: number[] = [];
  const busy: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    const cpu = process.cpuUsage();
    const verdict = verifyAuditFiles({ directory, keyRing: ring.value, given: [] });
    verified.push(performance.now() - begin);
    const { user, system } = process.cpuUsage(cpu);
    busy.push((user + system) / 1_000);
    if (!verdict.ok || verdict.entries !== count) throw new Error(`not intact: ${JSON.stringify(verdict)}`);
  }
  await log.value.close();
  const figures = {
    entries: count,
    verify_ms: line(`${count} entries verified`, verified),
    // On a machine that others use the processor's own time says more than the clock.
    verify_cpu_ms: line('the same, processor time', busy),
    log_ms: line('one access logged, head kept', logged),
  };
  console.log(`load of the machine ${loadavg()[0]?.toFixed(1)}`);
  console.log(JSON.stringify(figures));
} finally {
  await rm(directory, { recursive: true, force: true });
}
