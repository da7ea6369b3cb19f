import { relativeTo } from '../documents/documentText';

export function isYamlFile(file: string): boolean {
  return /\.ya?ml$/i.test(file);
}

/** Whether a file configures the project: sources, interpreter, how parameters are passed. */
export function isProjectFile(projectDir: string, file: string): boolean {
  return relativeTo(projectDir, file) === '.hsm/config.yaml';
}
