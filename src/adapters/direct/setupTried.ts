import type { Surroundings } from './runnerFiles';

/** What of the preparation of tasks a look may try. */
export interface TriedSetup extends Surroundings {
  /** Something is left out that tasks get. */
  readonly isPartial: boolean;
}

/** Verbs of modules that only change the shell. Others write collections, start-up files or caches, or run scripts. */
const VERB =
  '(?:load|add|try-load|try-add|load-any|unload|del|rm|swap|switch|purge|reset|restore|use|unuse|list|is-loaded|is-avail)';
const OPTION = String.raw`--?[a-z][\w-]*`;
/** What stands for nothing but itself or a variable. Those that differ from slot to slot are not there in a try. */
const PLAIN = String.raw`(?:[\w@%+:,./~=-]|\$(?!\{?(?:HSM_|CUDA_))(?:[A-Za-z_]\w*(?!\w)|\{[A-Za-z_]\w*\}))+`;
const MODULE = `module(?: ${OPTION})*(?: ${VERB})(?: ${PLAIN})*`;
/** Without a verb its words are modules, as far as their versions tell them from verbs. */
const ML = String.raw`ml(?: ${OPTION})*(?:(?: ${VERB})(?: ${PLAIN})*|(?: [\w+.-]+/[\w+./-]+)+)`;
const HARMLESS = new RegExp(`^(?:${MODULE}|${ML})$`);

/**
 * What may be tried when somebody only looks: activating an environment, and lines that do nothing but load modules, up
 * to the first that does something else. Lines after that may depend on it, so they would say nothing.
 *
 * @param hasProject - whether the project is there, which a relative `conda_env` needs
 */
export function toTriedSetup({ env, setup, condaEnv }: Surroundings, hasProject: boolean): TriedSetup {
  if (condaEnv !== undefined && !hasProject && isRelative(condaEnv))
    return { env, setup: [], isPartial: true };
  const end = setup.findIndex((line) => !isHarmless(line));
  const tried = end < 0 ? setup : setup.slice(0, end);
  return { env, setup: tried, ...(condaEnv !== undefined && { condaEnv }), isPartial: end >= 0 };
}

/** `module purge && module load gcc/12 cuda` */
function isHarmless(line: string): boolean {
  return line.split(/&&|;/).every((part) => HARMLESS.test(part.trim().replaceAll(/[ \t]+/g, ' ')));
}

/** Else it is absolute, or a name, which conda knows. */
function isRelative(condaEnv: string): boolean {
  return /^(?:\.|[^~/]+\/)/.test(condaEnv);
}
