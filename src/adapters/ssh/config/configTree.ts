import SSHConfig, { LineType, type Directive, type Section } from 'ssh-config';
import { errorText, HsmError } from '../../../core/base/errors';
import type { ConfigEnvironment, ConfigFile } from './configEnvironment';
import { includedFiles } from './includes';

/** A line of a configuration with its words, or a block of them. Includes are replaced by what they include. */
export type ConfigNode =
  | { readonly kind: 'setting'; readonly name: string; readonly words: readonly string[] }
  | {
      readonly kind: 'host' | 'match';
      readonly words: readonly string[];
      readonly nodes: readonly ConfigNode[];
    }
  /** The settings of a file that was included; its blocks end with it. */
  | { readonly kind: 'file'; readonly nodes: readonly ConfigNode[] };

/** One of the files that ssh reads by itself. */
export interface ConfigRoot extends ConfigFile {
  readonly nodes: readonly ConfigNode[];
}

/** As OpenSSH has it. */
const MAX_DEPTH = 16;

/**
 * Reads the configuration with everything that it includes.
 *
 * `ssh-config` only parses here. Its `compute` runs the commands of `Match exec`, and `ssh -G` does so too.
 *
 * @throws HsmError `host.refused` when a file cannot be read or understood
 */
export async function readConfigTree(host: string, environment: ConfigEnvironment): Promise<ConfigRoot[]> {
  const reader = new TreeReader(host, environment);
  return Promise.all(
    environment.configFiles.map(async (file) => ({ ...file, nodes: await reader.readFile(file, 0) })),
  );
}

class TreeReader {
  constructor(
    private readonly host: string,
    private readonly environment: ConfigEnvironment,
  ) {}

  async readFile(file: ConfigFile, depth: number): Promise<ConfigNode[]> {
    if (depth > MAX_DEPTH) throw this.problem(file, 'it includes itself, or includes are nested too deep');
    const text = await this.readText(file);
    return text === undefined ? [] : this.nodes(this.parse(text, file), file, depth);
  }

  private async readText(file: ConfigFile): Promise<string | undefined> {
    try {
      return await this.environment.readFile(file);
    } catch (error) {
      throw this.problem(file, errorText(error), error);
    }
  }

  private parse(text: string, file: ConfigFile): SSHConfig {
    try {
      // The parser fails on a line of a keyword alone and on a byte order mark.
      return SSHConfig.parse(text.replace(/^\uFEFF/, '').replace(/^[ \t]*\w+[ \t]*$/gm, ''));
    } catch (error) {
      throw this.problem(file, errorText(error), error);
    }
  }

  private async nodes(lines: SSHConfig, file: ConfigFile, depth: number): Promise<ConfigNode[]> {
    const nodes: ConfigNode[] = [];
    for (const line of lines) {
      if (line.type !== LineType.DIRECTIVE) continue;
      const name = line.param.toLowerCase();
      const words = wordsOf(line);
      if (name === 'include') nodes.push(...(await this.include(words, file, depth)));
      else if (name === 'host' || name === 'match') {
        nodes.push({ kind: name, words, nodes: await this.nodes(blockOf(line), file, depth) });
      } else nodes.push({ kind: 'setting', name, words });
    }
    return nodes;
  }

  private async include(words: readonly string[], from: ConfigFile, depth: number): Promise<ConfigNode[]> {
    const files = await includedFiles(words, from, this.environment);
    return Promise.all(
      files.map(async (file) => ({ kind: 'file' as const, nodes: await this.readFile(file, depth + 1) })),
    );
  }

  private problem(file: ConfigFile, what: string, cause?: unknown): HsmError<'host.refused'> {
    return new HsmError(
      'host.refused',
      `The SSH configuration ${file.path} cannot be used: ${what}.`,
      { host: this.host, hint: 'Correct that file, then connect again.' },
      { cause },
    );
  }
}

function wordsOf(line: Directive | Section): string[] {
  const { value } = line;
  return Array.isArray(value) ? value.map((each) => each.val) : [value];
}

function blockOf(line: Directive | Section): SSHConfig {
  return 'config' in line ? line.config : new SSHConfig();
}
