import type { PreviewTask } from '../facade';
import type { Expansion } from '../sweep/expand';
import type { Sweep } from '../sweep/sweep';
import { buildCommand } from '../sweep/taskCommand';
import { taskName } from '../sweep/taskName';
import { parametersToJson } from '../sweep/value';
import type { ProjectSettings } from './config';

/** The tasks that a sweep would have, one by one. Their directories stand under `<sweep>`: it has no id yet. */
export function* previewTasks(
  sweep: Sweep,
  expansion: Expansion,
  project: ProjectSettings,
  join: (...parts: string[]) => string,
): Generator<PreviewTask> {
  for (let position = 0; position < expansion.count; position++) {
    const number = position + 1;
    const name = taskName(number, expansion.count);
    const parameters = expansion.at(position);
    const taskDir = join(project.output, '<sweep>', 'tasks', name);
    const command = buildCommand({ sweep, project, parameters, number, name, taskDir });
    yield {
      number,
      name,
      parameters: parametersToJson(parameters),
      arguments: command.arguments,
      argv: command.argv,
    };
  }
}
