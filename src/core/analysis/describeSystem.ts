import type { SharedLook, SystemInformation } from './systemInformation';

const PROCESSES = 5;

/** The machine when a task failed, in lines for people: `memory: 0.5 of 31.3 GiB available`. */
export function describeSystem(system: SystemInformation): string[] {
  const { shared, host, os, disks, memory, gpus, processes, limits, environment } = system;
  const swap = memory?.swapFreeBytes === undefined ? '' : `, swap ${gib(memory.swapFreeBytes)} free`;
  return [
    ...(shared ? [foundFor(shared)] : []),
    ...(host === undefined ? [] : [`host: ${[host, os].filter(Boolean).join(', ')}`]),
    ...(memory
      ? [`memory: ${gib(memory.availableBytes)} of ${gib(memory.totalBytes)} available${swap}`]
      : []),
    ...disks.map(
      ({ mount, freeBytes, totalBytes }) => `disk ${mount}: ${gib(freeBytes)} of ${gib(totalBytes)} free`,
    ),
    ...gpus.map(
      ({ index, name, usedMiB, totalMiB }) => `GPU ${index} (${name}): ${usedMiB} of ${totalMiB} MiB used`,
    ),
    ...processes
      .slice(0, PROCESSES)
      .map(
        ({ pid, user, residentBytes, cpuPercent, command }) =>
          `process ${pid} ${command} of ${user}: ${gib(residentBytes)}, ${cpuPercent} % CPU`,
      ),
    ...joined('limits', limits, ' '),
    ...joined('environment', environment, '='),
  ];
}

/** `as found 0.4 s earlier for task_0030` */
function foundFor({ task, beforeMs }: SharedLook): string {
  const when =
    beforeMs === 0 ? 'then' : `${Math.abs(beforeMs) / 1000} s ${beforeMs < 0 ? 'later' : 'earlier'}`;
  return `as found ${when} for ${task}`;
}

function joined(what: string, values: Readonly<Record<string, string>>, sign: string): string[] {
  const texts = Object.entries(values).map(([name, value]) => `${name}${sign}${value}`);
  return texts.length === 0 ? [] : [`${what}: ${texts.join(', ')}`];
}

function gib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
