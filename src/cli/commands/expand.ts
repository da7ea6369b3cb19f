import type { PreviewTask } from '../../core/facade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { readSweepFile } from '../sweepFile';
import { formatArgument, formatCommand } from '../text/commandText';

export interface ExpandFlags {
  readonly json?: boolean;
  readonly count?: boolean;
  readonly limit?: number;
}

const CHUNK = 64 * 1024;

/** `hsm expand FILE`: prints the tasks one by one, as fast as they are read and no further. */
export async function expandSweepFile(
  context: CommandContext,
  file: string,
  flags: ExpandFlags,
): Promise<ExitCode> {
  const { out } = context;
  const expanded = await readSweepFile(context, file);
  const shown = Math.min(expanded.count, flags.limit ?? Infinity);
  if (flags.count === true) {
    out.print(String(shown));
    return EXIT.ok;
  }
  const format = flags.json === true ? formatJson : formatText(String(shown).length);
  let chunk = '';
  for (const task of expanded.tasks()) {
    if (task.number > shown) break;
    chunk += `${format(task)}\n`;
    if (chunk.length < CHUNK) continue;
    // Nobody reads any more (`hsm expand … | head`): enough was said.
    if (!(await out.write(chunk)) || context.interrupted.aborted) return EXIT.ok;
    chunk = '';
  }
  await out.write(chunk);
  return EXIT.ok;
}

function formatJson({ number, name, parameters, arguments: tokens, argv }: PreviewTask): string {
  return JSON.stringify({ number, name, parameters, arguments: tokens, argv });
}

/** Number, name, parameters, and the command as one could type it. */
function formatText(width: number): (task: PreviewTask) => string {
  return ({ number, name, parameters, argv }) => {
    const values = Object.entries(parameters).map(([key, value]) =>
      formatArgument(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`),
    );
    return `${String(number).padStart(width)}  ${name}  ${values.join(' ')}  ${formatCommand(argv)}`;
  };
}
