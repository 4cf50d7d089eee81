// What the operating system says of a process: does it live, since when, what is it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Process {
  /** Changes when the number is given to another process. */
  since: string;
  command: string;
}

/** `undefined` for one that is gone, or a zombie that nobody has reaped. */
export function findProcess(pid: number): Process | undefined {
  return process.platform === 'linux' ? readProc(pid) : askPs(pid);
}

function readProc(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; the fields follow the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { since: fields[19] ?? '', command };
  } catch {
    return undefined;
  }
}

function askPs(pid: number): Process | undefined {
  try {
    const told = execFileSync('ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [, state, since, command] = /^(\S+)\s+(\S+ \S+ +\d+ \S+ \d+)\s+(.*)$/s.exec(told) ?? [];
    if (!state || state.startsWith('Z')) return undefined;
    return { since: since ?? '', command: command ?? '' };
  } catch {
    return undefined;
  }
}

/** Living processes at home in this folder, as PostgreSQL's are in theirs; none elsewhere than on Linux. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== process.pid && homeOf(pid) === folder && findProcess(pid));
}

function homeOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
