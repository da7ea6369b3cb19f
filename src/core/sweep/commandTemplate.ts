import { quoteWord } from '../base/shellWord';
import { plainText } from './plainText';
import type { ParameterValue } from './value';

/** What placeholders stand for. */
export interface TemplateValues {
  parameter(name: string): ParameterValue | undefined;
  readonly arguments: readonly string[];
  readonly taskDir: string;
  readonly task: number;
}

const BUILT_IN = ['arguments', 'task_dir', 'task'];
/** `{{` and `}}` stand for single braces. Braces around anything but a name (`{print $1}`, JSON) are left alone. */
const PLACEHOLDER = /\{\{|\}\}|\{([\w~+@$/][\w.~+@$/-]*)\}/g;

/**
 * Fills a command template. An element that is just `{arguments}` becomes as many elements as there are; inside an
 * element they are quoted words. `{name}` and `{parameter.name}` are a parameter's value, `{task}` is the task's
 * number, `{task_dir}` its directory. A placeholder that stands for nothing is left as it is: `placeholdersOf` finds
 * those before anything runs.
 */
export function fillTemplate(template: readonly string[], values: TemplateValues): string[] {
  return template.flatMap((element) =>
    element === '{arguments}' ? values.arguments : [fillElement(element, values)],
  );
}

/** The parameters that an element of a template names. */
export function placeholdersOf(element: string): readonly string[] {
  return [...element.matchAll(PLACEHOLDER)]
    .map((match) => match[1])
    .filter((name) => name !== undefined && !BUILT_IN.includes(name))
    .filter((name) => name !== undefined);
}

/** Whether a placeholder is in the element at all. */
export function hasPlaceholder(element: string): boolean {
  return [...element.matchAll(PLACEHOLDER)].some((match) => match[1] !== undefined);
}

/** The parameter that a placeholder means, among those there are: by its name, else by its name after `parameter.`. */
export function parameterMeant(placeholder: string, has: (name: string) => boolean): string | undefined {
  if (has(placeholder)) return placeholder;
  const name = placeholder.startsWith('parameter.') ? placeholder.slice('parameter.'.length) : undefined;
  return name !== undefined && has(name) ? name : undefined;
}

function fillElement(element: string, values: TemplateValues): string {
  return element.replaceAll(PLACEHOLDER, (text: string, name: string | undefined) => {
    if (name === undefined) return text.slice(1);
    if (name === 'arguments') return values.arguments.map(quoteWord).join(' ');
    if (name === 'task_dir') return values.taskDir;
    if (name === 'task') return String(values.task);
    const meant = parameterMeant(name, (candidate) => values.parameter(candidate) !== undefined);
    const value = meant === undefined ? undefined : values.parameter(meant);
    return value === undefined ? text : plainText(value);
  });
}
