import type { HealthFinding, HealthReport } from '../compute/computeSource';

/** What a check found, each with how bad it is. */
export function findingsOf({ state, problems, findings }: HealthReport): readonly HealthFinding[] {
  if (findings) return findings;
  const severity = state === 'unhealthy' ? 'error' : 'warning';
  return problems.map((text) => ({ severity, text }));
}

/** The report of a check that found more. */
export function withFindings(report: HealthReport, more: readonly HealthFinding[]): HealthReport {
  if (more.length === 0) return report;
  const isFatal = report.state === 'unhealthy' || more.some(({ severity }) => severity === 'error');
  return {
    ...report,
    state: isFatal ? 'unhealthy' : 'degraded',
    problems: [...report.problems, ...more.map(({ text, fix = '' }) => `${text} ${fix}`.trim())],
    findings: [...findingsOf(report), ...more],
  };
}
