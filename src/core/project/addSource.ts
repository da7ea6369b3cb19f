import { HsmError } from '../base/errors';
import { hasErrors } from '../sweep/problem';
import type { JsonValue } from '../sweep/value';
import { mergeConfigs, parseConfig, type ProjectFile } from './config';
import { CONFIG_FILE } from './configReader';
import { insertSources } from './insertSource';
import type { ProjectPorts } from './projectPorts';

type Ports = Pick<ProjectPorts, 'files' | 'path' | 'projectDir' | 'machineConfigFile'>;

/** Names go into paths, command lines and logs. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/u;

/**
 * Writes a source into the project's configuration file, which is made where there is none. Where no source was
 * configured so far, the one that is there by itself, `local`, is written down too: it would go with the first other one.
 *
 * @param fields - as the file writes them, e.g. `{ type: 'ssh', host: 'gpubox' }`
 * @throws HsmError `input.invalid` when the name is taken or cannot be one, when the fields make no source, or when a
 *   configuration file has errors; nothing was written then
 */
export async function addSource(
  ports: Ports,
  name: string,
  fields: Readonly<Record<string, JsonValue>>,
): Promise<void> {
  requireName(name);
  const file = ports.path.join(ports.projectDir, CONFIG_FILE);
  const machine = await readSound(ports, ports.machineConfigFile);
  const project = await readSound(ports, file);
  const known = { ...machine.value.sources, ...project.value.sources };
  if (name in known) {
    const message = `There is a compute source "${name}" already; nothing was added.`;
    throw new HsmError('input.invalid', message, { hint: 'Choose another name.' });
  }
  const isFirst = Object.keys(known).length === 0 && name !== 'local';
  const text = insertSources(project.text, {
    ...(isFirst ? { local: { type: 'local' } } : {}),
    [name]: fields,
  });
  requireUsable(name, text, machine.value);
  await ports.files.write(file, text);
}

function requireName(name: string): void {
  if (NAME.test(name)) return;
  throw new HsmError(
    'input.invalid',
    `"${name}" cannot be the name of a compute source; nothing was added.`,
    {
      hint: 'Use letters, digits, dots, hyphens and underscores, and begin with a letter or digit.',
    },
  );
}

/** An absent file says nothing. */
async function readSound(ports: Ports, file: string): Promise<{ text: string; value: ProjectFile }> {
  const text = (await ports.files.read(file)) ?? '';
  const { value, problems } = parseConfig(text);
  if (value && !hasErrors(problems)) return { text, value };
  const first = problems.find(({ severity }) => severity === 'error');
  const what = first ? `line ${first.range.line}: ${first.message}` : 'it cannot be read';
  throw new HsmError('input.invalid', `${file} has errors, so nothing was added to it: ${what}`, {
    problems: problems.map((problem) => ({ ...problem, file })),
  });
}

function requireUsable(name: string, text: string, machine: ProjectFile): void {
  const { value, problems } = parseConfig(text);
  const error = problems.find(({ severity }) => severity === 'error');
  const { incomplete } = mergeConfigs(machine, value);
  const reason = error?.message ?? incomplete.find(({ source }) => source === name)?.reason;
  if (reason === undefined) return;
  throw new HsmError('input.invalid', `"${name}" was not added: ${reason}`, {});
}
