import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The processes at the far end of the connections to a port of this machine: sshd's, one or two for each session. */
export function processesAtPort(port: number): number[] {
  const sockets = new Set(connectionsAt(port).map((inode) => `socket:[${inode}]`));
  return sockets.size === 0 ? [] : pids().filter((pid) => openFiles(pid).some((file) => sockets.has(file)));
}

/** The processes that were started with this home directory, whatever became of the session that started them. */
export function processesOfHome(home: string): number[] {
  return pids().filter((pid) => pid !== process.pid && environment(pid).includes(`HOME=${home}`));
}

/** Numbers of the sockets whose own end is the port; a listener is none. */
function connectionsAt(port: number): string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  // 0: 0100007F:1F90 0100007F:D2A4 01 … uid timeout inode; state 0A is a listener, and inode 0 nobody's any more.
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row[1]?.endsWith(ending) && row[3] !== '0A' && row[9] !== '0')
    .flatMap((row) => row[9] ?? []);
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Nothing of a process that is gone or somebody else's. */
function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

function environment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
