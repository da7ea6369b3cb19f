import { readFileSync } from 'node:fs';
import type { HsmProcess } from '../hsm/hsmProcess';

/** Memory of a process on Linux; undefined when it is gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1];
    return Number(pages) * 4096;
  } catch {
    return undefined;
  }
}

/** Waits for a process, and tells the most memory that it was seen to have. */
export async function highestOf(process: HsmProcess): Promise<{ code: number | undefined; bytes: number }> {
  let bytes = 0;
  const meter = setInterval(() => {
    bytes = Math.max(bytes, residentBytes(process.pid) ?? 0);
  }, 50);
  try {
    return { code: await process.ended(), bytes };
  } finally {
    clearInterval(meter);
  }
}
