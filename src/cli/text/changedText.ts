import type { ChangedPlace } from '../changedPlaces';
import { formatPath } from './paths';

/** That the code is not what ran, as a sentence: `train.py has changed since this ran: line 9 is now line 11.` */
export function formatChanged({ file, line, lineNow }: ChangedPlace, cwd: string): string {
  const then = `${formatPath(file, cwd)} has changed since this ran`;
  if (lineNow === undefined) return `${then}: line ${line} as it was is not there any more.`;
  return lineNow === line
    ? `${then}, but not at line ${line}.`
    : `${then}: line ${line} is now line ${lineNow}.`;
}
