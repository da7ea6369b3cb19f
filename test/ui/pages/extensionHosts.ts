import { execFileSync } from 'node:child_process';

/** The extension hosts of a server's windows, by their process ids. */
export function extensionHosts(serverPid: number): number[] {
  return execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === serverPid && match?.[3]?.includes('--type=extensionHost'))
    .map((match) => Number(match?.[1]));
}
