/*
 * What counts as a config file unless the configuration says otherwise: by its name alone, never by words in its path,
 * so `src/config.py` and `experiments/run.py` are code.
 */
const CONFIG_ENDINGS = /\.(ya?ml|json|toml|ini|cfg|conf|env|properties)$/i;
const CONFIG_NAMES = /^(requirements[\w.-]*\.txt|environment[\w.-]*\.txt|Pipfile|\.env)$/i;

/** Files of editing between runs rather than of programming. Patterns are those of `.gitignore`. */
export function makeConfigFileRule(
  matches: ((path: string) => boolean) | undefined,
): (path: string) => 'code' | 'config' {
  const isConfig = matches ?? isConfigName;
  return (path) => (isConfig(path) ? 'config' : 'code');
}

/** The rule in effect without `sync.config_files`. */
export function isConfigName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return CONFIG_ENDINGS.test(name) || CONFIG_NAMES.test(name);
}
