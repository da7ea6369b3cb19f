import { errorText, HsmError } from '../base/errors';
import type { HealthReport } from '../compute/computeSource';
import { findingsOf } from './healthFindings';
import type { Preflight, PreflightFinding, PreviewTask } from '../facade';
import { missingFrom, possiblePaths } from './neededFiles';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';

/** The user's copy on a source, out of step with the project. */
export interface CodeTrouble {
  readonly text: string;
  readonly fix?: string;
  /** Pushing first would do. */
  readonly canPush: boolean;
  /** Default: `error`, the start would be refused. */
  readonly severity?: 'warning';
}

/** What a start is about to use. */
export interface PreflightParts {
  readonly ports: Pick<ProjectPorts, 'hosts' | 'files' | 'path' | 'projectDir' | 'codeFiles'>;
  /** By name. */
  readonly sources: ReadonlyMap<string, SourceConfig>;
  readonly tasks: () => Iterable<PreviewTask>;
  /** Relative to the project; without it no task runs. */
  readonly script?: string;
  /** Patterns of files that never travel. */
  readonly exclude: readonly string[];
  readonly test: (source: string) => Promise<HealthReport | undefined>;
  /** How the user's copy on a source stands in the way of a start; undefined: it does not. */
  readonly compare: (source: string, signal: AbortSignal) => Promise<CodeTrouble | undefined>;
}

/**
 * What could go wrong with a sweep on other machines before it starts: reachable, healthy, with the code that it needs.
 * Nothing is said of sources on this machine. Hosts are connected to, which may ask the user.
 *
 * @returns findings by source, what keeps tasks from running first
 */
export async function preflight(parts: PreflightParts, signal: AbortSignal): Promise<Preflight> {
  const remote = [...parts.sources].filter(([, { type }]) => type !== 'local');
  const wanted = remote.length === 0 ? [] : await existingPaths(parts);
  const found = await Promise.all(
    remote.map(([source, config]) => checkSource(parts, source, config, wanted, signal)),
  );
  const findings = found.flat().sort((a, b) => rank(a) - rank(b));
  const unusable = new Set(findings.filter(preventsTasks).map(({ source }) => source));
  return { findings, usable: [...parts.sources.keys()].filter((source) => !unusable.has(source)) };
}

/** Code that is out of step is for the user to decide. */
function preventsTasks({ severity, subject }: PreflightFinding): boolean {
  return severity === 'error' && subject !== 'code';
}

function rank({ severity }: PreflightFinding): number {
  return severity === 'error' ? 0 : 1;
}

async function checkSource(
  parts: PreflightParts,
  source: string,
  config: SourceConfig,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  const host = 'host' in config ? config.host : undefined;
  try {
    if (host !== undefined) await parts.ports.hosts.connect(host, signal);
  } catch (error) {
    return [connectionFinding(source, host ?? '', error)];
  }
  const [health, code] = await Promise.all([
    parts.test(source),
    checkCode(parts, source, config, wanted, signal),
  ]);
  return [...healthFindings(source, health), ...code];
}

function connectionFinding(source: string, host: string, error: unknown): PreflightFinding {
  if (!HsmError.is(error, 'host.unreachable') && !HsmError.is(error, 'host.refused')) throw error;
  const { hint = `Try "ssh ${host}" in a terminal: when that works, this does too.` } = error.details;
  return {
    source,
    subject: 'connection',
    severity: 'error',
    text: errorText(error),
    fix: hint,
  };
}

function healthFindings(source: string, health: HealthReport | undefined): PreflightFinding[] {
  if (!health) return [];
  return findingsOf(health).map((finding) => ({ source, subject: 'health', ...finding }));
}

async function checkCode(
  parts: PreflightParts,
  source: string,
  config: SourceConfig,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  if ('code' in config && config.code === 'checkout') {
    const trouble = await parts.compare(source, signal);
    return trouble ? [{ source, subject: 'code', severity: 'error', ...trouble }] : [];
  }
  if (wanted.length === 0) return [];
  const files = await parts.ports.codeFiles(parts.exclude, signal);
  return missingFrom(files, wanted).map((path) => ({
    source,
    subject: 'files',
    severity: path === parts.script ? 'error' : 'warning',
    text: `${path} is here, and tasks name it, but it is not copied to ${source}.`,
    fix: 'Take it out of .gitignore or `sync.exclude`, or put it where the tasks find it there.',
  }));
}

/** What tasks name and is here, so that a copy without it would be found wanting. */
async function existingPaths({ ports, tasks }: PreflightParts): Promise<readonly string[]> {
  const paths = possiblePaths(tasks());
  const { join } = ports.path;
  const there = await Promise.all(paths.map((path) => ports.files.exists(join(ports.projectDir, path))));
  return paths.filter((_, index) => there[index]);
}
