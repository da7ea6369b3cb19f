import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toSourceJson } from '../jsonShapes';
import { formatSourceHealth, formatSourceList } from '../text/sourceText';
import type { JsonFlag } from './status';

/** `hsm sources`: what is configured. Nothing is connected to. */
export function listSources({ project, out }: CommandContext, { json }: JsonFlag): ExitCode {
  const sources = project.sources();
  if (json === true) out.print(JSON.stringify(sources.map((source) => toSourceJson(source))));
  else out.print(...formatSourceList(sources));
  return EXIT.ok;
}

/** `hsm sources test NAME`: whether tasks could run there now. */
export async function testSource(
  { project, out }: CommandContext,
  name: string,
  { json }: JsonFlag,
): Promise<ExitCode> {
  const source = await project.testSource(name);
  const connection = project.hosts.hosts().find(({ host }) => host === source.host)?.state;
  if (json === true) out.print(JSON.stringify(toSourceJson(source, connection)));
  else out.print(...formatSourceHealth(source, connection));
  return source.health?.state === 'unhealthy' ? EXIT.sourceTrouble : EXIT.ok;
}
