import type { ProjectSettings } from '../project/config';
import { hasPlaceholder, parameterMeant, placeholdersOf } from './commandTemplate';
import { isHydraKey } from './hydra';
import { variableName } from './parameterVariables';
import type { Problem, TextRange } from './problem';
import type { Sweep } from './sweep';
import { scriptOf, styleOf, templateOf } from './taskCommand';
import { suggest } from './yaml/suggest';

/**
 * What is wrong with the commands that a sweep would run in a project: no script, a template that names an unknown
 * parameter, names that Hydra or the environment cannot take. Ranges are in the sweep file.
 */
export function checkCommand(sweep: Sweep, project: ProjectSettings): readonly Problem[] {
  const template = templateOf(sweep, project);
  if (template) {
    const at = sweep.places.command ?? sweep.places.start;
    const usesTokens = template.some((element) => element.includes('{arguments}'));
    return [
      ...template.flatMap((element) => unknownPlaceholders(element, sweep, at)),
      ...shellCode(template, at),
      ...(usesTokens || styleOf(sweep, project) === 'env' ? nameProblems(sweep, project) : []),
    ];
  }
  return [...missingScript(sweep, project), ...nameProblems(sweep, project)];
}

function missingScript(sweep: Sweep, project: ProjectSettings): Problem[] {
  if (scriptOf(sweep, project) !== undefined) return [];
  const message = 'Nothing says what to run: there is no `script` and no `run.command`.';
  const hint = 'Add `script: train.py` here, or `project: { script: train.py }` to .hsm/config.yaml.';
  return [error('no-script', sweep.places.start, message, hint)];
}

function unknownPlaceholders(element: string, sweep: Sweep, at: TextRange): Problem[] {
  const known = [...sweep.places.parameters.keys()];
  const problems: Problem[] = [];
  for (const placeholder of placeholdersOf(element)) {
    const meant = parameterMeant(placeholder, (name) => known.includes(name));
    if (meant === undefined) {
      const near = suggest(placeholder, known);
      const hint = near ? `Did you mean \`{${near}}\`?` : 'For braces as they are, write `{{` and `}}`.';
      const message = `The command names \`{${placeholder}}\`, but the sweep has no such parameter.`;
      problems.push(error('unknown-placeholder', at, message, hint));
    } else problems.push(...sometimesAbsent(meant, sweep, at));
  }
  return problems;
}

/** A combination under `include` need not set every parameter that the grid has. */
function sometimesAbsent(name: string, sweep: Sweep, at: TextRange): Problem[] {
  const clause = sweep.include.find(({ parameters }) => !parameters.has(name) && !sweep.defaults.has(name));
  const onlyIncluded =
    !sweep.defaults.has(name) &&
    !sweep.axes.some((axis) => axis.names.includes(name)) &&
    !sweep.random?.distributions.has(name);
  const inProduct = sweep.axes.length > 0 || sweep.random !== undefined;
  if (!clause && !(onlyIncluded && inProduct)) return [];
  const message = `The command names \`{${name}}\`, but some combinations do not set it.`;
  return [
    error('placeholder-without-value', clause?.range ?? at, message, `Give it a value under \`defaults\`.`),
  ];
}

/** In `sh -c` the next element is a program: a value put into it would be run, not passed. */
function shellCode(template: readonly string[], at: TextRange): Problem[] {
  const shell = template.findIndex((element) => /(^|\/)(sh|bash|dash|zsh|ksh|fish|csh|tcsh)$/.test(element));
  if (shell < 0) return [];
  const flag = template.findIndex((element, index) => index > shell && /^-\w*c$/.test(element));
  const code = flag < 0 ? undefined : template[flag + 1];
  if (code === undefined || !hasPlaceholder(code)) return [];
  const message = 'The shell would read the values in this command as code.';
  const hint = 'Pass them as arguments: `[sh, -c, \'exec python train.py "$@"\', sh, "{arguments}"]`.';
  return [error('placeholder-in-shell-code', at, message, hint)];
}

function nameProblems(sweep: Sweep, project: ProjectSettings): Problem[] {
  const style = styleOf(sweep, project);
  if (style === 'env') return variableCollisions(sweep);
  const fits = style === 'hydra' ? isHydraKey : isOptionName;
  const reader = style === 'hydra' ? 'Hydra' : 'a command line';
  return [...sweep.places.parameters]
    .filter(([name]) => !fits(name))
    .map(([name, range]) => error('bad-name', range, `\`${name}\` is no name that ${reader} can take.`));
}

function isOptionName(name: string): boolean {
  return /^[^\s=-][^\s=]*$/.test(name);
}

function variableCollisions(sweep: Sweep): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [name, range] of sweep.places.parameters) {
    const variable = variableName(name);
    const owner = owners.get(variable);
    owners.set(variable, owner ?? name);
    if (owner === undefined) continue;
    const message = `\`${owner}\` and \`${name}\` would both be the variable ${variable}.`;
    problems.push(error('variable-collision', range, message, 'Rename one of them.'));
  }
  return problems;
}

function error(code: string, range: TextRange, message: string, hint?: string): Problem {
  return { severity: 'error', code, message, range, ...(hint !== undefined && { hint }) };
}
